// sim.log/1: lines of a plugin in the host's log, so many per second.
#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/base/utf8.hpp>
#include <host/services/alarm.hpp>
#include <host/services/answers.hpp>
#include <host/services/tables.hpp>
#include <host/services/tenant.hpp>

namespace simhost::services {

namespace {

LogLevel level_of(std::uint32_t severity) {
  switch (severity) {
    case SIM_LOG_DEBUG:
      return LogLevel::debug;
    case SIM_LOG_INFO:
      return LogLevel::info;
    case SIM_LOG_WARNING:
      return LogLevel::warning;
    default:
      return LogLevel::error;
  }
}

// What the log can take of a plugin's text: not too long, and UTF-8 with a ? for each byte that is none.
std::string readable(std::string_view text) {
  std::string out(text.substr(0, limits::plugin_log_bytes));
  for (std::size_t bad = first_bad_utf8(out); bad < out.size(); bad = first_bad_utf8(out)) out[bad] = '?';
  return out;
}

std::int32_t write(const sim_host* host, std::uint32_t severity, sim_text message) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || severity < SIM_LOG_DEBUG || severity > SIM_LOG_ERROR) return SIM_INVALID_ARG;
    if (message.data == nullptr && message.size > 0) return SIM_INVALID_ARG;
    const LogLevel level = level_of(severity);
    if (!logs(level)) return SIM_OK;
    std::uint64_t left_out = 0;
    if (!tenant->books->log.take(monotonic_now_ns(), left_out)) return SIM_BUSY;
    if (left_out > 0) log_warning("plugin", "lines were left out", {{"plugin", tenant->plugin}, {"lines", left_out}});
    log_line(level, "plugin", readable(view(message)), {{"plugin", tenant->plugin}});
    return SIM_OK;
  });
}

}  // namespace

const sim_log log_table{sizeof(sim_log), 0, write};

}  // namespace simhost::services
