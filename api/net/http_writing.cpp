// The writing half of an HTTP connection, its deadlines and its end.
#include <array>
#include <cstdio>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <api/net/http_connection.hpp>
#include <api/net/response_head.hpp>

namespace simhost::net {

void HttpConnection::write(http::Response response) {
  state_ = State::writing;
  const bool readable = reader_.has_header();
  const auto* content = std::get_if<http::Content>(&response.body);
  const bool endless = content != nullptr && !content->bytes && (!readable || reader_.facts().minor_version == 0);
  closes_ = closes_ || endless || peer_ended_ || hub_->is_draining() || !readable || !reader_.keeps_alive();
  response_ = std::move(response);
  head_.clear();
  piece_.clear();
  const bool bodiless = request_->method == "HEAD" || response_.status == 204 || response_.status == 304;
  if (bodiless || content == nullptr) {
    send_head();
    if (auto* text = std::get_if<std::string>(&response_.body); text != nullptr && !bodiless) piece_ = std::move(*text);
    return write_rest();
  }
  auto& body = std::get<http::Content>(response_.body);
  framing_ = body.bytes ? Framing::counted : endless ? Framing::until_close : Framing::chunked;
  left_ = body.bytes.value_or(0);
  source_ = std::move(body.source);
  read_piece();
}

void HttpConnection::send_head() {
  const int minor_version = reader_.has_header() ? reader_.facts().minor_version : 1;
  append_head(head_, response_, {hub_->date(), closes_ ? Persistence::close : Persistence::keep, minor_version});
  if (response_.status > 0 && static_cast<std::size_t>(response_.status) < Counters::statuses) {
    hub_->counters.responses[static_cast<std::size_t>(response_.status)].add();
  }
  written_ = 0;
}

// The next piece is read when the last has left, so that a client's own pace bounds what is held for it.
void HttpConnection::read_piece() {
  deadline_ = std::chrono::steady_clock::now() + hub_->settings.write_stall;
  if (framing_ == Framing::counted && left_ == 0) return take_piece(std::string());
  hub_->sources.read(source_, hub_->settings.piece_bytes, [me = self()](Result<std::string> piece) {
    me->hub_->post([me, piece = std::move(piece)]() mutable { me->take_piece(std::move(piece)); });
  });
}

void HttpConnection::take_piece(Result<std::string> piece) {
  if (state_ != State::writing) return;
  const bool first = std::holds_alternative<http::Content>(response_.body);
  if (piece) piece_ = std::move(*piece);
  if (const Outcome framed = piece ? frame_piece() : fail(std::move(piece.error())); !framed) {
    source_.reset();
    return first ? write(site_->refuse(*request_, framed.error())) : close();
  }
  head_.clear();
  written_ = 0;
  if (first) send_head();
  response_.body = std::monostate{};
  write_rest();
}

// Error: the source does not keep to the length it announced.
Outcome HttpConnection::frame_piece() {
  const bool end = piece_.empty();
  if (framing_ == Framing::counted) {
    if (piece_.size() > left_ || (end && left_ > 0)) return fail("internal", "a body is not as long as it was said");
    left_ -= piece_.size();
    if (left_ == 0) source_.reset();
    return {};
  }
  if (end) source_.reset();
  if (framing_ == Framing::until_close) return {};
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", piece_.size());
  piece_.insert(0, size.data());
  piece_ += "\r\n";
  return {};
}

// Tries at once and waits only when the kernel's buffer is full.
void HttpConnection::write_rest() {
  deadline_ = std::chrono::steady_clock::now() + hub_->settings.write_stall;
  while (written_ < head_.size() + piece_.size()) {
    const std::string_view head = std::string_view(head_).substr(std::min(written_, head_.size()));
    const std::string_view rest = std::string_view(piece_).substr(written_ - (head_.size() - head.size()));
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
  if (source_) return read_piece();
  on_written();
}

void HttpConnection::on_written() {
  response_.body = std::monostate{};
  piece_ = std::string();
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
  source_.reset();
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
      if (is_full()) return;
      return fail_request(Error{"request_timeout", "the body did not arrive in time"});
    case State::storing:
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
