// sim.clock/1: the host's clocks.
#include <host/services/services.hpp>
#include <host/services/tables.hpp>
#include <host/services/tenant.hpp>

namespace simhost::services {

namespace {

const Clock& clock_of(const sim_host* host) noexcept {
  const auto tenant = tenant_of(host);
  return tenant == nullptr ? system_clock() : tenant->services->clock();
}

std::int64_t wall_ns(const sim_host* host) noexcept { return clock_of(host).wall_ns(); }
std::int64_t monotonic_ns(const sim_host* host) noexcept { return clock_of(host).monotonic_ns(); }

}  // namespace

const sim_clock clock_table{sizeof(sim_clock), 0, wall_ns, monotonic_ns};

}  // namespace simhost::services
