// The only place where the library's WebSocket stream is instantiated.
#include <api/net/ws_connection.hpp>

#include <netinet/tcp.h>

#include <array>
#include <atomic>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <api/http/access.hpp>
#include <api/net/metered_socket.hpp>

namespace simhost::net {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Stream = websocket::stream<MeteredSocket, false>;

constexpr std::size_t kept_buffer_bytes = 64 << 10;
constexpr std::size_t linger_bytes = 4 << 10;
constexpr int unsent_bytes = 16 << 10;  // in the kernel, so that a slow reader is noticed early
constexpr std::uint16_t policy_violation = 1008;
constexpr std::uint16_t abnormal = 1006;
constexpr std::uint16_t no_status = 1005;

// What the peer is told where it broke the protocol, from the library's error.
std::uint16_t code_of(const ErrorCode& ec, const Stream& stream) {
  if (ec == websocket::error::closed) {
    const auto code = static_cast<std::uint16_t>(stream.reason().code);
    return code == 0 ? no_status : code;
  }
  if (ec == websocket::error::message_too_big) return 1009;
  if (ec == websocket::error::bad_frame_payload) return 1007;
  return ec.category() == make_error_code(websocket::error::closed).category() ? 1002 : abnormal;
}

class WsConnection final : public Peer, public Connection {
 public:
  WsConnection(std::shared_ptr<Hub> hub, Socket socket, http::Accepted accepted, std::string early)
      : hub_(std::move(hub)),
        application_(std::move(accepted.application)),
        subprotocol_(std::move(accepted.subprotocol)),
        traffic_{FrameMeter(accepted.limits.fragments,
                            {hub_->settings.control_frames_per_s, hub_->settings.control_frames_burst}),
                 hub_->counters, [this] { on_flood(); }},
        stream_(std::move(socket), traffic_, std::move(early)) {
    stream_.read_message_max(accepted.limits.message_bytes);
    stream_.auto_fragment(false);
    stream_.set_option(
        websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
  }

  void start(const http::Request& request);

  void wake() noexcept override {
    if (!woken_.exchange(true)) hub_->wake(shared_from_this());
  }
  void pull() override {
    woken_.store(false);
    write_next();
  }
  void sweep(Instant now) override;
  void drain(std::uint16_t close_code) override { begin_close(close_code, "the host is shutting down"); }
  void abort() override { cut(abnormal); }

 private:
  enum class State : std::uint8_t { accepting, open, closing, lingering, closed };

  std::shared_ptr<WsConnection> self() { return std::static_pointer_cast<WsConnection>(shared_from_this()); }
  void on_accepted(const ErrorCode& ec);
  void read();
  void on_read(const ErrorCode& ec);
  void write_next();
  void on_written(const ErrorCode& ec);
  void on_flood();
  void begin_close(std::uint16_t code, const std::string& reason);
  void finish(std::uint16_t code);
  void linger();
  void cut(std::uint16_t code);
  void check_stall(Instant now);
  void check_pings(Instant now);

  std::shared_ptr<Hub> hub_;
  std::unique_ptr<Application> application_;
  std::string subprotocol_;
  Traffic traffic_;
  Stream stream_;
  std::string remote_;
  State state_ = State::accepting;
  std::uint16_t close_code_ = abnormal;
  bool writing_ = false;
  bool pinging_ = false;
  bool counted_address_ = false;
  int unanswered_pings_ = 0;
  Instant last_received_ = std::chrono::steady_clock::now();
  Instant last_progress_ = last_received_;
  Instant close_deadline_{};
  beast::flat_buffer in_;
  std::string dropped_;  // what comes in while it lingers
  OutMessage out_;
  std::atomic<bool> woken_{false};
};

void WsConnection::start(const http::Request& request) {
  Socket& socket = stream_.next_layer().next_layer();
  ErrorCode ec;
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>(unsent_bytes), ec);
  remote_ = request.remote;
  counted_address_ = !http::is_loopback_address(remote_) && hub_->take_address(remote_);
  hub_->counters.websockets.add();
  hub_->join(shared_from_this());

