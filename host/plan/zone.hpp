// Time zones by their IANA names, from the system's tables, with the rules of summer time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <host/base/error.hpp>
#include <host/plan/cron.hpp>

namespace simhost::plan {

// Whether there is such a zone; the error names the nearest one.
Outcome check_zone(const std::string& name);

// The first time after after_ns (since 1970 UTC) that cron means in the zone. A local time that is skipped when clocks
// go forward does not come, one that is doubled when they go back comes once, the first time.
std::optional<std::int64_t> next_time(const Cron& cron, const std::string& zone, std::int64_t after_ns);

}  // namespace simhost::plan
