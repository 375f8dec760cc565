// The floating-point mode all model code runs in: denormals are flushed to zero on every thread that steps.
#pragma once

#include <xmmintrin.h>

namespace simhost::engine {

// Flush-to-zero and denormals-are-zero on, all exceptions masked, round to nearest, for the life of the object.
class FloatMode {
 public:
  FloatMode() noexcept : before_(_mm_getcsr()) { _mm_setcsr(stepping); }
  ~FloatMode() { _mm_setcsr(before_); }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

  static constexpr unsigned stepping = 0x9fc0;

 private:
  unsigned before_;
};

}  // namespace simhost::engine