  beast::http::request<beast::http::empty_body> handshake(beast::http::verb::get, request.target, 11);
  for (const auto& [name, value] : request.headers) {
    const bool needed = name == "host" || name == "connection" || name == "upgrade" ||
                        name.starts_with("sec-websocket-key") || name == "sec-websocket-version";
    if (needed) handshake.insert(name, value);
  }
  stream_.set_option(
      websocket::stream_base::decorator([this, id = request.request_id](websocket::response_type& response) {
        response.set(beast::http::field::server, "simhost");
        response.set("X-Request-Id", id);
        if (!subprotocol_.empty()) response.set(beast::http::field::sec_websocket_protocol, subprotocol_);
      }));
  close_deadline_ = std::chrono::steady_clock::now() + hub_->settings.header_timeout;
  stream_.async_accept(handshake, [me = self()](const ErrorCode& failed) { me->on_accepted(failed); });
}

void WsConnection::on_accepted(const ErrorCode& ec) {
  if (state_ != State::accepting) return;
  if (ec) return cut(abnormal);
  state_ = State::open;
  application_->opened(std::shared_ptr<Connection>(self()));
  read();
  write_next();
  if (hub_->is_draining()) drain(1001);
}

void WsConnection::read() {
  stream_.async_read(in_, [me = self()](const ErrorCode& ec, std::size_t) { me->on_read(ec); });
}

void WsConnection::on_read(const ErrorCode& ec) {
  if (ec && state_ == State::open) return finish(code_of(ec, stream_));
  if (ec || (state_ != State::open && state_ != State::closing)) return;  // the close under way ends with it
  hub_->counters.messages_in.add();
  if (state_ == State::open) {
    const auto bytes = in_.cdata();
    const FrameKind kind = stream_.got_text() ? FrameKind::text : FrameKind::binary;
    application_->received(kind, {static_cast<const char*>(bytes.data()), bytes.size()});
  }
  in_.clear();
  if (in_.capacity() > kept_buffer_bytes) in_.shrink_to_fit();
  write_next();  // ahead of the next frame: an answer goes out before the close that a faulty one provokes
  read();
}

// One write in flight; the next message is asked for when it is done.
void WsConnection::write_next() {
  if (state_ != State::open || writing_) return;
  out_ = OutMessage{};
  if (!application_->next(out_)) return;
  const std::string_view body = out_.body ? std::string_view(*out_.body) : std::string_view();
  if (out_.close && out_.head.empty() && body.empty()) return begin_close(out_.close->code, out_.close->reason);
  writing_ = true;
  stream_.text(out_.kind == FrameKind::text);
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_.head), asio::buffer(body.data(), body.size())};
  stream_.async_write(buffers, [me = self()](const ErrorCode& ec, std::size_t) { me->on_written(ec); });
}

void WsConnection::on_written(const ErrorCode& ec) {
  writing_ = false;
  if (ec || state_ != State::open) return;  // where it failed, the read under way ends with the reason
  hub_->counters.messages_out.add();
  if (out_.close) return begin_close(out_.close->code, out_.close->reason);
  write_next();
}

// Called in the middle of the library's read: acts on the next turn.
void WsConnection::on_flood() {
  hub_->post([me = self()] { me->begin_close(policy_violation, "too many fragments or control frames"); });
}

void WsConnection::begin_close(std::uint16_t code, const std::string& reason) {
  if (state_ == State::accepting) return cut(abnormal);
  if (state_ != State::open) return;
  state_ = State::closing;
  close_code_ = code;
  close_deadline_ = std::chrono::steady_clock::now() + hub_->settings.linger;
  constexpr std::size_t reason_max = 123;
  const websocket::close_reason frame(static_cast<websocket::close_code>(code), reason.substr(0, reason_max));
  stream_.async_close(frame, [me = self()](const ErrorCode&) { me->finish(me->close_code_); });
}

// The application hears of the end; the socket stays until the peer has read the close frame and gone.
void WsConnection::finish(std::uint16_t code) {
  if (state_ != State::open && state_ != State::closing) return;
  state_ = State::lingering;
  close_deadline_ = std::chrono::steady_clock::now() + hub_->settings.linger;
  application_->closed(code);
  application_.reset();
  linger();
}

void WsConnection::linger() {
  dropped_.resize(linger_bytes);
  stream_.next_layer().next_layer().async_read_some(asio::buffer(dropped_),
                                                    [me = self()](const ErrorCode& ec, std::size_t) {
                                                      if (me->state_ != State::lingering) return;
                                                      return ec ? me->cut(abnormal) : me->linger();
                                                    });
}

// The end of the socket, in whatever state.
void WsConnection::cut(std::uint16_t code) {
  if (state_ == State::closed) return;
  const bool told = state_ == State::accepting || state_ == State::lingering;
  state_ = State::closed;
  ErrorCode ec;
  stream_.next_layer().next_layer().close(ec);
  hub_->leave(this);
  hub_->counters.websockets.subtract();
  if (counted_address_) hub_->release_address(remote_);
  if (!told) application_->closed(code);
  application_.reset();
}

void WsConnection::sweep(Instant now) {
  if (state_ == State::closed) return;
  if (state_ != State::open) {
    if (now >= close_deadline_) cut(close_code_);
    return;
  }
  check_stall(now);
  if (state_ == State::open) check_pings(now);
}

void WsConnection::check_stall(Instant now) {
  if (!writing_ || std::exchange(traffic_.sent, false)) last_progress_ = now;
  if (now - last_progress_ >= hub_->settings.write_stall) cut(abnormal);
}

void WsConnection::check_pings(Instant now) {
  if (std::exchange(traffic_.received, false)) {
    last_received_ = now;
    unanswered_pings_ = 0;
  }
  if (now - last_received_ < hub_->settings.ping_period * (unanswered_pings_ + 1)) return;
  if (unanswered_pings_ >= hub_->settings.missed_pings) return cut(abnormal);
  ++unanswered_pings_;
  if (std::exchange(pinging_, true)) return;
  stream_.async_ping({}, [me = self()](const ErrorCode&) { me->pinging_ = false; });
}

}  // namespace

void open_websocket(std::shared_ptr<Hub> hub, Socket socket, const http::Request& request, http::Accepted accepted,
                    std::string_view early) {
  const auto connection =
      std::make_shared<WsConnection>(std::move(hub), std::move(socket), std::move(accepted), std::string(early));
  connection->start(request);
}

}  // namespace simhost::net
