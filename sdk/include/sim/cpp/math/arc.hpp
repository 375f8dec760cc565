/// Inverse trigonometric functions.
#pragma once

#include <sim/cpp/math/base.hpp>

namespace sim::inline sdk_v1_0::detail {

inline constexpr double pi_hi = 0x1.921fb54442d18p+1, pi_lo = 0x1.1a62633145c07p-53;

/// (asin(x) - x) / x for z = x^2 <= 1/4.
template <class R>
SIM_INLINE R arc_sine_tail(R z) noexcept {
  constexpr double terms[] = {0x1.555555555554fp-3, 0x1.3333333336df1p-4, 0x1.6db6db6844effp-5,  0x1.f1c71f9893729p-6,
                              0x1.6e8b2ac4e2b69p-6, 0x1.1c5945b94f7fdp-6, 0x1.c871802719808p-7,  0x1.8529ff2c9d7d9p-7,
                              0x1.ff173d5fcbafcp-8, 0x1.06f2e84e31c1bp-6, -0x1.61041ccc64457p-7, 0x1.cdd3a521b6ed7p-6};
  return z * polynomial(z, terms);
}
/// asin(sqrt(z)) for the upper half, z = (1 - |x|) / 2, with the digits that the root loses.
template <class R>
SIM_INLINE Wide<R> arc_sine_of_root(R z) noexcept {
  const R s = root_of(z);
  const Wide<R> square = two_product(s, s);
  const R lost = select(s > R(0.0), ((z - square.hi) - square.lo) / (s + s), R(0.0));
  return fast_two_sum(s, lost + s * arc_sine_tail(z));
}
template <class R>
SIM_INLINE R asin_of(R x) noexcept {
  const R a = magnitude(x);
  const auto upper = a > R(0.5);
  const R z = select(upper, (R(1.0) - a) * R(0.5), a * a);
  const Wide<R> r = arc_sine_of_root(select(upper, z, R(0.0)));
  const Wide<R> far = fast_two_sum(R(pi_hi / 2), R(-2.0) * r.hi);
  const R big = far.hi + (far.lo + (R(pi_lo / 2) - R(2.0) * r.lo));
  return with_sign_of(select(upper, big, a + a * arc_sine_tail(z)), x);
}
template <class R>
SIM_INLINE R acos_of(R x) noexcept {
  const R a = magnitude(x);
  const auto upper = a > R(0.5);
  const R z = select(upper, (R(1.0) - a) * R(0.5), a * a);
  const Wide<R> r = arc_sine_of_root(select(upper, z, R(0.0)));
  const Wide<R> below = fast_two_sum(R(pi_hi), R(-2.0) * r.hi);
  const R left = below.hi + (below.lo + (R(pi_lo) - R(2.0) * r.lo));
  const Wide<R> near = fast_two_sum(R(pi_hi / 2), -x);
  const R middle = near.hi + (near.lo + (R(pi_lo / 2) - x * arc_sine_tail(z)));
  return select(upper, select(x < R(0.0), left, R(2.0) * (r.hi + r.lo)), middle);
}

/// Angle of (x, y) for x, y >= 0, not both 0 or infinite, neither beyond 2^900 nor both below 2^-500.
template <class R>
SIM_INLINE Wide<R> angle_core(R y, R x) noexcept {
  constexpr double terms[] = {-0x1.5555555555555p-2, 0x1.999999999934ap-3, -0x1.24924924360cbp-3, 0x1.c71c7185314cbp-4,
                              -0x1.745d0b26b83e7p-4, 0x1.3b1262d95579ep-4, -0x1.10fa75382537fp-4, 0x1.dfe61e80903d2p-5,
                              -0x1.a098bb6ba4941p-5, 0x1.41603647c7a7cp-5, -0x1.3a2b7a07caea9p-6};
  // atan(y/x) = base + atan(n/d), with |n/d| <= tan(pi/8).
  const auto steep = y > x * R(2.414213562373095);
  const auto middle = (y > x * R(0.4142135623730951)) & (!steep);
  const Wide<R> difference = two_sum(y, -x), sum = two_sum(y, x);
  const Wide<R> n{select(steep, -x, select(middle, difference.hi, y)), select(middle, difference.lo, R(0.0))};
  const Wide<R> d{select(steep, y, select(middle, sum.hi, x)), select(middle, sum.lo, R(0.0))};
  const R base = select(steep, R(pi_hi / 2), select(middle, R(pi_hi / 4), R(0.0)));
  const R base_lo = select(steep, R(pi_lo / 2), select(middle, R(pi_lo / 4), R(0.0)));
  const R t = n.hi / d.hi;
  const Wide<R> p = two_product(t, d.hi);
  const R lost = select(magnitude(t) < R(0x1p-400), R(0.0), ((((n.hi - p.hi) - p.lo) + n.lo) - t * d.lo) / d.hi);
  const R z = t * t;
  const Wide<R> s = fast_two_sum(base, t);
  return fast_two_sum(s.hi, s.lo + (base_lo + lost + (t * z) * polynomial(z, terms)));
}
template <class R>
SIM_INLINE R atan_of(R x) noexcept {
  const R a = magnitude(x);
  const Wide<R> r = angle_core(select(a > R(0x1p500), R(0x1p500), a), R(1.0));
  return select(x != x, x, with_sign_of(select(a < R(0x1p-27), a, r.hi), x));
}
template <class R>
SIM_INLINE R atan2_of(R y, R x) noexcept {
  const R ay = magnitude(y), ax = magnitude(x);
  const R larger = select(ay > ax, ay, ax);
  const R factor = select(larger > R(0x1p900), R(0x1p-300), select(larger < R(0x1p-500), R(0x1p600), R(1.0)));
  const auto diagonal = (ay == ax) & ((ay == R(0.0)) | (ay == R(infinity)));  // both 0 or both infinite
  const auto origin = ay == R(0.0);
  const R sy = select(diagonal, select(origin, R(0.0), R(1.0)), select(ay == R(infinity), R(1.0), ay * factor));
  const R sx =
      select(diagonal, R(1.0), select(ay == R(infinity), R(0.0), select(ax == R(infinity), R(1.0), ax * factor)));
  const R sy_finite = select((ax == R(infinity)) & (!diagonal), R(0.0), sy);
  const Wide<R> r = angle_core(sy_finite, sx);
  const Wide<R> back = fast_two_sum(R(pi_hi), -r.hi);
  const auto left = with_sign_of(R(1.0), x) < R(0.0);
  const R result = select(left, back.hi + (back.lo + (R(pi_lo) - r.lo)), r.hi);
  return select((x != x) | (y != y), x + y, with_sign_of(result, y));
}

}  // namespace sim::inline sdk_v1_0::detail
