/// Exponentials, logarithms and powers.
#pragma once

#include <sim/cpp/math/base.hpp>

namespace sim::inline sdk_v1_0::detail {

// ln 2 in 32 bits and the rest: a whole number below 2^21 times the first part is exact.
inline constexpr double ln2_short = 0x1.62e42fee00000p-1, ln2_rest = 0x1.a39ef35793c76p-33;
inline constexpr double log2_e = 0x1.71547652b82fep+0;
// Beyond these exp() is infinite or rounds to nothing.
inline constexpr double exp_high = 710.0, exp_low = -746.0;
inline constexpr double exp_terms[] = {  // (e^r - 1 - r) / r^2 on |r| <= ln(2)/2, within 2^-56 of e^r
    0x1.0000000000001p-1,  0x1.5555555555556p-3,  0x1.5555555553d4fp-5,  0x1.11111111109adp-7,  0x1.6c16c17893833p-10,
    0x1.a01a01a7c8d47p-13, 0x1.a019b8ef67c6cp-16, 0x1.71de0d9c145d0p-19, 0x1.2891a8c1d838dp-22, 0x1.af38d53857513p-26};
inline constexpr double log_terms[] = {  // (2 atanh(s)/s - 2) / s^2 in z = s^2, s <= 0.1716
    0x1.5555555555558p-1, 0x1.9999999995273p-2, 0x1.2492492dfd86cp-2, 0x1.c71c62d5e53e0p-3,
    0x1.7462b91b8df65p-3, 0x1.39fdcceb4bb45p-3, 0x1.2b5f68a50d903p-3};

/// min(high, max(low, x)) that lets NaN through.
template <class R>
SIM_INLINE R limited(R x, double low, double high) noexcept {
  const R t = select(R(low) > x, R(low), x);
  return select(R(high) < t, R(high), t);
}

/// x = k ln 2 + hi + lo.
template <class R>
struct ExpReduced {
  R k, hi, lo;
};
template <class R>
SIM_INLINE ExpReduced<R> exp_reduce(R x, R low) noexcept {
  const R k = nearest(x * R(log2_e));
  const Wide<R> r = fast_two_sum(x - k * R(ln2_short), low - k * R(ln2_rest));
  return {k, r.hi, r.lo};
}
/// e^r - 1 for a reduced r.
template <class R>
SIM_INLINE Wide<R> exp_core(R r, R low) noexcept {
  const Wide<R> e = fast_two_sum(r, (r * r) * polynomial(r, exp_terms));
  return {e.hi, e.lo + (low + low * e.hi)};
}
/// e^(x + low) * 2^shift for |low| far below |x|.
template <class R>
SIM_INLINE R exp_wide(R x, R low, double shift) noexcept {
  const ExpReduced<R> r = exp_reduce(limited(x, exp_low, exp_high + 1), low);
  const Wide<R> e = exp_core(r.hi, r.lo);
  const Wide<R> y = fast_two_sum(R(1.0), e.hi);
  return scale(y.hi + (y.lo + e.lo), r.k + R(shift));
}
template <class R>
SIM_INLINE R exp_of(R x) noexcept {
  const R limit = limited(x, exp_low, exp_high);
  const R k = nearest(limit * R(log2_e));
  const R r = (limit - k * R(ln2_short)) - k * R(ln2_rest);
  return scale(R(1.0) + (r + (r * r) * polynomial(r, exp_terms)), k);
}
template <class R>
SIM_INLINE R exp2_of(R x) noexcept {
  const R limit = limited(x, -1076.0, 1025.0);
  const R k = nearest(limit);
  const R f = limit - k;
  const Wide<R> p = two_product(f, R(0x1.62e42fefa39efp-1));
  const Wide<R> e = exp_core(p.hi, p.lo + f * R(0x1.abc9e3b39803fp-56));
  const Wide<R> y = fast_two_sum(R(1.0), e.hi);
  return scale(y.hi + (y.lo + e.lo), k);
}
template <class R>
SIM_INLINE R expm1_of(R x) noexcept {
  const ExpReduced<R> r = exp_reduce(limited(x, -50.0, exp_high), R(0.0));
  const Wide<R> e = exp_core(r.hi, r.lo);
  const R half = power_of_two(r.k - R(1.0));  // half of 2^k: 2^1024 would not fit
  const Wide<R> y = two_sum(half * e.hi, half - R(0.5));
  const R result = R(2.0) * (y.hi + (y.lo + half * e.lo));
  return select(magnitude(x) < R(0x1p-54), x, result);
}

/// x = 2^e m with m in sqrt(1/2)..sqrt(2).
template <class R>
struct LogReduced {
  R e, m;
};
template <class R>
SIM_INLINE LogReduced<R> log_reduce(R x) noexcept {
  const auto small = x < R(0x1p-1022);
  const auto b = bits(select(small, x * R(0x1p54), x)) + whole<R>(0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
  const R e = real((b >> 52) | whole<R>(0x4330000000000000u)) - R(0x1p52 + 1023);
  return {e - select(small, R(54.0), R(0.0)), real((b & whole<R>(mantissa_bits)) + whole<R>(0x3fe6a09e667f3bcdu))};
}
/// What a logarithm gives where `result` does not hold: at 0, below, at infinity and NaN.
template <class R>
SIM_INLINE R log_edges(R x, R result) noexcept {
  const R edge = select(x == R(0.0), R(-infinity), select(x < R(0.0), R(not_a_number), x));
  return select((x > R(0.0)) & (x < R(infinity)), result, edge);
}
/// ln(2^e (1 + f) (1 + more)) for a tiny more.
template <class R>
SIM_INLINE R log_core(R e, R f, R more) noexcept {
  const R s = f / (R(2.0) + f);
  const R z = s * s;
  const R half_square = R(0.5) * f * f;
  const R rest = s * (half_square + z * polynomial(z, log_terms)) + (e * R(ln2_rest) + more);
  return e * R(ln2_short) + (f - (half_square - rest));
}
template <class R>
SIM_INLINE R log_of(R x) noexcept {
  const LogReduced<R> r = log_reduce(x);
  return log_edges(x, log_core(r.e, r.m - R(1.0), R(0.0)));
}
template <class R>
SIM_INLINE R log1p_of(R x) noexcept {
  const Wide<R> u = two_sum(R(1.0), x);
  const LogReduced<R> r = log_reduce(u.hi);
  const R result = log_edges(u.hi, log_core(r.e, r.m - R(1.0), u.lo / u.hi));
  return select(magnitude(x) < R(0x1p-54), x, select(x == R(infinity), x, result));
}

/// ln x to about 64 bits, for 0 < x < infinity.
template <class R>
SIM_INLINE Wide<R> log_wide(R x) noexcept {
  constexpr double terms[] = {// (2 atanh(s) - 2 s - s^3 2/3) / s^5 in z = s^2
                              0x1.999999999999ap-2, 0x1.2492492492522p-2, 0x1.c71c71c6ea5acp-3, 0x1.745d177ad436ap-3,
                              0x1.3b1395b82701ep-3, 0x1.1118cd67251c5p-3, 0x1.df7ba1f4809c3p-4, 0x1.e03a7acf07f85p-4};
  const LogReduced<R> r = log_reduce(x);
  const R f = r.m - R(1.0);
  const Wide<R> t = fast_two_sum(R(2.0), f);
  const R s = f / t.hi;
  const Wide<R> p = two_product(s, t.hi);
  const R sl = (((f - p.hi) - p.lo) - s * t.lo) / t.hi;  // s + sl = f / (2 + f)
  const Wide<R> z = two_product(s, s);
  const R zl = z.lo + R(2.0) * s * sl;
  const Wide<R> c = two_product(s, z.hi);
  const R cl = c.lo + (s * zl + sl * z.hi);  // c + cl = s^3
  const Wide<R> q = two_product(c.hi, R(0x1.5555555555555p-1));
  const R ql = q.lo + (c.hi * R(0x1.5555555555555p-55) + cl * R(0x1.5555555555555p-1));
  const R tail = (c.hi * z.hi) * polynomial(z.hi, terms);
  const Wide<R> a = fast_two_sum(r.e * R(ln2_short), R(2.0) * s);
  const Wide<R> b = fast_two_sum(a.hi, q.hi);
  return fast_two_sum(b.hi, b.lo + (a.lo + ((ql + tail) + (R(2.0) * sl + r.e * R(ln2_rest)))));
}
/// log x to the base whose 1/ln is scale_hi + scale_lo.
template <class R>
SIM_INLINE R log_to_base(R x, double scale_hi, double scale_lo) noexcept {
  const Wide<R> l = log_wide(x);
  const Wide<R> p = two_product(l.hi, R(scale_hi));
  return log_edges(x, p.hi + (p.lo + (l.hi * R(scale_lo) + l.lo * R(scale_hi))));
}

/// |x|^y without the rules for signs and NaN.
template <class R>
SIM_INLINE R power_of_magnitude(R a, R y) noexcept {
  const Wide<R> l = log_wide(a);
  const R exponent = limited(y, -0x1p70, 0x1p70);  // beyond, only a = 1 does not overflow or vanish
  const Wide<R> p = two_product(exponent, l.hi);
  const auto edge = (a == R(0.0)) | (a == R(infinity));
  const auto grows = (y > R(0.0)) ^ (a == R(0.0));
  const R q = select(edge, select(grows, R(exp_high), R(exp_low)), limited(p.hi, exp_low, exp_high));
  return exp_wide(q, select(q == p.hi, p.lo + exponent * l.lo, R(0.0)), 0.0);
}
template <class R>
SIM_INLINE R pow_of(R x, R y) noexcept {
  const R a = magnitude(x);
  const auto negative = with_sign_of(R(1.0), x) < R(0.0);
  const auto is_whole = floor_of(y) == y;
  const auto is_odd = is_whole & (magnitude(y) < R(0x1p53)) & (floor_of(y * R(0.5)) * R(2.0) != y);
  R result = power_of_magnitude(a, y);
  result = select(is_odd & negative, -result, result);
  result = select((x < R(0.0)) & (a < R(infinity)) & (!is_whole), R(not_a_number), result);
  result = select((x != x) | (y != y), x + y, result);
  return select((y == R(0.0)) | (x == R(1.0)), R(1.0), result);
}

}  // namespace sim::inline sdk_v1_0::detail
