/// The headings under which the variables of the motor are shown.
#pragma once

namespace bldc_motor::group {

inline constexpr const char *machine = "Machine", *plate = "Name plate", *limits = "Limits", *inverter = "Inverter",
                            *cascade = "Cascade control", *pid = "PID control", *heat = "Heat",
                            *set_points = "Set-points", *shaft = "Shaft", *electrical = "Electrical",
                            *memory = "Controller memory";

}  // namespace bldc_motor::group
