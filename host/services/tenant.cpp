// The contexts that are alive in this process; a host pointer counts only when its context is one of them.
#include <host/services/tenant.hpp>

#include <shared_mutex>
#include <unordered_map>

#include <host/services/services.hpp>

namespace simhost::services {

namespace {

struct Living {
  std::shared_mutex mutex;
  std::unordered_map<const void*, TenantPointer> tenants;
};

Living& living() {
  static auto* const one = new Living();
  return *one;
}

}  // namespace

std::shared_ptr<plugin::Generation> Tenant::hold() const {
  const std::lock_guard lock(mutex_);
  return held_.lock();
}

void Tenant::serve(const std::shared_ptr<plugin::Generation>& generation_pointer) {
  const std::lock_guard lock(mutex_);
  held_ = generation_pointer;
}

// Set and noted under one lock, which ring takes too: it cannot be over before it is noted.
void Tenant::delay(std::int64_t at_ns, std::function<void()> ring) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  const std::uint64_t number = next_delayed_++;
  delayed_[number] = services->alarm().set(at_ns, [this, number, ring = std::move(ring)] {
    {
      const std::lock_guard ring_lock(mutex_);
      delayed_.erase(number);
    }
    ring();
  });
}

void Tenant::drop_delayed() {
  std::map<std::uint64_t, Alarm::Id> delayed;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    delayed.swap(delayed_);
  }
  for (const auto& [number, id] : delayed) services->alarm().cancel(id);
}

bool Tenant::going() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

TenantPointer tenant_of(const sim_host* host) noexcept {
  if (host == nullptr || host->size < sizeof(sim_host) || host->context == nullptr) return nullptr;
  const std::shared_lock lock(living().mutex);
  const auto found = living().tenants.find(host->context);
  return found == living().tenants.end() ? nullptr : found->second;
}

void move_in(const void* context, TenantPointer tenant) {
  const std::lock_guard lock(living().mutex);
  living().tenants[context] = std::move(tenant);
}

void move_out(const void* context) noexcept {
  const std::lock_guard lock(living().mutex);
  living().tenants.erase(context);
}

std::vector<TenantPointer> tenants_of(const Services& services) {
  const std::shared_lock lock(living().mutex);
  std::vector<TenantPointer> found;
  for (const auto& [context, tenant] : living().tenants)
    if (tenant->services == &services) found.push_back(tenant);
  return found;
}

// What a handler that never returned still calls finds no host any more.
void move_out_all(const Services& services) noexcept {
  const std::lock_guard lock(living().mutex);
  std::erase_if(living().tenants, [&](const auto& pair) { return pair.second->services == &services; });
}

}  // namespace simhost::services
