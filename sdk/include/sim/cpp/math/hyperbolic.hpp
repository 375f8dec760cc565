/// Hyperbolic functions and the length of a pair.
#pragma once

#include <sim/cpp/math/exp_log.hpp>

namespace sim::inline sdk_v1_0::detail {

/// (sinh(x) - x) / x^3 in z = x^2 <= 1.
template <class R>
SIM_INLINE R sinh_tail(R z) noexcept {
  constexpr double terms[] = {0x1.5555555555555p-3,  0x1.1111111111111p-7,  0x1.a01a01a01a01ap-13,
                              0x1.71de3a556c724p-19, 0x1.ae64567f56d72p-26, 0x1.61246136ddcb0p-33,
                              0x1.ae7f44a89136cp-41, 0x1.952654734b725p-49, 0x1.328de90012662p-57};
  return polynomial(z, terms);
}
template <class R>
SIM_INLINE R sinh_of(R x) noexcept {
  const R a = magnitude(x);
  const R half = exp_wide(a, R(0.0), -1.0);
  const R z = x * x;
  const R near = x + (x * z) * sinh_tail(z);
  return select(a < R(1.0), select(a < R(0x1p-27), x, near), with_sign_of(half - R(0.25) / half, x));
}
template <class R>
SIM_INLINE R cosh_of(R x) noexcept {
  const R half = exp_wide(magnitude(x), R(0.0), -1.0);
  return half + R(0.25) / half;
}
template <class R>
SIM_INLINE R tanh_of(R x) noexcept {
  constexpr double terms[] = {0x1.5555555555555p-5,  0x1.6c16c16c16c63p-10, 0x1.a01a019ff6d1ep-16,
                              0x1.27e4fbd615889p-22, 0x1.1eeca961943d8p-29, 0x1.959921f36e3f1p-37};
  const R a = magnitude(x);
  const R z = a * a;
  const Wide<R> w = fast_two_sum(R(1.0), R(0.5) * z);
  const R near =
      ratio(fast_two_sum(a, (a * z) * sinh_tail(z)), fast_two_sum(w.hi, w.lo + (z * z) * polynomial(z, terms)));
  const R square = exp_of(a + a);
  const R far = R(1.0) - R(2.0) / (square + R(1.0));
  const R result = select(a < R(0.625), select(a < R(0x1p-27), a, near), far);
  return with_sign_of(result, x);
}

/// sqrt(x^2 + y^2) without overflow on the way.
template <class R>
SIM_INLINE R hypot_of(R x, R y) noexcept {
  const R a = magnitude(x), b = magnitude(y);
  const R larger = select(a > b, a, b);
  const auto huge = larger > R(0x1p500), tiny = larger < R(0x1p-450);
  const R down = select(huge, R(0x1p-600), select(tiny, R(0x1p600), R(1.0)));
  const R up = select(huge, R(0x1p600), select(tiny, R(0x1p-600), R(1.0)));
  const R sa = a * down, sb = b * down;
  const R result = root_of(sa * sa + sb * sb) * up;
  return select((a == R(infinity)) | (b == R(infinity)), R(infinity), result);
}

}  // namespace sim::inline sdk_v1_0::detail
