// The host's half of every extension: one C table each, one file each.
#pragma once

#include <string_view>

#include <sim/ext/clock.h>
#include <sim/ext/config.h>
#include <sim/ext/jobs.h>
#include <sim/ext/log.h>
#include <sim/ext/metrics.h>
#include <sim/ext/recordings.h>
#include <sim/ext/rules.h>
#include <sim/ext/sessions.h>
#include <sim/ext/streams.h>
#include <sim/ext/values.h>

namespace simhost {
class Value;
}

namespace simhost::services {

extern const sim_values values_table;
extern const sim_log log_table;
extern const sim_metrics metrics_table;
extern const sim_config config_table;
extern const sim_clock clock_table;
extern const sim_jobs jobs_table;
extern const sim_sessions sessions_table;
extern const sim_stream_clients streams_table;
extern const sim_rules rules_table;
extern const sim_recordings recordings_table;

// The table of that id, or null.
[[nodiscard]] const void* table_of(std::string_view id) noexcept;

// A value as a plugin is handed it, and back.
[[nodiscard]] const sim_value* as_plugin_value(const Value& value) noexcept;

}  // namespace simhost::services
