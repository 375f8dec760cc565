// One request on its way through a plugin: answered once, by the handler or by its deadline.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <sim/ext/routes.h>
#include <api/http/message.hpp>
#include <host/plugin/generation.hpp>

namespace simhost::routes {

// Lives until the handler has returned, however late that is: what it was handed stays where it is.
class PluginCall : public std::enable_shared_from_this<PluginCall> {
 public:
  PluginCall(const http::Request& request, http::Reply reply);

  // [worker] Calls the handler and answers with what it said.
  void run(std::shared_ptr<const plugin::Generation> generation, const sim_route& route);
  // [any] Answers with an error unless there is an answer; what the handler says afterwards is not heard.
  void give_up(const Error& error);

 private:
  static std::int32_t set_status(void* self, std::int32_t status) noexcept;
  static std::int32_t add_header(void* self, sim_text name, sim_text value) noexcept;
  static std::int32_t add_body(void* self, const char* media_type, const void* data, std::uint64_t size) noexcept;
  static std::int32_t set_problem(void* self, const sim_problem* problem) noexcept;
  static std::int32_t set_stream(void* self, const char* media_type, const sim_body* body) noexcept;
  http::Response finish(std::int32_t status);
  void answer(http::Response response);

  http::Request request_;
  http::Reply reply_;
  std::atomic<bool> answered_{false};
  // The handler's alone.
  std::shared_ptr<const plugin::Generation> generation_;
  http::Response response_;
  std::string body_;
  bool has_status_ = false, has_body_ = false, too_large_ = false;
  std::optional<Error> problem_;
};

}  // namespace simhost::routes
