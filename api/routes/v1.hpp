// The routes of the generic API, by resource; context outlives them.
#pragma once

#include <vector>

#include <api/http/route.hpp>
#include <api/routes/context.hpp>

namespace simhost::routes {

std::vector<http::Route> host_routes(const Context& context);  // /v1/host, health, metrics
std::vector<http::Route> plugin_admin_routes(const Context& context);
std::vector<http::Route> model_routes(const Context& context);
std::vector<http::Route> session_routes(const Context& context);
std::vector<http::Route> variable_routes(const Context& context);  // variables, commands, journal
std::vector<http::Route> checkpoint_routes(const Context& context);
std::vector<http::Route> recording_routes(const Context& context);
std::vector<http::Route> job_routes(const Context& context);
std::vector<http::Route> scenario_routes(const Context& context);
std::vector<http::Route> schedule_routes(const Context& context);
std::vector<http::Route> rule_routes(const Context& context);

// All of the above.
std::vector<http::Route> v1_routes(const Context& context);

}  // namespace simhost::routes
