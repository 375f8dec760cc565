/// A plugin's REST and WebSocket surface in C++: views of requests, replies and frames, and makers of the C tables.
///
/// ```cpp
/// static void get_status(sim::Request& request, sim::Reply& reply) {
///   reply.json([&](sim::Json& json) { json.object().member("id", request.param("session_id")).end(); });
/// }
/// static constexpr sim_answer answers[] = {sim::answer(200, R"({"type":"object"})", "the status")};
/// static constexpr sim_route list[] = {sim::route<&get_status>({.method = "GET", .path = "/api/{session_id}",
///                                       .id = "get_status", .summary = "Status", .answers = answers})};
/// constinit const sim_routes table = sim::routes(list);
/// ```
#pragma once

#include <sim/ext/routes.h>
#include <sim/cpp/host.hpp>
#include <sim/cpp/json.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>

namespace sim::inline sdk_v1_0 {

/// A request, borrowed for the call of its handler.
class Request {
 public:
  Request(const sim_host* host, const sim_request* request) noexcept : host_(host), request_(request) {}
  const sim_host* host() const noexcept { return host_; }
  std::string_view method() const noexcept { return view_of(request_->method); }
  std::string_view path() const noexcept { return view_of(request_->path); }
  /// Of the path template, decoded; empty if there is none of that name.
  std::string_view param(std::string_view name) const noexcept {
    return find(request_->path_params, request_->n_path_params, name).value_or(std::string_view());
  }
  /// The last of that name in the query, decoded.
  std::optional<std::string_view> query(std::string_view name) const noexcept {
    return find(request_->query, request_->n_query, name);
  }
  /// Name in lower case.
  std::optional<std::string_view> header(std::string_view name) const noexcept {
    return find(request_->headers, request_->n_headers, name);
  }
  Value body() const noexcept { return {extension<sim_values>(host_, SIM_VALUES), request_->body}; }
  std::string_view raw_body() const noexcept { return view_of(request_->raw_body); }
  std::string_view remote() const noexcept { return view_of(request_->remote); }
  std::string_view identity() const noexcept { return view_of(request_->identity); }
  std::string_view request_id() const noexcept { return view_of(request_->request_id); }
  std::string_view scheme() const noexcept { return view_of(request_->scheme); }
  std::string_view authority() const noexcept { return view_of(request_->authority); }
  std::string_view mount() const noexcept { return view_of(request_->mount); }
  /// The address of a path of this plugin as the client knows it: scheme, host, mount and path.
  std::string link(std::string_view to) const {
    return std::string(scheme()).append("://").append(authority()).append(mount()).append(to);
  }
  /// By the listener that mounts this plugin alone.
  bool compatibility() const noexcept { return (request_->flags & SIM_REQUEST_COMPATIBILITY) != 0; }
  bool cancelled() const noexcept {
    return request_->cancelled != nullptr && __atomic_load_n(request_->cancelled, __ATOMIC_ACQUIRE) != 0;
  }

 private:
  static std::optional<std::string_view> find(const sim_pair* pairs, std::uint32_t n, std::string_view name) noexcept {
    for (std::uint32_t i = n; i-- > 0;) {
      if (view_of(pairs[i].name) == name) return view_of(pairs[i].value);
    }
    return std::nullopt;
  }
  const sim_host* host_;
  const sim_request* request_;
};

/// One faulty field, for `Reply::problem`.
inline sim_field_error field_error(std::string_view pointer, std::string_view code, std::string_view detail) noexcept {
  return {sizeof(sim_field_error), 0, text_of(pointer), text_of(code), text_of(detail), {nullptr, 0}, 0, 0};
}

/// The HTTP status that goes with a status of the host.
constexpr int http_status(sim_status status) noexcept {
  switch (status) {
    case SIM_OK:
    case SIM_WARNING:
      return 200;
    case SIM_INVALID_ARG:
      return 400;
    case SIM_DISCARD:
    case SIM_WRONG_STATE:
      return 409;
    case SIM_UNSUPPORTED:
      return 501;
    case SIM_BUSY:
      return 503;
    default:
      return 500;
  }
}

/// How a handler answers. Without any call the answer is 204.
class Reply {
 public:
  explicit Reply(sim_reply* reply) noexcept : reply_(reply) {}
  sim_status status(int status) noexcept { return reply_->status(reply_->context, status); }
  sim_status header(std::string_view name, std::string_view value) noexcept {
    return reply_->header(reply_->context, text_of(name), text_of(value));
  }
  sim_status body(const char* media_type, std::string_view data) noexcept {
    return reply_->body(reply_->context, media_type, data.data(), data.size());
  }
  sim_status json(std::string_view text, int code = 200) noexcept {
    const sim_status set = status(code);
    return set != SIM_OK ? set : body("application/json", text);
  }
  /// `write(sim::Json&)` writes the body. A number that is not finite is a fault of the plugin: 500.
  template <class F>
  requires std::invocable<F&, Json&> sim_status json(F write, int code = 200) {
    std::string text;
    Json writer(text);
    write(writer);
    if (!writer.ok()) return problem(500, "not_finite", "the plugin made an answer that is no JSON");
    return json(std::string_view(text), code);
  }
  /// A body made while it is sent, so that a long one never lies in memory: `next(std::string& to, std::size_t wanted)`
  /// appends a piece of about that many bytes, nothing at the end. It is called after the handler has returned, on
  /// another thread, and destroyed there: it owns what it needs. What it throws cuts the answer.
  template <class F>
  sim_status stream(const char* media_type, F next, int code = 200) {
    const std::size_t known = offsetof(sim_reply, stream) + sizeof reply_->stream;
    if (reply_->size < known || reply_->stream == nullptr)
      return problem(501, "unsupported", "this host does not send bodies piece by piece");
    auto own = std::make_unique<F>(std::move(next));
    const sim_body body{sizeof(sim_body), 0, own.get(), &pull<F>, &drop<F>};
    if (const sim_status set = status(code); set != SIM_OK) return set;
    const sim_status taken = reply_->stream(reply_->context, media_type, &body);
    if (taken == SIM_OK) static_cast<void>(own.release());
    return taken;
  }
  sim_status problem(int status, std::string_view code, std::string_view detail,
                     std::span<const sim_field_error> errors = {}, std::uint32_t retry_after_s = 0) noexcept {
    const sim_problem problem{sizeof(sim_problem), status,        text_of(code),
                              text_of(detail),     errors.data(), static_cast<std::uint32_t>(errors.size()),
                              retry_after_s};
    return reply_->problem(reply_->context, &problem);
  }
  /// Why a service of the host said no.
  template <class T>
  sim_status problem(const Result<T>& result) noexcept {
    const std::string_view code = result.error.code, message = result.error.message;
    return problem(http_status(result.status), code.empty() ? "refused" : code,
                   message.empty() ? "the host refused this" : message);
  }

