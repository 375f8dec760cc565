// The JSON Schemas of the generic API's resources and requests, as components of the OpenAPI document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <api/http/route.hpp>
#include <host/base/value.hpp>
#include <host/session/model.hpp>

namespace simhost::routes {

// {"Session": …, "Problem": …}: what "#/components/schemas/…" refers to.
const Value& component_schemas();

Value ref(std::string_view component);      // {"$ref":"#/components/schemas/<component>"}
Value list_of(std::string_view component);  // {"items":[…],"next":…}
Value schema(std::string_view json);        // of a literal; the text is ours, so it parses
// What a list takes: ?limit, ?after, and its filters, {"name":schema,...} in JSON.
Value page_params(std::string_view filters = "{}");

// An answer in JSON, and one without a body.
http::Answer answers_with(int status, Value schema, std::string description);
http::Answer answers_empty(int status, std::string description);

// The JSON Schema of POST /v1/sessions for one model.
Value session_schema(const session::Model& model, std::size_t host_lanes_max);

}  // namespace simhost::routes
