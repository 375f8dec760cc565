// The routes of the test server.
#include "served.hpp"

#include <chrono>
#include <thread>

namespace simhost::net::testing {
namespace {

http::Route route(std::string method, std::string path, http::Handler handler) {
  http::Route made;
  made.method = std::move(method);
  made.path = std::move(path);
  made.handler = std::move(handler);
  return made;
}

http::Response text(std::string body) {
  http::Response response;
  response.media_type = "text/plain";
  response.body = std::move(body);
  return response;
}

}  // namespace

std::vector<http::Route> Served::routes() {
  std::vector<http::Route> all = added_;
  all.push_back(route("GET", "/hello", [](const http::Request&, const http::Reply& reply) {
    reply(http::answer(200, Value::object({{"hello", true}})));
  }));
  for (const char* path : {"/echo", "/upload"}) {
    all.push_back(route("POST", path,
                        [](const http::Request& request, const http::Reply& reply) { reply(text(request.raw_body)); }));
    all.back().info.consumes = {"text/plain"};
  }
  all.back().info.max_body = limits::http_route_body_bytes;
  all.push_back(route("GET", "/big", [](const http::Request& request, const http::Reply& reply) {
    const std::string* bytes = request.query_value("bytes");
    reply(text(std::string(bytes != nullptr ? std::stoul(*bytes) : 0, 'x')));
  }));
  all.push_back(route("GET", "/later", [this](const http::Request& request, http::Reply reply) {
    const std::lock_guard lock(mutex_);
    pending_.push_back({std::move(reply), request.cancelled});
    arrived_.notify_all();
  }));
  return all;
}

void Served::add(http::Route route) { added_.push_back(std::move(route)); }

void Served::serve(Settings settings, http::Policy policy) {
  const Outcome put = router_->put("test", routes());
  ASSERT_TRUE(put) << put.error().detail;
  pipeline_ = std::make_shared<http::Pipeline>(std::move(policy), router_);
  server_ = std::make_unique<Server>(settings);
  const auto port = server_->listen("main", "127.0.0.1", 0, pipeline_);
  ASSERT_TRUE(port) << port.error().detail;
  port_ = *port;
  server_->start();
}

void Served::stop() {
  if (server_) server_->stop();
}

Served::Pending Served::next_pending() {
  std::unique_lock lock(mutex_);
  const bool came = arrived_.wait_for(lock, std::chrono::seconds(3), [&] { return !pending_.empty(); });
  EXPECT_TRUE(came) << "no request of /later arrived";
  if (!came) return {[](const http::Response&) {}, std::make_shared<std::atomic<int>>(0)};
  Pending first = std::move(pending_.front());
  pending_.pop_front();
  return first;
}

}  // namespace simhost::net::testing
