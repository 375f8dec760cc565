// A socket as the WebSocket library reads and writes it: counts bytes, watches for floods, hands out early bytes.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>

#include <api/net/frame_meter.hpp>
#include <api/net/hub.hpp>

namespace simhost::net {

// What the owner sees of the traffic; the owner resets the flags.
struct Traffic {
  FrameMeter meter;
  Counters& counters;
  std::function<void()> on_flood;
  bool received = false;
  bool sent = false;
  bool flooded = false;
};

// Some bytes to write, in few pieces. The library's sequence has room for 64 of them and is copied with each write; a
// frame is its header, a client's own head and a shared body. What does not fit goes with the next write.
class Pieces {
 public:
  template <class Buffers>
  explicit Pieces(const Buffers& from) {
    const auto end = asio::buffer_sequence_end(from);
    for (auto it = asio::buffer_sequence_begin(from); it != end && count_ < most; ++it)
      if (const asio::const_buffer piece(*it); piece.size() > 0) list_[count_++] = piece;
  }
  [[nodiscard]] const asio::const_buffer* begin() const noexcept { return list_.data(); }
  [[nodiscard]] const asio::const_buffer* end() const noexcept { return list_.data() + count_; }

 private:
  static constexpr std::size_t most = 4;
  std::array<asio::const_buffer, most> list_;
  std::size_t count_ = 0;
};

// Counts what was written, then goes on as the handler would.
template <class Handler>
struct Counted {
  Traffic& traffic;
  Handler handler;

  void operator()(const ErrorCode& ec, std::size_t size) {
    traffic.sent = true;
    traffic.counters.bytes_out.add(size);
    handler(ec, size);
  }
};

class MeteredSocket {
 public:
  using executor_type = Executor;
  using next_layer_type = Socket;

  MeteredSocket(Socket socket, Traffic& traffic, std::string early)
      : socket_(std::move(socket)), traffic_(traffic), early_(std::move(early)) {}

  executor_type get_executor() noexcept { return socket_.get_executor(); }
  next_layer_type& next_layer() noexcept { return socket_; }
  const next_layer_type& next_layer() const noexcept { return socket_; }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return asio::async_compose<Handler, void(ErrorCode, std::size_t)>(ReadOp<Buffers>{*this, buffers}, handler,
                                                                      socket_);
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    socket_.async_write_some(Pieces(buffers), Counted<std::decay_t<Handler>>{traffic_, std::forward<Handler>(handler)});
  }

 private:
  template <class Buffers>
  struct ReadOp {
    MeteredSocket& socket;
    Buffers buffers;
    bool started = false;
    std::size_t from_early = 0;

    template <class Self>
    void operator()(Self& op, ErrorCode ec = {}, std::size_t size = 0) {
      if (started) return finish(op, ec, size + from_early);
      started = true;
      if (socket.early_.empty()) return socket.socket_.async_read_some(buffers, std::move(op));
      from_early = asio::buffer_copy(buffers, asio::buffer(socket.early_));
      socket.early_.erase(0, from_early);
      asio::post(socket.get_executor(), std::move(op));
    }
    template <class Self>
    void finish(Self& op, ErrorCode ec, std::size_t size) {
      socket.read(buffers, size);
      op.complete(ec, size);
    }
  };

  template <class Buffers>
  void read(const Buffers& buffers, std::size_t size) {
    traffic_.received = true;
    traffic_.counters.bytes_in.add(size);
    Flood flood = Flood::none;
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers) && size > 0; ++it) {
      const asio::mutable_buffer piece(*it);
      const std::size_t used = std::min(size, piece.size());
      flood = traffic_.meter.feed({static_cast<const unsigned char*>(piece.data()), used});
      size -= used;
    }
    if (flood != Flood::none && !std::exchange(traffic_.flooded, true)) traffic_.on_flood();
  }

  Socket socket_;
  Traffic& traffic_;
  std::string early_;
};

// The library asks for the end of the connection once the close frames are through. It gets the half of it that tells
// the peer; the owner waits for the other half, so that the application need not.
inline void teardown(boost::beast::role_type /*role*/, MeteredSocket& socket, ErrorCode& ec) {
  socket.next_layer().shutdown(asio::socket_base::shutdown_send, ec);
}

template <class Handler>
void async_teardown(boost::beast::role_type role, MeteredSocket& socket, Handler&& handler) {
  ErrorCode ignored;
  teardown(role, socket, ignored);
  asio::post(socket.get_executor(), [done = std::forward<Handler>(handler)]() mutable { done(ErrorCode{}); });
}

}  // namespace simhost::net

// Executor, allocator and cancellation are those of the handler within.
template <template <class, class> class Associator, class Handler, class Default>
struct boost::asio::associator<Associator, simhost::net::Counted<Handler>, Default> : Associator<Handler, Default> {
  static auto get(const simhost::net::Counted<Handler>& counted) noexcept {
    return Associator<Handler, Default>::get(counted.handler);
  }
  static auto get(const simhost::net::Counted<Handler>& counted, const Default& otherwise) noexcept {
    return Associator<Handler, Default>::get(counted.handler, otherwise);
  }
};
