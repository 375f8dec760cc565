// The rules of the host and their alerts: kept, shown, and judged at every tick of the sessions they are about.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <host/base/ids.hpp>
#include <host/base/limits.hpp>
#include <host/rules/alert.hpp>
#include <host/rules/judge.hpp>
#include <host/store/store.hpp>
#include <host/telemetry/pump.hpp>

namespace simhost::rules {

// An alert that was raised or cleared, with whose rule it is of.
struct Heard {
  telemetry::Notice alert;    // its owner: a plugin, or empty
  std::uint64_t session = 0;  // its handle; 0: it is deleted
};

// Some alerts, oldest first.
struct AlertsWanted {
  std::string session;  // by id; empty: of all
  std::string after;    // later than this alert; empty: from the first one kept
  std::size_t limit = limits::alerts;
};

// [any]. Every tick of a session is judged by the rules there are when it is made; a rule made later is judged from the
// tick on at which it meets the session. Free and manual sessions wait for the judge, those of real time do not.
class Rules {
 public:
  // Made before any session.
  Rules(session::Registry& registry, telemetry::Pump& pump, store::Store& store, const Clock& clock,
        std::size_t rules_max = limits::rules);
  ~Rules();

  // Brings back what the store has; before any session.
  Outcome load();

  // owner: the plugin whose rule it is, or empty. Rules of a plugin are changed by it alone (in_use).
  Result<Rule> create(const Value& body, std::string_view owner);
  Result<Rule> replace(std::string_view id_or_name, const Value& body, std::string_view owner);
  Outcome remove(std::string_view id_or_name, std::string_view owner);
  [[nodiscard]] std::optional<Rule> find(std::string_view id_or_name) const;
  [[nodiscard]] std::vector<Rule> list() const;  // by creation

  [[nodiscard]] std::vector<Alert> alerts() const;  // by creation
  [[nodiscard]] std::optional<Alert> find_alert(std::string_view id) const;

  // Those of the rules of a plugin.
  [[nodiscard]] std::vector<Alert> alerts_of(std::string_view owner, const AlertsWanted& wanted) const;
  // Who hears of each alert that is raised or cleared, after the event; one at most, an empty one ends it (and waits
  // for a call that is under way). Called on any thread, must not block.
  void on_alert(std::function<void(const Heard&)> listener);

  // Raised so far and standing now, by model and severity.
  struct Count {
    std::string model;
    Severity severity;
    std::uint64_t raised = 0, active = 0;
  };
  [[nodiscard]] std::vector<Count> counts() const;

 private:
  class Cursor;
  // What the pump and the registry keep of it: nobody is behind it once the rules are gone.
  struct Door {
    std::mutex mutex;
    Rules* rules = nullptr;
  };
  // What is said once the lock is free.
  struct News {
    session::Event event;
    std::string owner;
  };
  struct Watch {
    std::shared_ptr<Judge> judge;  // the cursor's, on the pump's thread
    const telemetry::Cursor* cursor = nullptr;
    bool changing = false;  // the cursor is on its way out; another one follows
  };
  using AlertKey = std::tuple<std::string, std::string, std::uint32_t>;  // rule, session, lane
  using Events = std::vector<News>;

  void heard(const session::Event& event);
  // Gives a session the judge it should have now.
  void refresh(const session::SessionPointer& session);
  void refresh_for(const Rule& rule);
  void attach(const session::SessionPointer& session, RuleStates states);
  // What is to be told of them.
  std::vector<telemetry::Notice> take(const session::Session& session, const std::vector<Finding>& findings);
  // A session that waited for its judge goes on.
  void let_go(const session::SessionPointer& session);
  std::vector<telemetry::Notice> publish(Events events);
  // With the lock held:
  [[nodiscard]] std::vector<RulePointer>::iterator at(std::string_view id_or_name);
  [[nodiscard]] Outcome check_name(const std::string& name, std::string_view own_id) const;
  [[nodiscard]] std::vector<RulePointer> rules_for(const session::Session& session) const;
  void seed(const session::Session& session, const std::vector<RulePointer>& rules, RuleStates& states) const;
  void raise(const session::Session& session, const Finding& finding, Events& events);
  void clear(const AlertKey& key, std::uint64_t tick, Events& events);
  void clear_all(std::string_view rule, std::string_view session, Events& events);  // empty: any
  void keep(Alert alert);
  [[nodiscard]] Alert* alert_at(std::string_view id);

  session::Registry& registry_;
  telemetry::Pump& pump_;
  store::Store& store_;
  const Clock& clock_;
  const std::size_t rules_max_;
  IdMaker ids_;
  std::shared_ptr<Door> door_ = std::make_shared<Door>();
  mutable std::mutex mutex_;
  std::vector<RulePointer> rules_;  // by creation
  std::deque<Alert> alerts_;        // by creation, so by id
  std::map<AlertKey, std::string> active_;
  std::map<std::pair<std::string, Severity>, Count> counts_;
  std::map<std::string, Watch> watches_;  // by session
  std::set<std::string> waiting_;         // sessions held at their first tick until they are judged
  std::mutex listener_mutex_;
  std::function<void(const Heard&)> listener_;
};

}  // namespace simhost::rules
