// One request through a pipeline without a socket: builds it, admits it, handles it, keeps the answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <api/http/pipeline.hpp>
#include <api/http/url.hpp>

namespace simhost::http::testing {

inline std::shared_ptr<Request> request_of(std::string method, std::string target, Pairs headers = {},
                                           std::string body = {}) {
  auto request = std::make_shared<Request>();
  request->method = std::move(method);
  request->target = std::move(target);
  request->path = std::string(split_target(request->target).path);
  request->headers = std::move(headers);
  request->authority = "localhost:8080";
  request->remote = "127.0.0.1";
  if (!body.empty()) request->headers.emplace_back("content-length", std::to_string(body.size()));
  request->raw_body = std::move(body);
  return request;
}

// What a listener would send; fails the test when no answer came.
inline Response ask(Pipeline& pipeline, const std::shared_ptr<Request>& request) {
  Admission admission = pipeline.admit(*request);
  if (admission.refusal) return *admission.refusal;
  std::optional<Response> answer;
  const auto keep = [&](Response response) { answer = std::move(response); };
  if (admission.purpose == Purpose::websocket) {
    pipeline.upgrade(request, admission, [&](Upgrade upgrade) {
      if (auto* response = std::get_if<Response>(&upgrade)) return keep(std::move(*response));
      Response accepted;
      accepted.status = 101;
      keep(std::move(accepted));
    });
  } else {
    pipeline.handle(request, admission, keep);
  }
  EXPECT_TRUE(answer.has_value()) << request->method << ' ' << request->target << " was not answered";
  return answer.value_or(Response{0});
}

inline std::string header_of(const Response& response, std::string_view name) {
  const std::string* value = response.header(name);
  return value != nullptr ? *value : std::string();
}

inline std::string text_of(const Response& response) {
  const std::string* text = std::get_if<std::string>(&response.body);
  return text != nullptr ? *text : std::string();
}

inline Route route(std::string method, std::string path, Handler handler = {}) {
  Route made;
  made.method = std::move(method);
  made.path = std::move(path);
  made.handler = handler ? std::move(handler) : [](const Request& request, const Reply& reply) {
    Value params = Value::object({});
    for (const auto& [name, value] : request.params) params.set(name, value);
    reply(answer(200,
                 Value::object({{"method", request.method}, {"params", std::move(params)}, {"body", request.body}})));
  };
  return made;
}

inline Route websocket(std::string path) {
  Route made;
  made.method = "GET";
  made.path = std::move(path);
  made.upgrade = [](const Request&, const UpgradeReply& reply) { reply(Accepted{}); };
  return made;
}

}  // namespace simhost::http::testing
