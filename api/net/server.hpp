// The network server: listeners, one I/O thread, and an orderly end.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <api/http/site.hpp>
#include <api/net/settings.hpp>
#include <api/net/stats.hpp>
#include <api/net/websocket.hpp>
#include <host/base/error.hpp>

namespace simhost::net {

enum class Drained : std::uint8_t { clean, cut };  // cut: something was still going on at the deadline

class Server {
 public:
  explicit Server(Settings settings = {});
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // [ctl] Binds at once and accepts as soon as the server runs; also while it runs. host: "127.0.0.1"; port 0 takes
  // a free one. Gives the port. name: for unlisten. Errors: in_use, already_exists, not_valid.
  Result<std::uint16_t> listen(const std::string& name, const std::string& host, std::uint16_t port,
                               std::shared_ptr<http::Site> site);
  // Closes the listener; its connections live on.
  void unlisten(const std::string& name);

  void start();  // the I/O thread
  // Stops accepting, closes WebSockets with close_code, ends idle connections, lets requests in work finish; returns
  // when all are gone, or at the deadline, when the rest is cut.
  Drained drain(std::uint16_t close_code, std::chrono::milliseconds deadline);
  void stop();  // cuts everything and joins the I/O thread

  // [any] Runs task on the I/O thread; false once the server has stopped.
  bool post(std::function<void()> task);
  // [any] wake() on each, at the cost of one post for all.
  void wake(std::vector<std::shared_ptr<Connection>> connections);
  [[nodiscard]] Stats stats() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace simhost::net
