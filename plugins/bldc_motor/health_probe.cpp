/// Reads /proc; what cannot be read counts as 0.
#include "health_probe.hpp"

#include <atomic>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace bldc_motor {
namespace {

/// Jiffies of all CPUs since the machine started, low halves: differences are what counts.
struct CpuTime {
  std::uint32_t busy = 0, all = 0;
};
std::atomic<std::uint64_t> last_cpu_time{0};  ///< packed, so that handlers on several threads agree

CpuTime read_cpu_time() {
  std::ifstream file("/proc/stat");
  std::string label;
  std::uint64_t all = 0, idle = 0;
  file >> label;
  for (int field = 0; field < 8; ++field) {
    std::uint64_t value = 0;
    if (!(file >> value)) break;
    all += value;
    if (field == 3 || field == 4) idle += value;  // idle, iowait
  }
  return {static_cast<std::uint32_t>(all - idle), static_cast<std::uint32_t>(all)};
}

std::uint64_t packed(CpuTime time) noexcept { return std::uint64_t{time.busy} << 32 | time.all; }

double cpu_percent_since_last() {
  const CpuTime now = read_cpu_time();
  const std::uint64_t last = last_cpu_time.exchange(packed(now));
  const std::uint32_t busy = now.busy - static_cast<std::uint32_t>(last >> 32);
  const std::uint32_t all = now.all - static_cast<std::uint32_t>(last);
  return all == 0 || busy > all ? 0 : 100.0 * busy / all;
}

double percent_of(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t memory_kb(const std::string& text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string::npos) return 0;
  const std::size_t digit = text.find_first_of("0123456789", at);
  std::uint64_t value = 0;
  if (digit != std::string::npos) std::from_chars(text.data() + digit, text.data() + text.size(), value);
  return value;
}

std::string whole_file(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

void begin_probe() noexcept {
  try {
    last_cpu_time = packed(read_cpu_time());
  } catch (...) {
    last_cpu_time = 0;
  }
}

MachineHealth probe_machine() {
  MachineHealth health;
  health.cpu_percent = cpu_percent_since_last();
  const std::string memory = whole_file("/proc/meminfo");
  const std::uint64_t total_kb = memory_kb(memory, "MemTotal:"), free_kb = memory_kb(memory, "MemAvailable:");
  health.memory_total_bytes = total_kb * 1024;
  health.memory_used_bytes = total_kb > free_kb ? (total_kb - free_kb) * 1024 : 0;
  health.memory_percent = percent_of(health.memory_used_bytes, health.memory_total_bytes);
  std::error_code failed;
  const auto disk = std::filesystem::space("/", failed);
  // Of what there is for programs: what the file system keeps for itself counts on neither side.
  const std::uint64_t disk_used = failed ? 0 : disk.capacity - disk.free;
  health.disk_percent = percent_of(disk_used, failed ? 0 : disk_used + disk.available);
  return health;
}

double process_uptime_s() {
  constexpr int start_time = 20;  // fields after the name, which may hold anything but ends at the last parenthesis
  constexpr double ticks_per_s = 100;  // what Linux tells programs, whatever the kernel's own is
  const std::string stat = whole_file("/proc/self/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int i = 0; i < start_time && fields >> field; ++i) {
  }
  double started_ticks = 0, machine_uptime_s = 0;
  std::from_chars(field.data(), field.data() + field.size(), started_ticks);
  const std::string uptime = first_line("/proc/uptime");
  std::from_chars(uptime.data(), uptime.data() + uptime.size(), machine_uptime_s);
  const double age_s = machine_uptime_s - started_ticks / ticks_per_s;
  return age_s > 0 ? std::round(age_s * 100) / 100 : 0;
}

std::int64_t process_id() {
  std::error_code failed;
  const std::string name = std::filesystem::read_symlink("/proc/self", failed).string();
  std::int64_t id = 0;
  std::from_chars(name.data(), name.data() + name.size(), id);
  return id;
}

std::string platform_name() {
  return first_line("/proc/sys/kernel/ostype") + "-" + first_line("/proc/sys/kernel/osrelease");
}

}  // namespace bldc_motor
