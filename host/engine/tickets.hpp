// Waits for requests to be served: polls what is out every 2 ms, since a tick wakes nobody, and calls back.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <host/engine/op.hpp>

namespace simhost::engine {

class Tickets {
 public:
  using Served = std::function<void(Op&)>;  // on the tickets' thread; must not block; the op lives until it returns

  Tickets();
  ~Tickets();  // drops what is still out without a call

  // [any] Takes an op that has been or is about to be posted.
  void keep(std::unique_ptr<Op> op, Served served);
  // Blocks until op is served; for the control side, which may block for some ms.
  static void wait(const Op& op);

 private:
  struct Ticket {
    std::unique_ptr<Op> op;
    Served served;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Ticket> out_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace simhost::engine
