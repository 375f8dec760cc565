// Bytes that came in and were not used yet, in one contiguous piece.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace simhost::net {

class ReadBuffer {
 public:
  [[nodiscard]] std::string_view bytes() const noexcept { return {storage_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  // Room for at least size more bytes, given as a span to read into.
  struct Room {
    char* data;
    std::size_t size;
  };
  Room room(std::size_t size) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (storage_.size() - end_ < size && begin_ > 0) {
      std::memmove(storage_.data(), storage_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (storage_.size() - end_ < size) storage_.resize(end_ + size);
    return {storage_.data() + end_, storage_.size() - end_};
  }
  void commit(std::size_t size) noexcept { end_ += size; }
  void consume(std::size_t size) noexcept { begin_ += size; }

 private:
  std::vector<char> storage_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace simhost::net
