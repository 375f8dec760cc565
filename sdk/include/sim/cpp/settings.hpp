/// Rows of a plugin's table of settings.
#pragma once

#include <sim/ext/config.h>

#include <cstdint>

namespace sim::inline sdk_v1_0 {

inline constexpr std::uint32_t text_setting = 0;

/// type: SIM_REAL, SIM_INTEGER, SIM_BOOLEAN or text_setting; min and max are of numbers. role: SIM_ROLE_*.
constexpr sim_setting setting(const char* key, const char* environment, std::uint32_t type, const char* fallback,
                              double min, double max, const char* description,
                              std::uint32_t role = SIM_ROLE_NONE) noexcept {
  return {sizeof(sim_setting), type, role, 0, key, environment, description, fallback, min, max};
}

}  // namespace sim::inline sdk_v1_0
