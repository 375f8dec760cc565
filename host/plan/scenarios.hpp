// The scenarios of the host: kept, changed, started on sessions. [any]
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/ids.hpp>
#include <host/base/limits.hpp>
#include <host/plan/scenario.hpp>
#include <host/session/registry.hpp>
#include <host/store/store.hpp>

namespace simhost::plan {

class Scenarios {
 public:
  Scenarios(session::Registry& registry, store::Store& store, const Clock& clock,
            std::size_t scenarios_max = limits::scenarios);

  // Brings back what the store has; before any request.
  Outcome load();

  Result<Scenario> create(const Value& body);
  // Both fail with in_use while a session runs it.
  Result<Scenario> replace(std::string_view id_or_name, const Value& body);
  Outcome remove(std::string_view id_or_name);
  [[nodiscard]] std::optional<Scenario> find(std::string_view id_or_name) const;
  [[nodiscard]] std::vector<Scenario> list() const;  // by creation

  // body: {"scenario":"…","lanes"?}
  void start(session::SessionPointer session, const Value& body, session::Done<session::Run> done);

 private:
  [[nodiscard]] std::vector<Scenario>::iterator at(std::string_view id_or_name);
  Outcome check_name(const std::string& name, std::string_view own_id) const;
  Outcome check_free(const Scenario& scenario) const;  // not running anywhere
  Result<session::RunRequest> request_of(const session::Session& session, const Value& body, std::string& id);

  session::Registry& registry_;
  store::Store& store_;
  const Clock& clock_;
  const std::size_t scenarios_max_;
  IdMaker ids_;
  mutable std::mutex mutex_;
  std::vector<Scenario> scenarios_;  // by creation
  // Ids on their way into a session; whoever is on its way may outlive the list.
  struct Starting {
    std::mutex mutex;
    std::multiset<std::string> ids;
  };
  std::shared_ptr<Starting> starting_ = std::make_shared<Starting>();
};

}  // namespace simhost::plan
