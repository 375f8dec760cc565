// Starting, draining and stopping the I/O thread.
#include <api/net/server.hpp>

#include <csignal>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <pthread.h>
#include <boost/asio/executor_work_guard.hpp>

#include <api/net/hub.hpp>
#include <api/net/listener.hpp>

namespace simhost::net {
namespace {

constexpr auto drain_poll = std::chrono::milliseconds(5);

}  // namespace

class Server::Core {
 public:
  explicit Core(const Settings& settings) : hub(std::make_shared<Hub>(settings)), work(hub->io.get_executor()) {}

  // Runs task on the I/O thread and waits for it, or here when there is no such thread.
  template <class Task>
  void run(Task task) {
    if (!thread.joinable() || hub->on_io_thread()) return task();
    std::promise<void> done;
    if (hub->post([&] {
          task();
          done.set_value();
        })) {
      done.get_future().wait();
    }
  }

  std::shared_ptr<Hub> hub;
  std::optional<asio::executor_work_guard<Executor>> work;
  std::mutex changing;
  std::map<std::string, std::shared_ptr<Listener>> listeners;
  std::thread thread;
  bool stopped = false;
};

Server::Server(Settings settings) : core_(std::make_unique<Core>(settings)) {}

Server::~Server() { stop(); }

Result<std::uint16_t> Server::listen(const std::string& name, const std::string& host, std::uint16_t port,
                                     std::shared_ptr<http::Site> site) {
  const std::lock_guard lock(core_->changing);
  if (core_->listeners.contains(name)) return fail("already_exists", "there is a listener " + name);
  auto listener = std::make_shared<Listener>(core_->hub, std::move(site));
  auto bound = listener->open(host, port);
  if (!bound) return bound;
  core_->listeners.emplace(name, listener);
  core_->run([&] { listener->accept(); });
  return bound;
}

void Server::unlisten(const std::string& name) {
  const std::lock_guard lock(core_->changing);
  const auto found = core_->listeners.find(name);
  if (found == core_->listeners.end()) return;
  core_->run([&] { found->second->close(); });
  core_->listeners.erase(found);
}

void Server::start() {
  core_->thread = std::thread([hub = core_->hub] {
    pthread_setname_np(pthread_self(), "simhost-io");
    hub->io.run();
  });
}

Drained Server::drain(std::uint16_t close_code, std::chrono::milliseconds deadline) {
  const Instant end = std::chrono::steady_clock::now() + deadline;
  Core& core = *core_;
  {
    const std::lock_guard lock(core.changing);
    core.run([&] {
      for (auto& [name, listener] : core.listeners) listener->close();
      core.hub->drain(close_code);
    });
    core.listeners.clear();
  }
  std::size_t left = 0;
  const auto count = [&] { left = core.hub->peers(); };
  for (core.run(count); left > 0 && std::chrono::steady_clock::now() < end; core.run(count)) {
    std::this_thread::sleep_for(drain_poll);
  }
  core.run([&] { core.hub->abort_all(); });
  return left == 0 ? Drained::clean : Drained::cut;
}

void Server::stop() {
  Core& core = *core_;
  {
    const std::lock_guard lock(core.changing);
    if (std::exchange(core.stopped, true)) return;
    core.run([&] {
      for (auto& [name, listener] : core.listeners) listener->close();
      core.hub->drain(1001);
      core.hub->abort_all();
    });
    core.listeners.clear();
  }
  core.hub->sources.stop();
  core.hub->bodies.stop();
  core.work.reset();
  if (core.thread.joinable()) core.thread.join();
  core.hub->end();
}

bool Server::post(std::function<void()> task) { return core_->hub->post(std::move(task)); }

void Server::wake(std::vector<std::shared_ptr<Connection>> connections) {
  core_->hub->post([all = std::move(connections)] {
    for (const auto& connection : all) connection->pull();
  });
}

Stats Server::stats() const {
  const Counters& counters = core_->hub->counters;
  Stats stats;
  stats.connections = counters.connections.get();
  stats.websockets = counters.websockets.get();
  stats.accepted = counters.accepted.get();
  stats.accept_errors = counters.accept_errors.get();
  stats.refused = counters.refused.get();
  stats.bytes_in = counters.bytes_in.get();
  stats.bytes_out = counters.bytes_out.get();
  stats.messages_in = counters.messages_in.get();
  stats.messages_out = counters.messages_out.get();
  for (std::size_t status = 0; status < Counters::statuses; ++status) {
    const std::uint64_t count = counters.responses[status].get();
    if (count > 0) stats.responses.emplace_back(static_cast<int>(status), count);
  }
  return stats;
}

}  // namespace simhost::net
