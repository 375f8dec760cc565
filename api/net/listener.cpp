// The accept loop.
#include <api/net/listener.hpp>

#include <utility>

#include <boost/asio/ip/address.hpp>

#include <api/net/http_connection.hpp>

namespace simhost::net {
namespace {

using asio::ip::tcp;

Result<asio::ip::address> address_of(const std::string& host, asio::io_context& io) {
  ErrorCode ec;
  const std::string bare =
      host.size() > 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
  const auto address = asio::ip::make_address(bare, ec);
  if (!ec) return address;
  asio::ip::basic_resolver<tcp, Executor> resolver(io);
  const auto found = resolver.resolve(tcp::v4(), bare, "", asio::ip::resolver_base::passive, ec);
  if (ec || found.begin() == found.end())
    return fail("not_valid", "listening host " + host + " is no address of this machine");
  return found.begin()->endpoint().address();
}

}  // namespace

Listener::Listener(std::shared_ptr<Hub> hub, std::shared_ptr<http::Site> site)
    : hub_(std::move(hub)), site_(std::move(site)), acceptor_(hub_->io), next_(hub_->io), timer_(hub_->io) {}

Result<std::uint16_t> Listener::open(const std::string& host, std::uint16_t port) {
  const auto address = address_of(host, hub_->io);
  if (!address) return fail(Error(address.error()));
  const tcp::endpoint endpoint(*address, port);
  ErrorCode ec;
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    const bool taken = ec == asio::error::address_in_use;
    return fail(Error{taken ? "in_use" : "not_valid",
                      "cannot listen on " + host + ":" + std::to_string(port) + ": " + ec.message()});
  }
  return acceptor_.local_endpoint(ec).port();
}

void Listener::accept() {
  if (closed_) return;
  acceptor_.async_accept(next_, [me = shared_from_this()](const ErrorCode& ec) { me->on_accepted(ec); });
}

void Listener::on_accepted(const ErrorCode& ec) {
  if (closed_ || ec == asio::error::operation_aborted) return;
  if (ec) {
    hub_->counters.accept_errors.add();
    const bool of_the_peer = ec == asio::error::connection_aborted || ec == asio::error::interrupted;
    return of_the_peer ? accept() : back_off();
  }
  Socket socket(hub_->io);
  std::swap(socket, next_);
  const std::size_t open = hub_->counters.connections.get();
  // A few more than the limit are let in to be told so; beyond that the door just shuts.
  constexpr std::size_t told = 64;
  const bool full = open >= hub_->settings.connections;
  if (full) hub_->counters.refused.add();
  if (open < hub_->settings.connections + told) {
    hub_->counters.accepted.add();
    std::make_shared<HttpConnection>(hub_, site_, std::move(socket), full ? Admittance::refused : Admittance::open)
        ->start();
  } else {
    ErrorCode ignored;
    socket.close(ignored);
  }
  accept();
}

void Listener::back_off() {
  timer_.expires_after(hub_->settings.accept_backoff);
  timer_.async_wait([me = shared_from_this()](const ErrorCode& ec) {
    if (!ec) me->accept();
  });
}

void Listener::close() {
  closed_ = true;
  ErrorCode ec;
  acceptor_.close(ec);
  timer_.cancel();
}

}  // namespace simhost::net
