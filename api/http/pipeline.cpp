// The order of a listener's rules, and the finishing of every answer.
#include <api/http/pipeline.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include <api/http/etag.hpp>
#include <api/http/upgrade.hpp>
#include <api/http/url.hpp>
#include <host/base/codes.hpp>

namespace simhost::http {
namespace {

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= limits::request_id_bytes && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
  });
}

bool announces_body(const Request& request) {
  if (request.header("transfer-encoding") != nullptr) return true;
  const std::string* length = request.header("content-length");
  return length != nullptr && length->find_first_not_of('0') != std::string::npos;
}

std::vector<std::string> given_types(const RouteInfo& info) {
  std::vector<std::string> types;
  for (const Answer& answer : info.answers) {
    if (answer.status < 400) types.push_back(answer.media_type);
  }
  return types;
}

Error limited(int wait_s, std::string detail) {
  Error error{"rate_limited", std::move(detail)};
  error.retry_after_s = wait_s;
  return error;
}

// A WebSocket handshake that Beast would accept is still checked here, so that the refusal has our shape.
Outcome check_handshake(const Request& request) {
  const std::string* version = request.header("sec-websocket-version");
  if (version == nullptr || *version != "13") {
    return fail(Error{"invalid_request", "Sec-WebSocket-Version must be 13", {}, 426});
  }
  const std::string* key = request.header("sec-websocket-key");
  const bool readable =
      key != nullptr && key->size() == 24 && key->ends_with("==") &&
      std::all_of(key->begin(), key->end() - 2, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
      });
  if (!readable) return fail("invalid_header", "Sec-WebSocket-Key must be 16 bytes in base64");
  return {};
}

}  // namespace

Pipeline::Pipeline(Policy policy, std::shared_ptr<const Router> router)
    : policy_(std::move(policy)),
      router_(std::move(router)),
      remote_rate_(policy_.rate),
      loopback_rate_(policy_.loopback_rate),
      failed_logins_(policy_.failed_logins) {}

void Pipeline::name(Request& request) {
  const std::string* id = request.header("x-request-id");
  request.request_id = id != nullptr && is_request_id(*id) ? *id : ids_.next();
}

Outcome Pipeline::identify(Request& request) {
  name(request);
  auto query = parse_query(split_target(request.target).query);
  if (!query) return fail(std::move(query.error()));
  request.query = std::move(*query);
  return {};
}

Outcome Pipeline::check_caller(Request& request) {
  const Instant now = std::chrono::steady_clock::now();
  RateLimiter& requests = is_loopback_address(request.remote) ? loopback_rate_ : remote_rate_;
  if (const int wait_s = requests.take(request.remote, now); wait_s > 0) {
    return fail(limited(wait_s, "more requests from this address than the limit allows"));
  }
  if (!policy_.token || is_preflight(request)) return {};
  auto token = bearer_token(request);
  if (token && !*token) return {};
  if (const int wait_s = failed_logins_.peek(request.remote, now); wait_s > 0) {
    return fail(limited(wait_s, "too many failed logins from this address"));
  }
  const auto identity = token ? policy_.token(**token) : std::nullopt;
  if (!identity) {
    failed_logins_.take(request.remote, now);
    return token ? fail("unauthorized", "the token is not valid") : fail(std::move(token.error()));
  }
  request.identity = *identity;
  return {};
}

Admission Pipeline::admit(Request& request) {
  Admission admission;
  admission.body_max = policy_.body_bytes;
  admission.deadline = policy_.deadline;
  const Outcome checked = identify(request)
                              .and_then([&] { return check_host(request, policy_.hosts); })
                              .and_then([&] { return check_origin(request, policy_.cors.origins); })
                              .and_then([&] { return check_caller(request); });
  if (!checked) {
    admission.refusal = refuse(request, checked.error());
  } else {
    admission.refusal = find_route(request, admission);
  }
  return admission;
}

Response Pipeline::answer_options(const Request& request, const std::vector<std::string>& methods) const {
  if (is_preflight(request)) return preflight(request, policy_.cors, methods);
  Response response;
  response.status = 204;
  response.set_header("Allow", joined(methods));
  return response;
}

