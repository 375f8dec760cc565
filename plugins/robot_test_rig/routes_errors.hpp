/// Errors in the shape of the original: FastAPI's.
#pragma once

#include <sim/ext/routes.h>
#include <sim/cpp/json.hpp>

namespace robot_test_rig {

/// Faults of the request are 422 with the list of them; everything else is one sentence.
void render_error(const sim_request& request, const sim_problem& problem, int& status, sim::Json& body);

}  // namespace robot_test_rig
