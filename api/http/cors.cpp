// Access-Control headers.
#include <api/http/cors.hpp>

#include <algorithm>

#include <api/http/access.hpp>
#include <api/http/url.hpp>

namespace simhost::http {
namespace {

constexpr const char* request_headers =
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Range, X-Request-Id";
constexpr const char* readable_headers =
    "Accept-Ranges, Allow, Content-Range, ETag, Location, Retry-After, WWW-Authenticate, X-Request-Id";
constexpr const char* preflight_age_s = "600";

// What Access-Control-Allow-Headers says: our own list, or with credentials what was asked for, if well formed.
std::string allowed_headers(const Request& request, const CorsPolicy& policy) {
  const std::string* asked = request.header("access-control-request-headers");
  if (policy.credentials == Credentials::omit || asked == nullptr) return request_headers;
  const auto names = list_members(*asked);
  const bool readable = !names.empty() && std::all_of(names.begin(), names.end(), is_token);
  return readable ? *asked : request_headers;
}

void add_origin(const Request& request, const CorsPolicy& policy, Response& response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", *request.header("origin"));
  if (policy.credentials == Credentials::include) {
    response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  }
}

}  // namespace

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

bool is_preflight(const Request& request) {
  return request.method == "OPTIONS" && request.header("origin") != nullptr &&
         request.header("access-control-request-method") != nullptr;
}

Response preflight(const Request& request, const CorsPolicy& policy, const std::vector<std::string>& methods) {
  Response response;
  response.status = 204;
  add_origin(request, policy, response);
  response.headers.emplace_back("Access-Control-Allow-Methods",
                                policy.methods.empty() ? joined(methods) : policy.methods);
  response.headers.emplace_back("Access-Control-Allow-Headers", allowed_headers(request, policy));
  response.headers.emplace_back("Access-Control-Max-Age", preflight_age_s);
  response.headers.emplace_back("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  return response;
}

void add_cors(const Request& request, const CorsPolicy& policy, Response& response) {
  if (response.header("Access-Control-Allow-Origin") != nullptr) return;
  const std::string* vary = response.header("Vary");
  if (vary == nullptr) {
    response.headers.emplace_back("Vary", "Origin");
  } else if (!list_holds(*vary, "origin")) {
    response.set_header("Vary", *vary + ", Origin");
  }
  if (request.header("origin") == nullptr || !check_origin(request, policy.origins)) return;
  add_origin(request, policy, response);
  response.headers.emplace_back("Access-Control-Expose-Headers", readable_headers);
}

}  // namespace simhost::http
