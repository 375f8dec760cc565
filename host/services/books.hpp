// What the host keeps of a plugin across its generations: metrics, attachments and the budget of its log.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sim/ext/metrics.h>
#include <host/base/error.hpp>
#include <host/store/store.hpp>

// Immutable but for the value; never removed, so that a plugin may keep it.
struct sim_metric {
  std::string name, help;
  std::uint32_t kind = SIM_COUNTER;
  std::atomic<double> value{0};
};

namespace simhost::services {

class Metrics {
 public:
  // The metric of that name; null past the bound, for a faulty name or a name of another kind.
  sim_metric* get(std::uint32_t kind, std::string_view name, std::string_view help);
  [[nodiscard]] std::vector<const sim_metric*> list() const;  // in order of creation

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<sim_metric>> metrics_;
};

// Small values a plugin hangs on a session (by id), or on itself (""); bounded each and in all.
class Attachments {
 public:
  // In memory, or also as documents of a kind in a store; those it holds already are taken over.
  Attachments() = default;
  Attachments(store::Store* store, std::string kind);
  // An empty value removes. Errors: limit_reached, not_valid.
  Outcome put(std::string_view session, std::string_view key, std::string_view value);
  [[nodiscard]] std::optional<std::string> get(std::string_view session, std::string_view key) const;
  void drop(std::string_view session);
  [[nodiscard]] std::size_t bytes() const;

 private:
  using Values = std::map<std::string, std::string, std::less<>>;
  void load();
  void keep(std::string_view session, std::string_view key, std::string_view value) const;

  store::Store* store_ = nullptr;
  std::string kind_;
  mutable std::mutex mutex_;
  std::map<std::string, Values, std::less<>> by_session_;
  std::size_t bytes_ = 0;  // keys and values
};

// A token bucket of log lines; says how many were left out when it has room again.
class LogBudget {
 public:
  // Whether a line may be written now; left_out: lines not written since the last that was.
  bool take(std::int64_t now_ns, std::uint64_t& left_out);

 private:
  std::mutex mutex_;
  double lines_ = -1;  // -1: not used yet
  std::int64_t at_ns_ = 0;
  std::uint64_t left_out_ = 0;
};

struct Books {
  explicit Books(std::string id, store::Store* store = nullptr)
      : plugin(std::move(id)), attachments(store, "attachment/" + plugin) {}
  const std::string plugin;
  Metrics metrics;
  Attachments attachments;
  LogBudget log;
};

}  // namespace simhost::services
