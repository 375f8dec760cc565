/// Errors in the shape of the original: FastAPI's, readable inside and beside "detail".
#pragma once

#include <sim/ext/routes.h>
#include <sim/cpp/json.hpp>

namespace bldc_motor {

/// Faults of shape are 422 with the list of fields, numbers out of range 400, unknown paths what FastAPI says of them.
void render_error(const sim_request& request, const sim_problem& problem, int& status, sim::Json& body);

}  // namespace bldc_motor
