// The writing half of an HTTP connection, its deadlines and its end.
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <api/net/http_connection.hpp>
#include <api/net/response_head.hpp>

namespace simhost::net {

void HttpConnection::write(http::Response response) {
  state_ = State::writing;
  const bool readable = reader_.has_header();
  closes_ = closes_ || peer_ended_ || hub_->is_draining() || !readable || !reader_.keeps_alive();
  const int minor_version = readable ? reader_.facts().minor_version : 1;
  response_ = std::move(response);
  head_.clear();
  append_head(head_, response_, {hub_->date(), closes_ ? Persistence::close : Persistence::keep, minor_version});
  const bool bodiless = request_->method == "HEAD" || response_.status == 204 || response_.status == 304;
  if (bodiless) response_.body = std::monostate{};
  if (response_.status > 0 && static_cast<std::size_t>(response_.status) < Counters::statuses) {
    hub_->counters.responses[static_cast<std::size_t>(response_.status)].add();
  }
  written_ = 0;
  write_rest();
}

// Tries at once and waits only when the kernel's buffer is full.
void HttpConnection::write_rest() {
  deadline_ = std::chrono::steady_clock::now() + hub_->settings.write_stall;
  const std::string_view body = body_bytes(response_);
  while (written_ < head_.size() + body.size()) {
    const std::string_view head = std::string_view(head_).substr(std::min(written_, head_.size()));
    const std::string_view rest = body.substr(written_ - (head_.size() - head.size()));
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head.data(), head.size()),
                                                       asio::buffer(rest.data(), rest.size())};
    ErrorCode ec;
    const std::size_t sent = socket_.write_some(buffers, ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again) {
      socket_.async_write_some(buffers, [me = self()](const ErrorCode& failed, std::size_t size) {
        if (me->state_ != State::writing) return;
        if (failed) return me->close();
        me->hub_->counters.bytes_out.add(size);
        me->written_ += size;
        me->write_rest();
      });
      return;
    }
    if (ec) return close();
    hub_->counters.bytes_out.add(sent);
    written_ += sent;
  }
  on_written();
}

void HttpConnection::on_written() {
  response_.body = std::monostate{};
  if (closes_) return linger();
  begin_request();
  process();
}

// Lets the peer read the answer before the socket goes: closing at once with bytes unread would reset it.
void HttpConnection::linger() {
  ErrorCode ec;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  if (ec || peer_ended_) return close();
  state_ = State::lingering;
  deadline_ = std::chrono::steady_clock::now() + hub_->settings.linger;
  in_.consume(in_.bytes().size());
  read();
}

void HttpConnection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  ++serial_;
  request_->cancelled->store(1, std::memory_order_release);
  ErrorCode ec;
  socket_.close(ec);
  hub_->leave(this);
  hub_->counters.connections.subtract();
  if (counted_address_) hub_->release_address(remote_);
}

void HttpConnection::sweep(Instant time) {
  if (time < deadline_) return;
  switch (state_) {
    case State::header:
      if (in_.empty()) return close();
      return fail_request(Error{"request_timeout", "the headers did not arrive in time"});
    case State::body:
      return fail_request(Error{"request_timeout", "the body did not arrive in time"});
    case State::handling:
      request_->cancelled->store(1, std::memory_order_release);
      return fail_request(Error{"timed_out", "there was no answer within the time allowed", {}, 0, 1});
    case State::writing:
    case State::lingering:
      return close();
    case State::closed:
      return;
  }
}

void HttpConnection::drain(std::uint16_t /*close_code*/) {
  closes_ = true;
  if (state_ == State::header && in_.empty()) close();
}

void HttpConnection::abort() { close(); }

}  // namespace simhost::net
