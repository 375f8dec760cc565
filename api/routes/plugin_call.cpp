// The reply a handler writes to, and what becomes of it.
#include <api/routes/plugin_call.hpp>

#include <algorithm>

#include <api/http/url.hpp>
#include <api/routes/plugin_request.hpp>
#include <host/base/limits.hpp>
#include <host/services/answers.hpp>
#include <host/services/problems.hpp>

namespace simhost::routes {

namespace {

using services::guarded;
using services::view;

constexpr std::size_t media_type_bytes_max = 255;

// The connection's own business.
constexpr std::string_view not_a_plugins[] = {
    "connection", "content-length", "transfer-encoding", "upgrade", "trailer", "keep-alive", "date",
    "te",         "x-request-id"};

bool is_header_value(std::string_view value) {
  return std::ranges::all_of(value,
                             [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

Error error_for(std::int32_t status) {
  if (status == SIM_BUSY) return Error{"plugin_unavailable", "the plugin is busy", {}, 0, 1};
  return Error{"plugin_error", "the handler of the plugin failed with status " + std::to_string(status)};
}

}  // namespace

PluginCall::PluginCall(const http::Request& request, http::Reply reply) : request_(request), reply_(std::move(reply)) {
  if (request_.cancelled == nullptr) request_.cancelled = std::make_shared<std::atomic<int>>(0);
}

void PluginCall::run(std::shared_ptr<const plugin::Generation> generation, const sim_route& route) {
  generation_ = std::move(generation);
  const PluginRequest request(request_);
  sim_reply reply{sizeof(sim_reply), 0, this, set_status, add_header, add_body, set_problem, set_stream};
  const auto status = guarded([&] { return route.handle(generation_->host(), request.get(), &reply); });
  generation_.reset();  // what is still to be sent holds it
  answer(finish(status));
}

http::Response PluginCall::finish(std::int32_t status) {
  if (problem_) response_.error = std::move(*problem_);
  if (response_.error) return std::move(response_);
  if (status > SIM_WARNING || status < SIM_OK) return http::answer_error(error_for(status));
  if (too_large_) return http::answer_error(Error{"plugin_error", "the answer of the plugin is too large"});
  if (has_body_)
    response_.body = std::move(body_);
  else if (!has_status_ && std::holds_alternative<std::monostate>(response_.body))
    response_.status = 204;
  return std::move(response_);
}

void PluginCall::give_up(const Error& error) {
  request_.cancelled->store(1, std::memory_order_release);
  answer(http::answer_error(error));
}

void PluginCall::answer(http::Response response) {
  if (answered_.exchange(true)) return;
  const http::Reply reply = std::move(reply_);
  reply(std::move(response));
}

std::int32_t PluginCall::set_status(void* self, std::int32_t status) noexcept {
  auto& call = *static_cast<PluginCall*>(self);
  if (call.answered_) return SIM_WRONG_STATE;
  if (status < 200 || status > 599) return SIM_INVALID_ARG;
  call.response_.status = status;
  call.has_status_ = true;
  return SIM_OK;
}

std::int32_t PluginCall::add_header(void* self, sim_text name, sim_text value) noexcept {
  auto& call = *static_cast<PluginCall*>(self);
  return guarded([&]() -> sim_status {
    if (call.answered_) return SIM_WRONG_STATE;
    const std::string lower = http::to_lower(view(name));
    if (!http::is_token(lower) || !is_header_value(view(value)) || view(value).size() > limits::http_header_bytes)
      return SIM_INVALID_ARG;
    if (std::ranges::find(not_a_plugins, lower) != std::end(not_a_plugins)) return SIM_INVALID_ARG;
    if (call.response_.headers.size() >= limits::plugin_reply_headers) return SIM_BUSY;
    if (lower == "content-type")
      call.response_.media_type = view(value);
    else
      call.response_.headers.emplace_back(view(name), view(value));
    return SIM_OK;
  });
}

std::int32_t PluginCall::add_body(void* self, const char* media_type, const void* data, std::uint64_t size) noexcept {
  auto& call = *static_cast<PluginCall*>(self);
  return guarded([&]() -> sim_status {
    if (call.answered_) return SIM_WRONG_STATE;
    if (data == nullptr && size > 0) return SIM_INVALID_ARG;
    if (size > limits::plugin_reply_bytes - call.body_.size()) {
      call.too_large_ = true;
      return SIM_BUSY;
    }
    const std::string_view type = view(media_type, media_type_bytes_max);
    if (!is_header_value(type)) return SIM_INVALID_ARG;
    if (!type.empty()) call.response_.media_type = type;
    call.body_.append(static_cast<const char*>(data), size);
    call.has_body_ = true;
    return SIM_OK;
  });
}

std::int32_t PluginCall::set_problem(void* self, const sim_problem* problem) noexcept {
  auto& call = *static_cast<PluginCall*>(self);
  return guarded([&]() -> sim_status {
    if (call.answered_) return SIM_WRONG_STATE;
    if (problem == nullptr) return SIM_INVALID_ARG;
    call.problem_ = services::error_of(problem);
    return SIM_OK;
  });
}

namespace {

// Pieces of a plugin's body. Holds the generation whose code makes them, until the last is sent or the client is gone.
class PluginBody final : public http::Source {
 public:
  PluginBody(std::shared_ptr<const plugin::Generation> generation, const sim_body& body)
      : generation_(std::move(generation)), body_(body) {}
  ~PluginBody() override { body_.drop(body_.context); }

  Outcome next(std::string& out, std::size_t wanted) override {
    const sim_sink sink{sizeof(sim_sink), 0, &out, take, refuse};
    const auto status = guarded([&] { return body_.pull(body_.context, wanted, &sink); });
    if (status == SIM_OK || status == SIM_WARNING) return {};
    return fail("plugin_error", "the plugin failed while it made the body");
  }

 private:
  static std::int32_t take(void* to, std::uint32_t, const void* data, std::uint64_t size) noexcept {
    return guarded([&]() -> sim_status {
      auto& out = *static_cast<std::string*>(to);
      if (data == nullptr || size > limits::plugin_reply_bytes - std::min(out.size(), limits::plugin_reply_bytes))
        return SIM_INVALID_ARG;
      out.append(static_cast<const char*>(data), size);
      return SIM_OK;
    });
  }
  static std::int32_t refuse(void*, std::uint32_t, const char*) noexcept { return SIM_UNSUPPORTED; }

  const std::shared_ptr<const plugin::Generation> generation_;
  const sim_body body_;
};

}  // namespace

std::int32_t PluginCall::set_stream(void* self, const char* media_type, const sim_body* body) noexcept {
  auto& call = *static_cast<PluginCall*>(self);
  return guarded([&]() -> sim_status {
    if (call.answered_ || call.has_body_) return SIM_WRONG_STATE;
    if (call.generation_ == nullptr || body == nullptr || body->size < sizeof(sim_body) || body->pull == nullptr ||
        body->drop == nullptr)
      return SIM_INVALID_ARG;
    const std::string_view type = view(media_type, media_type_bytes_max);
    if (type.empty() || !is_header_value(type)) return SIM_INVALID_ARG;
    call.response_.media_type = type;
    call.response_.body = http::Content{std::make_shared<PluginBody>(call.generation_, *body), std::nullopt};
    return SIM_OK;
  });
}

}  // namespace simhost::routes
