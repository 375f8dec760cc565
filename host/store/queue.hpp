// Changes that wait for the writer, bounded; what is changed again while it waits is written once.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include <host/store/store.hpp>

namespace simhost::store {

// Not safe on several threads: whoever has it locks.
class Queue {
 public:
  struct Bounds {
    std::size_t bytes, changes;
  };
  explicit Queue(Bounds bounds) : bounds_(bounds) {}

  // False: full, nothing was added. One that is larger than the bound is taken when nothing else waits.
  bool add(std::vector<Changes::Change> changes);
  // Everything in order; the queue is empty afterwards.
  std::vector<Changes::Change> take();
  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  void add_one(Changes::Change change);

  Bounds bounds_;
  std::vector<Changes::Change> list_;
  std::unordered_map<std::string, std::size_t> last_;  // of a document or blob: the place of its last change
  std::size_t bytes_ = 0;
};

}  // namespace simhost::store
