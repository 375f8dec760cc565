// The JSON Schemas of scenarios, schedules and rules.
#pragma once

#include <string_view>

namespace simhost::routes {

// Members of the OpenAPI components, as a JSON object.
std::string_view plan_components() noexcept;

}  // namespace simhost::routes
