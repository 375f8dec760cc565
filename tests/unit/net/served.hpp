// A running server with a handful of routes, for tests that talk to it over loopback.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <api/http/pipeline.hpp>
#include <api/net/server.hpp>

namespace simhost::net::testing {

// GET /hello, POST /echo (its body back), GET /big?bytes=N, GET /later (answered by the test), POST /upload (16 MiB).
class Served : public ::testing::Test {
 protected:
  ~Served() override { stop(); }

  void serve(Settings settings = {}, http::Policy policy = {});
  void stop();
  void add(http::Route route);

  // Waits until a request of /later is being handled, and hands over its reply.
  struct Pending {
    http::Reply reply;
    std::shared_ptr<std::atomic<int>> cancelled;
  };
  Pending next_pending();

  std::shared_ptr<http::Router> router_ = std::make_shared<http::Router>();
  std::shared_ptr<http::Pipeline> pipeline_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;

 private:
  std::vector<http::Route> routes();

  std::vector<http::Route> added_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Pending> pending_;
};

// Polls a condition for up to two seconds.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 400; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace simhost::net::testing
