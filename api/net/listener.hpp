// One listening address: accepts connections for its site, and backs off when descriptors run out.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>

#include <api/http/site.hpp>
#include <api/net/hub.hpp>
#include <host/base/error.hpp>

namespace simhost::net {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(std::shared_ptr<Hub> hub, std::shared_ptr<http::Site> site);

  // Binds and listens. host: an address, or a name that resolves to one; port 0 takes a free one. Errors:
  // address_in_use (with status 0 kept), not_valid.
  Result<std::uint16_t> open(const std::string& host, std::uint16_t port);
  void accept();  // [io] starts the loop
  void close();   // [io]

 private:
  void on_accepted(const ErrorCode& ec);
  void back_off();

  std::shared_ptr<Hub> hub_;
  std::shared_ptr<http::Site> site_;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor_;
  Socket next_;
  Timer timer_;
  bool closed_ = false;
};

}  // namespace simhost::net
