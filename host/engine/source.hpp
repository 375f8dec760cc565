// Where a session's values come from when no model computes them: rows that were recorded, fetched ahead.
#pragma once

#include <cstdint>

namespace simhost::engine {

// Asked by the driver of the one session that plays it. Never allocates, locks or waits.
class Source {
 public:
  virtual ~Source() = default;

  // What comes after the present row: wait means that it has not been fetched yet; broken, that it never will be.
  enum class Next : std::uint8_t { row, wait, end, broken };
  virtual Next look() noexcept = 0;
  // After look() said row: the next row becomes the present one, to be copied by the model's step. Its tick.
  virtual std::uint64_t take() noexcept = 0;
  // The beat is over: the row need not be kept any longer.
  virtual void release() noexcept = 0;
  // That row is the present one; its values are in the lanes already.
  virtual void jump(std::uint64_t row) noexcept = 0;
};

}  // namespace simhost::engine
