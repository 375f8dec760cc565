// Alerts to a plugin's listener.
#include <host/services/ear.hpp>

#include <algorithm>

#include <host/base/limits.hpp>
#include <host/services/answers.hpp>
#include <host/services/services.hpp>
#include <host/services/tables.hpp>
#include <host/services/tenant.hpp>

namespace simhost::services {

namespace {

constexpr std::size_t waiting_max = 1024;
constexpr std::size_t at_once = 64;  // then others have their turn
constexpr std::int64_t deadline_ns = std::int64_t{limits::route_deadline_default_ms} * 1'000'000;

}  // namespace

void Ear::tell(const TenantPointer& tenant, std::uint64_t session, std::shared_ptr<const Value> alert) {
  if (heard_.load() == nullptr || tenant->going()) return;
  {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(session, std::move(alert));
    if (waiting_.size() > waiting_max) waiting_.pop_front();
    if (std::exchange(submitted_, true)) return;
  }
  submit(tenant);
}

// Where the lane is full, the next alert tries again.
void Ear::submit(const TenantPointer& tenant) {
  const auto rest = [tenant] {
    const std::lock_guard lock(tenant->ear.mutex_);
    tenant->ear.submitted_ = false;
  };
  Task task;
  task.deadline_ns = monotonic_now_ns() + deadline_ns;
  task.run = [tenant] { tenant->ear.hand_over(tenant); };
  task.drop = [rest](const Error&) { rest(); };
  if (!tenant->services->workers().submit(tenant->lane, std::move(task))) rest();
}

void Ear::hand_over(const TenantPointer& tenant) {
  const auto generation = tenant->hold();
  const auto heard = heard_.load();
  for (const auto& [session, alert] : take_some()) {
    if (generation == nullptr || heard == nullptr) continue;
    static_cast<void>(guarded([&]() -> sim_status {
      heard(generation->host(), session, as_plugin_value(*alert));
      return SIM_OK;
    }));
  }
  {
    const std::lock_guard lock(mutex_);
    submitted_ = !waiting_.empty();
    if (!submitted_) return;
  }
  submit(tenant);
}

std::vector<Ear::News> Ear::take_some() {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), at_once));
  std::vector<News> some(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return some;
}

}  // namespace simhost::services
