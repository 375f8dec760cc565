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

void PluginCall::run(const plugin::Generation& generation, const sim_route& route) {
  const PluginRequest request(request_);
  sim_reply reply{sizeof(sim_reply), 0, this, set_status, add_header, add_body, set_problem};
  const auto status = guarded([&] { return route.handle(generation.host(), request.get(), &reply); });
  answer(finish(status));
}

http::Response PluginCall::finish(std::int32_t status) {
  if (problem_) response_.error = std::move(*problem_);
  if (response_.error) return std::move(response_);
  if (status > SIM_WARNING || status < SIM_OK) return http::answer_error(error_for(status));
  if (too_large_) return http::answer_error(Error{"plugin_error", "the answer of the plugin is too large"});
  if (has_body_)
    response_.body = std::move(body_);
  else if (!has_status_)
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

}  // namespace simhost::routes
