// A request that is served at a tick boundary, and the queue it waits in.
#pragma once

#include <atomic>

namespace simhost::engine {

class Driver;

// Made and destroyed off the tick; everything apply needs is allocated before it is posted.
class Op {
 public:
  Op() = default;
  virtual ~Op() = default;
  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;

  // [step] between two ticks of driver. Returns whether the op is finished; one that is not finishes itself later.
  virtual bool apply(Driver& driver) noexcept = 0;

  void finish() noexcept { finished_.store(true, std::memory_order_release); }
  [[nodiscard]] bool finished() const noexcept { return finished_.load(std::memory_order_acquire); }

 private:
  friend class OpQueue;
  Op* next_ = nullptr;
  std::atomic<bool> finished_{false};
};

// Many posters, one driver. Never allocates or locks; bounded by the sessions' own counts (Track::admit).
class OpQueue {
 public:
  void push(Op& op) noexcept {
    Op* head = head_.load(std::memory_order_relaxed);
    do op.next_ = head;
    while (!head_.compare_exchange_weak(head, &op, std::memory_order_release, std::memory_order_relaxed));
  }
  [[nodiscard]] bool empty() const noexcept { return head_.load(std::memory_order_relaxed) == nullptr; }

  // Takes all, oldest first, and hands each to serve; an op may be gone once it has been served.
  template <class Serve>
  void drain(Serve&& serve) noexcept {
    Op* newest = head_.exchange(nullptr, std::memory_order_acquire);
    Op* oldest = nullptr;
    while (newest != nullptr) {
      Op* next = newest->next_;
      newest->next_ = oldest;
      oldest = newest;
      newest = next;
    }
    while (oldest != nullptr) {
      Op* op = oldest;
      oldest = oldest->next_;
      serve(*op);
    }
  }

 private:
  std::atomic<Op*> head_{nullptr};
};

}  // namespace simhost::engine