 private:
  template <class F>
  static int32_t pull(void* context, uint64_t wanted, const sim_sink* sink) noexcept {
    try {
      std::string piece;
      (*static_cast<F*>(context))(piece, static_cast<std::size_t>(wanted));
      return piece.empty() ? SIM_OK : sink->message(sink->context, SIM_BINARY, piece.data(), piece.size());
    } catch (...) {
      return SIM_ERROR;
    }
  }
  template <class F>
  static void drop(void* context) noexcept {
    delete static_cast<F*>(context);
  }
  sim_reply* reply_;
};

namespace detail {

/// The C entry of a route: no exception leaves it.
template <auto Handler>
int32_t handle_route(const sim_host* host, const sim_request* request, sim_reply* reply) noexcept {
  Request in(host, request);
  Reply out(reply);
  try {
    if constexpr (std::is_void_v<decltype(Handler(in, out))>)
      return Handler(in, out), SIM_OK;
    else
      return Handler(in, out);
  } catch (const std::exception& e) {
    Log(host).error(e.what());
  } catch (...) {
    Log(host).error("a route handler ended with an exception of unknown type");
  }
  out.problem(500, "internal_error", "the plugin failed to answer; its log says why");
  return SIM_ERROR;
}

}  // namespace detail

/// What is said of a route; fields as in `sim_route`.
struct Route {
  const char *method, *path, *id, *summary;
  const char *params = nullptr, *body = nullptr;
  std::span<const sim_answer> answers = {};
  std::uint32_t flags = 0, max_body = 0, deadline_ms = 0;
};
/// A route with a handler `void or sim_status (sim::Request&, sim::Reply&)`; what it throws becomes 500.
template <auto Handler>
constexpr sim_route route(const Route& r) noexcept {
  return {sizeof(sim_route),
          r.flags,
          static_cast<std::uint32_t>(r.answers.size()),
          r.max_body,
          r.deadline_ms,
          0,
          r.method,
          r.path,
          r.id,
          r.summary,
          r.params,
          r.body,
          r.answers.data(),
          &detail::handle_route<Handler>};
}
constexpr sim_answer answer(int status, const char* schema, const char* description,
                            const char* media_type = "application/json") noexcept {
  return {sizeof(sim_answer), status, media_type, schema, description};
}

/// Shapes errors on a compatibility listener: `void (const sim_request&, const sim_problem&, int& status, Json& body)`.
template <auto Render>
int32_t render_error(const sim_request* request, const sim_problem* problem, int32_t* status,
                     const sim_sink* sink) noexcept {
  try {
    std::string text;
    Json json(text);
    int code = *status;
    Render(*request, *problem, code, json);
    *status = code;
    return Sink(sink).text(text);
  } catch (...) {
    return SIM_ERROR;
  }
}
template <std::size_t N>
constexpr sim_routes routes(const sim_route (&list)[N], const char* cors_methods = nullptr,
                            decltype(sim_routes::render_error) render = nullptr) noexcept {
  return {sizeof(sim_routes), static_cast<std::uint32_t>(N), list, cors_methods, render};
}

}  // namespace sim::inline sdk_v1_0
