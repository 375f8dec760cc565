/// The groups under which forms and tables list the variables.
#pragma once

namespace battery_sensor::group {

inline constexpr const char *jar = "Jar", *electrical = "Electrical", *charger = "Charger", *heat = "Heat",
                            *ageing = "Ageing", *failures = "Sudden failures", *meter = "Meter", *scenario = "Scenario",
                            *memory = "Memory";

}  // namespace battery_sensor::group
