// The thread that looks after outstanding requests.
#include <host/engine/tickets.hpp>

#include <chrono>

#include <host/base/limits.hpp>

namespace simhost::engine {

Tickets::Tickets() : thread_([this] { run(); }) {}

Tickets::~Tickets() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void Tickets::keep(std::unique_ptr<Op> op, Served served) {
  {
    const std::lock_guard lock(mutex_);
    out_.push_back({std::move(op), std::move(served)});
    if (out_.size() > 1) return;
  }
  came_.notify_one();
}

void Tickets::wait(const Op& op) {
  while (!op.finished()) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

void Tickets::run() {
  std::unique_lock lock(mutex_);
  std::vector<Ticket> served;
  while (!stop_) {
    if (out_.empty()) {
      came_.wait(lock, [this] { return stop_ || !out_.empty(); });
      continue;
    }
    std::erase_if(out_, [&](Ticket& ticket) {
      if (!ticket.op->finished()) return false;
      served.push_back(std::move(ticket));
      return true;
    });
    lock.unlock();
    for (auto& ticket : served) ticket.served(*ticket.op);
    served.clear();
    std::this_thread::sleep_for(std::chrono::nanoseconds(limits::ticket_poll_ns));
    lock.lock();
  }
}

}  // namespace simhost::engine
