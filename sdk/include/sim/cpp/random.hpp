/// Random numbers that depend on (seed, lane, tick, stream) and on nothing else: no state, no order, no packing.
///
/// The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011).
#pragma once

#include <sim/cpp/math.hpp>

namespace sim::inline sdk_v1_0 {

/// Two independent numbers of one draw.
template <class Real>
struct Pair {
  Real first, second;
};

namespace detail {

SIM_INLINE std::uint64_t multiply_low(std::uint64_t a, std::uint64_t b) noexcept {
  return (a & 0xffffffffu) * (b & 0xffffffffu);
}

/// Four words of 32 bits, each in the low half of its element.
template <class R>
struct PhiloxWords {
  words_t<R> c0, c1, c2, c3;
};
template <class R>
SIM_INLINE PhiloxWords<R> philox(PhiloxWords<R> c, words_t<R> key0, words_t<R> key1) noexcept {
  const auto low_half = whole<R>(0xffffffffu);
  for (int round = 0; round < 10; ++round) {
    const auto p0 = multiply_low(c.c0, whole<R>(0xd2511f53u));
    const auto p1 = multiply_low(c.c2, whole<R>(0xcd9e8d57u));
    c = {(p1 >> 32) ^ c.c1 ^ key0, p1 & low_half, (p0 >> 32) ^ c.c3 ^ key1, p0 & low_half};
    key0 = (key0 + whole<R>(0x9e3779b9u)) & low_half;
    key1 = (key1 + whole<R>(0xbb67ae85u)) & low_half;
  }
  return c;
}
/// 53 of the 64 bits of two words as a number in [0, 1).
template <class R>
SIM_INLINE R fraction(words_t<R> high, words_t<R> low) noexcept {
  const auto exponent = whole<R>(0x4330000000000000u);  // of 2^52: the word becomes the end of the mantissa
  const R h = real(high | exponent) - R(0x1p52);
  const R l = real((low >> 11) | exponent) - R(0x1p52);
  return h * R(0x1p-32) + l * R(0x1p-53);
}

}  // namespace detail

/// The random numbers of one tick of a lane (or of four). Give each use a stream number of its own, and never reuse one
/// in the same tick: the same stream gives the same number again.
template <class Real>
class Random {
 public:
  SIM_INLINE Random(detail::words_t<Real> seed, detail::words_t<Real> lane, detail::words_t<Real> tick) noexcept
      : seed_(seed), lane_(lane), tick_(tick) {}

  /// Two numbers evenly spread over [0, 1).
  SIM_INLINE Pair<Real> uniforms(std::uint32_t stream) const noexcept {
    using detail::whole;
    const auto low_half = whole<Real>(0xffffffffu);
    const auto w = detail::philox<Real>({tick_ & low_half, tick_ >> 32, lane_ & low_half, whole<Real>(stream)},
                                        seed_ & low_half, seed_ >> 32);
    return {detail::fraction<Real>(w.c0, w.c1), detail::fraction<Real>(w.c2, w.c3)};
  }
  /// Two numbers of the normal distribution with mean 0 and deviation 1 (Box and Muller).
  SIM_INLINE Pair<Real> normals(std::uint32_t stream) const noexcept {
    const Pair<Real> u = uniforms(stream);
    const Real radius = sqrt(Real(-2.0) * log(Real(1.0) - u.first));  // 1 - u is never 0
    const auto turn = sincos(Real(2.0 * pi) * u.second);
    return {radius * turn.cos, radius * turn.sin};
  }
  /// The numbers of another tick, or of a count of the model's own that takes its place; below 2^52.
  SIM_INLINE Random at(Real count) const noexcept {
    return {seed_, lane_, detail::bits(count + Real(0x1p52)) & detail::whole<Real>(0x000fffffffffffffu)};
  }
  SIM_INLINE Real uniform(std::uint32_t stream) const noexcept { return uniforms(stream).first; }
  SIM_INLINE Real normal(std::uint32_t stream) const noexcept { return normals(stream).first; }

 private:
  detail::words_t<Real> seed_, lane_, tick_;
};

}  // namespace sim::inline sdk_v1_0
