/// The REST surface.
#pragma once

#include <sim/ext/routes.h>

namespace battery_sensor {

const sim_routes& routes_table() noexcept;

}  // namespace battery_sensor
