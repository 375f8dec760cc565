/// Errors in the shape of the original: FastAPI's.
#pragma once

#include <sim/ext/routes.h>
#include <sim/cpp/json.hpp>

namespace battery_sensor {

/// Faults of shape are 422 with the list of fields, all else has its reason as the text "detail".
void render_error(const sim_request& request, const sim_problem& problem, int& status, sim::Json& body);

}  // namespace battery_sensor
