// What all connections of a server share: the I/O context, limits, counters, the list of peers and of wake-ups.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <api/net/settings.hpp>
#include <api/net/source_reader.hpp>
#include <api/net/stats.hpp>
#include <host/base/side_thread.hpp>

namespace simhost::net {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

// One connection. All calls on the I/O thread; each may end the peer.
class Peer : public std::enable_shared_from_this<Peer> {
 public:
  virtual ~Peer() = default;
  virtual void sweep(Instant now) = 0;               // looks at its deadlines
  virtual void drain(std::uint16_t close_code) = 0;  // finishes what it does, then ends
  virtual void abort() = 0;                          // ends now
  virtual void pull() {}                             // was woken
};

class Hub {
 public:
  explicit Hub(const Settings& limits) : settings(limits), sweep_timer_(io) {}

  asio::io_context io{1};
  const Settings settings;
  Counters counters;
  SourceReader sources;
  SideThread bodies{"simhost-bodies"};  // writes those that go to files

  // [io]
  void join(const std::shared_ptr<Peer>& peer);
  void leave(const Peer* peer);
  [[nodiscard]] std::size_t peers() const noexcept { return peers_.size(); }
  void drain(std::uint16_t close_code);  // and every later request is answered with Connection: close
  void abort_all();
  [[nodiscard]] bool is_draining() const noexcept { return draining_; }
  std::string_view date();  // of now, for the Date header
  // Connections of an address that is not loopback; take says whether there is room.
  bool take_address(const std::string& address);
  void release_address(const std::string& address);

  // [any] Runs task on the I/O thread; false after the end, when task is dropped.
  template <class Task>
  bool post(Task task) {
    const std::lock_guard lock(posting_);
    if (ended_) return false;
    asio::post(io, std::move(task));
    return true;
  }
  // [any] pull() on the I/O thread; many calls cost one post.
  void wake(std::shared_ptr<Peer> peer);
  [[nodiscard]] bool on_io_thread() noexcept { return io.get_executor().running_in_this_thread(); }
  // After the I/O thread has ended: drops what is still queued.
  void end();

 private:
  void arm_sweep();
  void sweep_all();
  void pull_woken();
  [[nodiscard]] std::vector<std::shared_ptr<Peer>> all_peers() const;

  std::unordered_map<const Peer*, std::weak_ptr<Peer>> peers_;
  std::unordered_map<std::string, std::size_t> addresses_;
  Timer sweep_timer_;
  bool sweeping_ = false;
  bool draining_ = false;
  long long date_s_ = 0;
  std::string date_;
  std::mutex posting_;
  bool ended_ = false;
  std::mutex waking_;
  std::vector<std::shared_ptr<Peer>> woken_;
};

}  // namespace simhost::net
