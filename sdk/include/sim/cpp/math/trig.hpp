/// Sine, cosine, tangent and the reduction of any angle to an eighth of a turn.
#pragma once

#include <sim/cpp/math/base.hpp>

namespace sim::inline sdk_v1_0::detail {

inline constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
inline constexpr double half_pi = 0x1.921fb54442d18p+0, half_pi_rest = 0x1.1a62633145c07p-54;

/// angle = quarters * pi/2 + hi + lo, |hi| <= pi/4. The number of quarters stands in the low bits of `quarters`.
template <class R>
struct Reduced {
  R quarters, hi, lo;
};

/// For |x| above 10^6, where the parts of pi/2 below no longer suffice: x * 2/pi modulo 4 in whole numbers.
__attribute__((noinline)) inline Reduced<double> reduce_large(double x) noexcept {
  __extension__ using U128 = unsigned __int128;
  __extension__ using I128 = __int128;
  constexpr std::uint64_t digits[] = {// 2/pi, after 64 zero bits
                                      0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
                                      0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e,
                                      0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
                                      0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
                                      0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab};
  const std::uint64_t b = std::bit_cast<std::uint64_t>(x);
  const auto field = static_cast<std::uint32_t>((b >> 52) & 0x7ffu);
  if (field == 0x7ff) return {round_shift, not_a_number, not_a_number};
  const std::uint64_t m = (b & mantissa_bits) | (mantissa_bits + 1);
  // x = m 2^(field - 1075). Digits worth 4 and more times m are whole turns and left out.
  const std::uint32_t start = field - 1075 - 2 + 64, place = start / 64, shift = start % 64;
  const auto word = [&](std::uint32_t i) noexcept {
    const std::uint64_t high = digits[place + i] << shift;
    return shift == 0 ? high : high | (digits[place + i + 1] >> (64 - shift));
  };
  const U128 low = U128{m} * word(2), middle = U128{m} * word(1);
  const U128 sum = (low >> 64) + static_cast<std::uint64_t>(middle);
  const std::uint64_t top =
      m * word(0) + static_cast<std::uint64_t>(middle >> 64) + static_cast<std::uint64_t>(sum >> 64);
  const U128 product = (U128{top} << 64) | static_cast<std::uint64_t>(sum);  // two bits of quarters, then the fraction
  const auto fraction = static_cast<I128>((product << 2) | (static_cast<std::uint64_t>(low) >> 62));
  const std::uint64_t quarters = (top >> 62) + (fraction < 0 ? 1u : 0u);
  const auto hi = static_cast<double>(fraction);
  const double sign = x < 0 ? -1.0 : 1.0;
  const double h = hi * (sign * 0x1p-128),
               l = static_cast<double>(fraction - static_cast<I128>(hi)) * (sign * 0x1p-128);
  const Wide<double> p = two_product(h, half_pi);
  const Wide<double> r = fast_two_sum(p.hi, p.lo + (h * half_pi_rest + l * half_pi));
  return {round_shift + sign * static_cast<double>(quarters), r.hi, r.lo};
}

template <class R>
SIM_INLINE Reduced<R> reduce_angle(R x) noexcept {
  constexpr double limit = 1e6;
  // pi/2 in parts of 33 bits: a whole number below 2^20 times each is exact.
  constexpr double part[] = {0x1.921fb54400000p+0, 0x1.0b4611a600000p-34, 0x1.3198a2e000000p-69,
                             0x1.b839a252049c1p-104};
  const R quarters = x * R(two_over_pi) + R(round_shift);
  const R q = quarters - R(round_shift);
  const Wide<R> a = two_sum(x - q * R(part[0]), -(q * R(part[1])));
  const Wide<R> b = two_sum(a.hi, -(q * R(part[2])));
  const Wide<R> r = fast_two_sum(b.hi, (a.lo + b.lo) - q * R(part[3]));
  Reduced<R> result{quarters, r.hi, r.lo};
  const auto large = !(magnitude(x) <= R(limit));
  if (any(large)) [[unlikely]] {
    for (std::uint32_t i = 0; i < Traits<R>::width; ++i) {
      if (!lane_of(large, i)) continue;
      const Reduced<double> one = reduce_large(lane_of(x, i));
      set_lane(result.quarters, i, one.quarters);
      set_lane(result.hi, i, one.hi);
      set_lane(result.lo, i, one.lo);
    }
  }
  return result;
}

/// sin(hi + lo) for |hi| <= pi/4, with its rounding error.
template <class R>
SIM_INLINE Wide<R> sine_core(R hi, R lo) noexcept {
  constexpr double terms[] = {-0x1.5555555555555p-3, 0x1.1111111110bb2p-7,   -0x1.a01a019e83816p-13,
                              0x1.71de379654304p-19, -0x1.ae600aca92c64p-26, 0x1.5e0b05bff20f2p-33};
  const R z = hi * hi;
  return fast_two_sum(hi, (hi * z) * polynomial(z, terms) + lo * (R(1.0) - R(0.5) * z));
}
template <class R>
SIM_INLINE Wide<R> cosine_core(R hi, R lo) noexcept {
  constexpr double terms[] = {0x1.5555555555555p-5,   -0x1.6c16c16c16967p-10, 0x1.a01a019f4e9b4p-16,
                              -0x1.27e4fa17bf139p-22, 0x1.1eeb68cd22f56p-29,  -0x1.907d8f29fe831p-37};
  const R z = hi * hi;
  const Wide<R> w = fast_two_sum(R(1.0), R(-0.5) * z);
  return fast_two_sum(w.hi, w.lo + ((z * z) * polynomial(z, terms) - hi * lo));
}

template <class R>
struct SineCosine {
  R sin, cos;
};
template <class R>
SIM_INLINE SineCosine<R> sincos_of(R x) noexcept {
  const Reduced<R> r = reduce_angle(x);
  const R s = sine_core(r.hi, r.lo).hi;
  const R c = cosine_core(r.hi, r.lo).hi;
  const auto q = bits(r.quarters);
  const auto swapped = real((q & whole<R>(1)) << 62) > R(1.0);
  const auto sine_sign = (q & whole<R>(2)) << 62;
  const auto cosine_sign = ((q + whole<R>(1)) & whole<R>(2)) << 62;
  return {real(bits(select(swapped, c, s)) ^ sine_sign), real(bits(select(swapped, s, c)) ^ cosine_sign)};
}
template <class R>
SIM_INLINE R sin_of(R x) noexcept {
  return select(magnitude(x) < R(0x1p-27), x, sincos_of(x).sin);
}
template <class R>
SIM_INLINE R cos_of(R x) noexcept {
  return sincos_of(x).cos;
}
template <class R>
SIM_INLINE R tan_of(R x) noexcept {
  const Reduced<R> r = reduce_angle(x);
  const Wide<R> s = sine_core(r.hi, r.lo);
  const Wide<R> c = cosine_core(r.hi, r.lo);
  const auto inverse = real((bits(r.quarters) & whole<R>(1)) << 62) > R(1.0);
  const Wide<R> n{select(inverse, -c.hi, s.hi), select(inverse, -c.lo, s.lo)};
  const Wide<R> d{select(inverse, s.hi, c.hi), select(inverse, s.lo, c.lo)};
  return select(magnitude(x) < R(0x1p-27), x, ratio(n, d));
}

}  // namespace sim::inline sdk_v1_0::detail
