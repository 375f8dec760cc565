/// How the machine and this process are: read from the kernel's tables, without waiting.
#pragma once

#include <cstdint>
#include <string>

namespace bldc_motor {

struct MachineHealth {
  double cpu_percent = 0;  ///< of all CPUs, since the reading before; the first reading counts from init
  std::uint64_t memory_used_bytes = 0, memory_total_bytes = 0;
  double memory_percent = 0, disk_percent = 0;
};

void begin_probe() noexcept;  ///< at init
MachineHealth probe_machine();
double process_uptime_s();
std::int64_t process_id();
std::string platform_name();

}  // namespace bldc_motor
