// A generation as host functions know it when a plugin calls them, and how it is found from the sim_host it passes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <sim/plugin.h>
#include <host/plugin/generation.hpp>
#include <host/services/books.hpp>
#include <host/services/ear.hpp>
#include <host/services/workers.hpp>

namespace simhost::services {

class Services;

struct SettingValue {
  std::string key;
  std::uint32_t type = 0;  // SIM_REAL, SIM_INTEGER, SIM_BOOLEAN; 0: text
  std::uint32_t role = 0;  // SIM_ROLE_*
  double number = 0;
  std::string text;  // of numbers too
};
using SettingValues = std::vector<SettingValue>;

struct Tenant {
  std::string plugin;
  std::uint64_t generation = 0;
  Services* services = nullptr;
  std::shared_ptr<Books> books;
  LanePointer lane;
  SettingValues settings;
  std::atomic<std::size_t> jobs{0};  // posted and delayed ones that have not ended
  Ear ear;                           // of sim.rules

  // The generation while it is in service; null before it is opened and once it is going.
  [[nodiscard]] std::shared_ptr<plugin::Generation> hold() const;
  void serve(const std::shared_ptr<plugin::Generation>& generation_pointer);

  // An alarm that is taken back when the generation goes.
  void delay(std::int64_t at_ns, std::function<void()> ring);
  void drop_delayed();               // also: none is set any more
  [[nodiscard]] bool going() const;  // drop_delayed was called

 private:
  mutable std::mutex mutex_;
  std::weak_ptr<plugin::Generation> held_;
  std::map<std::uint64_t, Alarm::Id> delayed_;
  std::uint64_t next_delayed_ = 1;
  bool ended_ = false;
};
using TenantPointer = std::shared_ptr<Tenant>;

// [any] Null for a null host, one of another making, and one whose generation has ended.
[[nodiscard]] TenantPointer tenant_of(const sim_host* host) noexcept;

void move_in(const void* context, TenantPointer tenant);
void move_out(const void* context) noexcept;
void move_out_all(const Services& services) noexcept;
[[nodiscard]] std::vector<TenantPointer> tenants_of(const Services& services);

}  // namespace simhost::services
