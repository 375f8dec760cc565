/// The bricks of the mathematics, for `double` and `Pack` alike: bits, rounding, polynomials, double-double arithmetic.
/// alike.
///
/// Everything is written once as a template, without branches on lanes and without fused multiply-add, so that a scalar
/// and a lane of a pack take the same operations in the same order and end in the same bits on every CPU.
#pragma once

#include <sim/cpp/pack.hpp>

#include <bit>
#include <cstddef>

namespace sim::inline sdk_v1_0::detail {

inline constexpr double infinity = __builtin_huge_val();
inline constexpr double not_a_number = __builtin_nan("");
inline constexpr std::uint64_t sign_bit = 0x8000000000000000u;
inline constexpr std::uint64_t mantissa_bits = 0x000fffffffffffffu;

SIM_INLINE std::uint64_t bits(double x) noexcept { return std::bit_cast<std::uint64_t>(x); }
SIM_INLINE U64x4 bits(Pack x) noexcept { return to_bits(x.v); }
SIM_INLINE double real(std::uint64_t b) noexcept { return std::bit_cast<double>(b); }
SIM_INLINE Pack real(U64x4 b) noexcept { return Pack(from_bits(b)); }
/// The same integer in every lane, in the type `bits(Real)` has.
template <class R>
SIM_INLINE auto whole(std::uint64_t b) noexcept {
  if constexpr (Traits<R>::width == 1)
    return b;
  else
    return broadcast(b);
}

template <class R>
SIM_INLINE R magnitude(R x) noexcept {
  return real(bits(x) & whole<R>(~sign_bit));
}
template <class R>
SIM_INLINE R with_sign_of(R x, R s) noexcept {
  return real((bits(x) & whole<R>(~sign_bit)) | (bits(s) & whole<R>(sign_bit)));
}

SIM_INLINE double root_of(double x) noexcept { return __builtin_sqrt(x); }
SIM_INLINE Pack root_of(Pack x) noexcept { return Pack(root(x.v)); }

/// Adding it leaves the nearest whole number in the low bits of the sum, for |x| < 2^51.
inline constexpr double round_shift = 0x1.8p52;
template <class R>
SIM_INLINE R nearest(R x) noexcept {
  return (x + R(round_shift)) - R(round_shift);
}

template <class R>
SIM_INLINE R floor_of(R x) noexcept {
  const R a = magnitude(x);
  const R t = with_sign_of((a + R(0x1p52)) - R(0x1p52), x);
  return select(a < R(0x1p52), t - select(t > x, R(1.0), R(0.0)), x);
}

/// 2^k for a whole k in -1022..1023.
template <class R>
SIM_INLINE R power_of_two(R k) noexcept {
  return real(bits(k + R(0x1p52 + 1023)) << 52);
}
/// y * 2^k for a whole k in -2044..2046, rounded once.
template <class R>
SIM_INLINE R scale(R y, R k) noexcept {
  const R half = nearest(k * R(0.5));
  return (y * power_of_two(half)) * power_of_two(k - half);
}

/// c[0] + c[1] x + ..., halves first: a short chain of operations, and always the same one.
template <std::size_t From, std::size_t Count, class R, std::size_t N>
SIM_INLINE R polynomial_part(const R* powers, const double (&c)[N]) noexcept {
  if constexpr (Count == 1) {
    return R(c[From]);
  } else {
    constexpr std::size_t low = std::bit_ceil(Count) / 2;
    return polynomial_part<From, low>(powers, c) +
           powers[std::countr_zero(low)] * polynomial_part<From + low, Count - low>(powers, c);
  }
}
template <class R, std::size_t N>
SIM_INLINE R polynomial(R x, const double (&c)[N]) noexcept {
  const R x2 = x * x;
  const R x4 = x2 * x2;
  const R powers[4] = {x, x2, x4, x4 * x4};
  static_assert(N > 1 && N <= 16);
  return polynomial_part<0, N>(powers, c);
}

/// A number as the unevaluated sum of two.
template <class R>
struct Wide {
  R hi, lo;
};
/// Exact sum.
template <class R>
SIM_INLINE Wide<R> two_sum(R a, R b) noexcept {
  const R s = a + b;
  const R t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}
/// Exact sum where |a| >= |b| or a is 0.
template <class R>
SIM_INLINE Wide<R> fast_two_sum(R a, R b) noexcept {
  const R s = a + b;
  return {s, b - (s - a)};
}
/// Exact product, while neither factor passes 2^995 and the product stays normal.
template <class R>
SIM_INLINE Wide<R> two_product(R a, R b) noexcept {
  const R ka = a * R(0x1p27 + 1), kb = b * R(0x1p27 + 1);
  const R ah = ka - (ka - a), bh = kb - (kb - b);
  const R al = a - ah, bl = b - bh;
  const R p = a * b;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}
/// n / d, nearly as if computed with twice the digits.
template <class R>
SIM_INLINE R ratio(Wide<R> n, Wide<R> d) noexcept {
  const R t = n.hi / d.hi;
  const Wide<R> p = two_product(t, d.hi);
  return t + ((((n.hi - p.hi) - p.lo) + n.lo) - t * d.lo) / d.hi;
}

}  // namespace sim::inline sdk_v1_0::detail
