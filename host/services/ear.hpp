// What a plugin is told of unasked: the alerts of its rules, in order, a few at a time between its other calls.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <sim/ext/values.h>
#include <host/base/value.hpp>

namespace simhost::services {

struct Tenant;
using TenantPointer = std::shared_ptr<Tenant>;

// [any]
class Ear {
 public:
  using Heard = void (*)(const sim_host* host, std::uint64_t session, const sim_value* alert);
  void listen(Heard heard) noexcept { heard_.store(heard); }  // null: no more

  // At most one task waits in the tenant's lane. A listener that cannot keep up loses the oldest, which it finds on the
  // list of alerts.
  void tell(const TenantPointer& tenant, std::uint64_t session, std::shared_ptr<const Value> alert);

 private:
  using News = std::pair<std::uint64_t, std::shared_ptr<const Value>>;
  void submit(const TenantPointer& tenant);
  void hand_over(const TenantPointer& tenant);
  [[nodiscard]] std::vector<News> take_some();

  std::atomic<Heard> heard_{nullptr};
  std::mutex mutex_;
  std::deque<News> waiting_;
  bool submitted_ = false;
};

}  // namespace simhost::services