std::optional<Response> Pipeline::find_route(Request& request, Admission& admission) {
  if (request.path == "*") return finish(request, nullptr, answer_options(request, {"OPTIONS"}));
  const auto table = router_->table();
  const bool websocket = asks_for_websocket(request);
  if (is_preflight(request)) {
    const auto methods = table->methods(request.path);
    if (!methods.empty() || !policy_.cors.methods.empty()) {
      return finish(request, nullptr, answer_options(request, methods));
    }
  }
  Match match = table->match(websocket ? Kind::websocket : Kind::request, request.method, request.path);
  if (match.route == nullptr) {
    const bool closed = policy_.remote == Anonymous::refuse && !is_loopback_address(request.remote);
    if (closed && request.identity == Identity::anonymous) {
      return refuse(request, Error{"unauthorized", "this address needs a token"});
    }
    if (match.allowed.empty() || websocket) return refuse(request, Error{"not_found", "nothing is at " + request.path});
    if (request.method == "OPTIONS") return finish(request, nullptr, answer_options(request, match.allowed));
    Response response = answer_error(Error{"method_not_allowed", request.method + " is not one of the path's methods"});
    if (request.method == "GET" && table->has_websocket(request.path)) {
      response = answer_error(Error{"invalid_request", "this path takes WebSocket upgrades", {}, 426});
      response.set_header("Upgrade", "websocket");
    }
    response.set_header("Allow", joined(match.allowed));
    return finish(request, nullptr, std::move(response));
  }
  const Route& route = *match.route;
  request.params = std::move(match.params);
  request.mount = route.info.mount;
  if (auto checked = check_route(request, route); !checked) return refuse_at(request, &route, checked.error());
  admission.purpose = websocket ? Purpose::websocket : Purpose::request;
  admission.held = table;
  admission.route = &route;
  if (route.info.max_body > 0) admission.body_max = route.info.max_body;
  if (!route.info.files.folder.empty() && sends_one_of(request, route.info.consumes)) {
    admission.body_max = route.info.files.max_bytes;
    admission.body_folder = route.info.files.folder;
  }
  if (route.info.deadline.count() > 0) admission.deadline = route.info.deadline;
  return std::nullopt;
}

Outcome Pipeline::check_route(const Request& request, const Route& route) const {
  const RouteInfo& info = route.info;
  const Anonymous anonymous = is_loopback_address(request.remote) ? policy_.local : policy_.remote;
  const bool open = info.access == Access::open || (info.access == Access::operate && anonymous == Anonymous::operate);
  if (request.identity == Identity::anonymous && !open)
    return fail("unauthorized", "this needs the administrator's token");
  if (route.kind() == Kind::websocket) return check_handshake(request);
  const std::vector<std::string> types = given_types(info);
  const bool gives_json = types.empty() || std::find(types.begin(), types.end(), json_type) != types.end();
  if (policy_.negotiation == Negotiation::strict && gives_json && !accepts_any(request, types)) {
    if (auto format = negotiate(request); !format) return fail(std::move(format.error()));
  } else if (policy_.negotiation == Negotiation::strict && !gives_json && !accepts_any(request, types)) {
    return fail("not_acceptable", "this path gives " + joined(types));
  }
  if (announces_body(request))
    return is_mutation(request.method) ? check_body_headers(request, info.consumes) : Outcome{};
  if (info.takes_body == Body::required)
    return fail("body_missing", request.method + " " + route.path + " needs a body");
  return {};
}

void Pipeline::handle(std::shared_ptr<Request> request, const Admission& admission, Reply reply) {
  const auto* route = static_cast<const Route*>(admission.route);
  Reply finished = [this, request, route, held = admission.held, reply = std::move(reply)](Response response) {
    reply(finish(*request, route, std::move(response)));
  };
  if (is_mutation(request->method)) {
    // What deletes may be what makes room.
    const bool refusable = policy_.can_commit && request->method != "DELETE";
    if (auto can = refusable ? policy_.can_commit() : Outcome{}; !can)
      return finished(answer_error(std::move(can.error())));
    if (policy_.committed) finished = [this, finished](Response response) { hold_back(finished, std::move(response)); };
  }
  if (auto first = once(*request, std::move(finished))) run(request, *route, *first);
}

