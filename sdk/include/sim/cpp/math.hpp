/// The functions of numbers that models use: the same bits for `double` and for each lane of a `Pack`, on every CPU.
///
/// Comparisons give `bool` or `Mask`; `select` and `any` of `pack.hpp` work with both. All functions but `sqrt`,
/// `floor` and their like, which are exact, err by less than 2 units in the last place. Call them as `sim::exp(x)`:
/// plain `exp` may find libm, whose results differ between CPUs.
#pragma once

#include <sim/cpp/math/arc.hpp>
#include <sim/cpp/math/exp_log.hpp>
#include <sim/cpp/math/hyperbolic.hpp>
#include <sim/cpp/math/trig.hpp>

namespace sim::inline sdk_v1_0 {

inline constexpr double pi = 0x1.921fb54442d18p+1;

/// `a < b ? a : b`: the second where one is NaN.
SIM_INLINE double min(double a, double b) noexcept { return a < b ? a : b; }
SIM_INLINE Pack min(Pack a, Pack b) noexcept { return select(a < b, a, b); }
/// `a > b ? a : b`: the second where one is NaN.
SIM_INLINE double max(double a, double b) noexcept { return a > b ? a : b; }
SIM_INLINE Pack max(Pack a, Pack b) noexcept { return select(a > b, a, b); }
/// x held between low and high; NaN stays NaN.
SIM_INLINE double clamp(double x, double low, double high) noexcept { return min(high, max(low, x)); }
SIM_INLINE Pack clamp(Pack x, Pack low, Pack high) noexcept { return min(high, max(low, x)); }
SIM_INLINE double abs(double x) noexcept { return detail::magnitude(x); }
SIM_INLINE Pack abs(Pack x) noexcept { return detail::magnitude(x); }
SIM_INLINE double copysign(double x, double sign) noexcept { return detail::with_sign_of(x, sign); }
SIM_INLINE Pack copysign(Pack x, Pack sign) noexcept { return detail::with_sign_of(x, sign); }
/// 1, -1, or x itself where it is 0 or NaN.
SIM_INLINE double sign(double x) noexcept { return select(x > 0, 1.0, select(x < 0, -1.0, x)); }
SIM_INLINE Pack sign(Pack x) noexcept { return select(x > 0, 1.0, select(x < 0, -1.0, x)); }
SIM_INLINE mask_t<double> is_finite(double x) noexcept { return detail::magnitude(x) < detail::infinity; }
SIM_INLINE mask_t<Pack> is_finite(Pack x) noexcept { return detail::magnitude(x) < Pack(detail::infinity); }

/// Exact, as IEEE 754 has it.
SIM_INLINE double sqrt(double x) noexcept { return detail::root_of(x); }
SIM_INLINE Pack sqrt(Pack x) noexcept { return detail::root_of(x); }
SIM_INLINE double floor(double x) noexcept { return detail::floor_of(x); }
SIM_INLINE Pack floor(Pack x) noexcept { return detail::floor_of(x); }
SIM_INLINE double ceil(double x) noexcept { return -detail::floor_of(-x); }
SIM_INLINE Pack ceil(Pack x) noexcept { return -detail::floor_of(-x); }
/// Towards zero.
SIM_INLINE double trunc(double x) noexcept { return copysign(floor(abs(x)), x); }
SIM_INLINE Pack trunc(Pack x) noexcept { return copysign(floor(abs(x)), x); }
/// To the nearest whole number, halves away from zero.
SIM_INLINE double round(double x) noexcept {
  const double t = trunc(x);
  return t + select(abs(x - t) >= 0.5, copysign(1.0, x), copysign(0.0, x));
}
SIM_INLINE Pack round(Pack x) noexcept {
  const Pack t = trunc(x);
  return t + select(abs(x - t) >= 0.5, copysign(1.0, x), copysign(0.0, x));
}
/// x - period * floor(x / period): an angle or phase brought back into 0..period.
SIM_INLINE double wrap(double x, double period) noexcept { return x - period * floor(x / period); }
SIM_INLINE Pack wrap(Pack x, Pack period) noexcept { return x - period * floor(x / period); }

SIM_INLINE double exp(double x) noexcept { return detail::exp_of(x); }
SIM_INLINE Pack exp(Pack x) noexcept { return detail::exp_of(x); }
SIM_INLINE double exp2(double x) noexcept { return detail::exp2_of(x); }
SIM_INLINE Pack exp2(Pack x) noexcept { return detail::exp2_of(x); }
/// e^x - 1
SIM_INLINE double expm1(double x) noexcept { return detail::expm1_of(x); }
SIM_INLINE Pack expm1(Pack x) noexcept { return detail::expm1_of(x); }
SIM_INLINE double log(double x) noexcept { return detail::log_of(x); }
SIM_INLINE Pack log(Pack x) noexcept { return detail::log_of(x); }
/// ln(1 + x)
SIM_INLINE double log1p(double x) noexcept { return detail::log1p_of(x); }
SIM_INLINE Pack log1p(Pack x) noexcept { return detail::log1p_of(x); }
SIM_INLINE double log2(double x) noexcept {
  return detail::log_to_base(x, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56);
}
SIM_INLINE Pack log2(Pack x) noexcept { return detail::log_to_base(x, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56); }
SIM_INLINE double log10(double x) noexcept {
  return detail::log_to_base(x, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57);
}
SIM_INLINE Pack log10(Pack x) noexcept { return detail::log_to_base(x, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57); }
/// x^y with the special cases of C.
SIM_INLINE double pow(double x, double y) noexcept { return detail::pow_of(x, y); }
SIM_INLINE Pack pow(Pack x, Pack y) noexcept { return detail::pow_of(x, y); }
SIM_INLINE double hypot(double x, double y) noexcept { return detail::hypot_of(x, y); }
SIM_INLINE Pack hypot(Pack x, Pack y) noexcept { return detail::hypot_of(x, y); }

SIM_INLINE double sin(double x) noexcept { return detail::sin_of(x); }
SIM_INLINE Pack sin(Pack x) noexcept { return detail::sin_of(x); }
SIM_INLINE double cos(double x) noexcept { return detail::cos_of(x); }
SIM_INLINE Pack cos(Pack x) noexcept { return detail::cos_of(x); }
SIM_INLINE double tan(double x) noexcept { return detail::tan_of(x); }
SIM_INLINE Pack tan(Pack x) noexcept { return detail::tan_of(x); }
/// Both at the price of little more than one.
template <class Real>
SIM_INLINE detail::SineCosine<Real> sincos(Real x) noexcept {
  return detail::sincos_of(x);
}
SIM_INLINE double asin(double x) noexcept { return detail::asin_of(x); }
SIM_INLINE Pack asin(Pack x) noexcept { return detail::asin_of(x); }
SIM_INLINE double acos(double x) noexcept { return detail::acos_of(x); }
SIM_INLINE Pack acos(Pack x) noexcept { return detail::acos_of(x); }
SIM_INLINE double atan(double x) noexcept { return detail::atan_of(x); }
SIM_INLINE Pack atan(Pack x) noexcept { return detail::atan_of(x); }
SIM_INLINE double atan2(double y, double x) noexcept { return detail::atan2_of(y, x); }
SIM_INLINE Pack atan2(Pack y, Pack x) noexcept { return detail::atan2_of(y, x); }
SIM_INLINE double sinh(double x) noexcept { return detail::sinh_of(x); }
SIM_INLINE Pack sinh(Pack x) noexcept { return detail::sinh_of(x); }
SIM_INLINE double cosh(double x) noexcept { return detail::cosh_of(x); }
SIM_INLINE Pack cosh(Pack x) noexcept { return detail::cosh_of(x); }
SIM_INLINE double tanh(double x) noexcept { return detail::tanh_of(x); }
SIM_INLINE Pack tanh(Pack x) noexcept { return detail::tanh_of(x); }

}  // namespace sim::inline sdk_v1_0
