// The OpenAPI 3.1 document of a route table: generated, so that it cannot drift from what is served.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <api/http/route.hpp>
#include <host/base/value.hpp>

namespace simhost::routes {

struct Title {
  std::string title, version, description;
};

// WebSocket routes are left out: asyncapi.json has them.
Value openapi(const std::vector<http::Route>& routes, const Title& title);

// /openapi.json, /docs (a page that shows it) and /docs/errors. document is asked at each request.
std::vector<http::Route> document_routes(std::function<Value()> document, std::function<Value()> asyncapi);

}  // namespace simhost::routes