// The reply of a first request, which keeps its answer; nothing when the answer is given here.
std::optional<Reply> Pipeline::once(const Request& request, Reply reply) const {
  auto key = idempotency_key(request);
  if (!key) {
    reply(answer_error(std::move(key.error())));
    return std::nullopt;
  }
  if (!*key || !policy_.keys) return reply;
  const std::string_view caller = request.identity == Identity::administrator ? "administrator" : "operator";
  const std::string scope = policy_.name + ' ' + std::string(caller) + ' ' + request.path + ' ' + **key;
  auto begun = policy_.keys->begin(scope, request_print(request));
  if (!begun) {
    reply(answer_error(std::move(begun.error())));
    return std::nullopt;
  }
  if (auto* kept = std::get_if<Response>(&*begun)) {
    kept->set_header("Idempotency-Replayed", "true");
    reply(std::move(*kept));
    return std::nullopt;
  }
  return [turn = std::get<0>(std::move(*begun)), reply = std::move(reply)](Response response) {
    turn->finish(response);
    reply(std::move(response));
  };
}

// The one place where a good answer to a mutation waits for the disk. An error promises nothing and goes at once.
void Pipeline::hold_back(const Reply& reply, Response response) const {
  if (response.error || response.status >= 400) return reply(std::move(response));
  policy_.committed([reply, response = std::move(response)](Outcome outcome) mutable {
    reply(outcome ? std::move(response) : answer_error(std::move(outcome.error())));
  });
}

void Pipeline::run(const std::shared_ptr<Request>& request, const Route& route, const Reply& reply) const {
  try {
    const bool reads = is_mutation(request->method);
    if (auto read = reads ? read_body(*request, route.info.consumes) : Outcome{}; !read) {
      return reply(answer_error(std::move(read.error())));
    }
    if (route.info.takes_body == Body::required && request->raw_body.empty() && request->file == nullptr) {
      return reply(answer_error(Error{"body_missing", request->method + " " + route.path + " needs a body"}));
    }
    route.handler(*request, reply);
  } catch (const std::exception& exception) {
    reply(answer_error(Error{"internal", std::string("a handler failed: ") + exception.what()}));
  }
}

void Pipeline::upgrade(std::shared_ptr<Request> request, const Admission& admission, UpgradeReply reply) {
  const auto* route = static_cast<const Route*>(admission.route);
  UpgradeReply finished = [this, request, route, held = admission.held, reply = std::move(reply)](Upgrade upgrade) {
    if (auto* response = std::get_if<Response>(&upgrade)) upgrade = finish(*request, route, std::move(*response));
    reply(std::move(upgrade));
  };
  try {
    route->upgrade(*request, finished);
  } catch (const std::exception& exception) {
    finished(answer_error(Error{"internal", std::string("a handler failed: ") + exception.what()}));
  }
}

Response Pipeline::refuse(Request& request, const Error& error) {
  if (request.request_id.empty()) name(request);
  return refuse_at(request, nullptr, error);
}

Response Pipeline::refuse_at(const Request& request, const Route* route, const Error& error) const {
  Response response = answer_error(error);
  if (status_of(error) == 426) response.set_header("Sec-WebSocket-Version", "13");
  return finish(request, route, std::move(response));
}

Response Pipeline::finish(const Request& request, const Route* route, Response response) const {
  if (response.error) {
    Response shaped = render_error(*response.error, request, policy_.render_error);
    for (auto& [name, value] : response.headers) shaped.set_header(name, std::move(value));
    response = std::move(shaped);
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const std::string* etag = reads && response.status == 200 ? response.header("ETag") : nullptr;
  if (etag != nullptr && is_known(request, *etag)) {
    response.status = 304;
    response.body = std::monostate{};
  }
  const auto format = policy_.negotiation == Negotiation::strict && response.status < 400
                          ? negotiate(request).value_or(Format::json)
                          : Format::json;
  encode_body(response, format);
  response.headers.reserve(response.headers.size() + 6);
  if (!request.request_id.empty()) response.headers.emplace_back("X-Request-Id", request.request_id);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (response.header("Cache-Control") == nullptr) response.headers.emplace_back("Cache-Control", "no-store");
  if (response.header("Cross-Origin-Resource-Policy") == nullptr) {
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  }
  if (policy_.negotiation == Negotiation::strict && response.header("Vary") == nullptr) {
    response.headers.emplace_back("Vary", "Accept");
  }
  add_cors(request, policy_.cors, response);
  if (policy_.observe) policy_.observe(request, route, response.status);
  return response;
}

}  // namespace simhost::http
