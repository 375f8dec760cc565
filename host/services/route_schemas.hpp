// The JSON Schemas of a plugin's routes, compiled before it goes into service: what requests are held against.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <host/base/json_schema.hpp>
#include <host/plugin/generation.hpp>

namespace simhost::services {

struct RouteSchemas {
  // As documents show them: {"$ref":"sim:<model>/<variable>"} stands resolved; null where the route has none.
  Value params, body;
  std::vector<Value> answers;  // in the order of sim_route::answers
  std::optional<JsonSchema> check_params, check_body;
  UnknownKeys unknown = UnknownKeys::as_declared;
};

// What a variable takes: type, range, enum, unit. From the descriptor alone.
Value schema_of(const plugin::Variable& variable);

// One per route of the generation, in its order. Error plugin_bad_descriptor with every fault, as /routes/3/body.
Result<std::vector<RouteSchemas>> compile_routes(const plugin::Generation& generation);

// The streams name a model and variables of this generation, and all their variants. Error as above, as
// /streams/0/vars.
Outcome check_streams(const plugin::Generation& generation);

}  // namespace simhost::services
