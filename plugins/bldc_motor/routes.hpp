/// The table of the motor's REST routes.
#pragma once

#include <sim/ext/routes.h>

namespace bldc_motor {

const sim_routes& routes_table() noexcept;

}  // namespace bldc_motor
