/// Four lanes in one number: the type a generic model is instantiated with beside `double`, and the masks of both.
#pragma once

#include <sim/cpp/vec4.hpp>

#include <concepts>
#include <cstring>

namespace sim::inline sdk_v1_0 {

/// Four truths, one per lane, each all ones or all zeros. `bool` plays its part for `double`.
struct Mask {
  detail::I64x4 v;
  Mask() = default;
  SIM_INLINE Mask(detail::I64x4 lanes) noexcept : v(lanes) {}
  template <std::same_as<bool> B>  // no number is a truth
  SIM_INLINE Mask(B all) noexcept : v(all ? ~detail::I64x4{} : detail::I64x4{}) {}
};

/// Four doubles. Arithmetic is lane by lane and exactly that of `double`; a plain number stands for all lanes.
struct Pack {
  static constexpr std::uint32_t width = 4;
  detail::F64x4 v;
  Pack() = default;
  SIM_INLINE Pack(detail::F64x4 lanes) noexcept : v(lanes) {}
  SIM_INLINE Pack(double all) noexcept : v(detail::broadcast(all)) {}
};

SIM_INLINE Pack operator+(Pack a) noexcept { return a; }
SIM_INLINE Pack operator-(Pack a) noexcept { return Pack(-a.v); }
SIM_INLINE Pack operator+(Pack a, Pack b) noexcept { return Pack(a.v + b.v); }
SIM_INLINE Pack operator-(Pack a, Pack b) noexcept { return Pack(a.v - b.v); }
SIM_INLINE Pack operator*(Pack a, Pack b) noexcept { return Pack(a.v * b.v); }
SIM_INLINE Pack operator/(Pack a, Pack b) noexcept { return Pack(a.v / b.v); }
SIM_INLINE Pack& operator+=(Pack& a, Pack b) noexcept { return a = a + b; }
SIM_INLINE Pack& operator-=(Pack& a, Pack b) noexcept { return a = a - b; }
SIM_INLINE Pack& operator*=(Pack& a, Pack b) noexcept { return a = a * b; }
SIM_INLINE Pack& operator/=(Pack& a, Pack b) noexcept { return a = a / b; }
SIM_INLINE Mask operator<(Pack a, Pack b) noexcept { return Mask(a.v < b.v); }
SIM_INLINE Mask operator>(Pack a, Pack b) noexcept { return Mask(a.v > b.v); }
SIM_INLINE Mask operator<=(Pack a, Pack b) noexcept { return Mask(a.v <= b.v); }
SIM_INLINE Mask operator>=(Pack a, Pack b) noexcept { return Mask(a.v >= b.v); }
SIM_INLINE Mask operator==(Pack a, Pack b) noexcept { return Mask(a.v == b.v); }
SIM_INLINE Mask operator!=(Pack a, Pack b) noexcept { return Mask(a.v != b.v); }

// `&&` and `||` are left out on purpose: they promise to skip their right side, which lanes cannot.
SIM_INLINE Mask operator&(Mask a, Mask b) noexcept { return Mask(a.v & b.v); }
SIM_INLINE Mask operator|(Mask a, Mask b) noexcept { return Mask(a.v | b.v); }
SIM_INLINE Mask operator^(Mask a, Mask b) noexcept { return Mask(a.v ^ b.v); }
SIM_INLINE Mask operator!(Mask a) noexcept { return Mask(~a.v); }

namespace detail {
template <class Real>
struct Traits;
template <>
struct Traits<double> {
  using Mask = bool;
  using Words = std::uint64_t;
  static constexpr std::uint32_t width = 1;
};
template <>
struct Traits<Pack> {
  using Mask = sim::Mask;
  using Words = U64x4;
  static constexpr std::uint32_t width = Pack::width;
};
/// As many unsigned integers as `Real` has lanes.
template <class Real>
using words_t = typename Traits<Real>::Words;
template <class Real, class Integer>
SIM_INLINE words_t<Real> load_words(const Integer* from) noexcept {
  if constexpr (Traits<Real>::width == 1)
    return from[0];
  else
    return words(from[0], from[1], from[2], from[3]);
}
}  // namespace detail

/// What a comparison of two `Real` gives: `bool` or `Mask`.
template <class Real>
using mask_t = typename detail::Traits<Real>::Mask;

SIM_INLINE bool any(bool m) noexcept { return m; }
SIM_INLINE bool all(bool m) noexcept { return m; }
SIM_INLINE bool any(Mask m) noexcept { return detail::signs(m.v) != 0; }
SIM_INLINE bool all(Mask m) noexcept { return detail::signs(m.v) == 15; }

/// `m ? a : b`, both sides computed.
SIM_INLINE double select(bool m, double a, double b) noexcept { return m ? a : b; }
SIM_INLINE Pack select(Mask m, Pack a, Pack b) noexcept { return Pack(detail::blend(m.v, a.v, b.v)); }
SIM_INLINE bool select(bool m, bool a, bool b) noexcept { return m ? a : b; }
SIM_INLINE Mask select(Mask m, Mask a, Mask b) noexcept { return (m & a) | ((!m) & b); }

/// Lane `i` of a number; a `double` has but one.
SIM_INLINE double lane_of(double x, std::uint32_t) noexcept { return x; }
SIM_INLINE double lane_of(Pack x, std::uint32_t i) noexcept { return detail::element(x.v, i); }
SIM_INLINE bool lane_of(bool m, std::uint32_t) noexcept { return m; }
SIM_INLINE bool lane_of(Mask m, std::uint32_t i) noexcept { return detail::element(m.v, i) != 0; }
SIM_INLINE void set_lane(double& x, std::uint32_t, double value) noexcept { x = value; }
SIM_INLINE void set_lane(Pack& x, std::uint32_t i, double value) noexcept { detail::set_element(x.v, i, value); }

/// Reads and writes as many lanes as `Real` has. Any alignment will do.
template <class Real>
SIM_INLINE Real load(const double* from) noexcept {
  Real x;
  std::memcpy(&x, from, sizeof x);
  return x;
}
SIM_INLINE void store(double* to, double x) noexcept { *to = x; }
SIM_INLINE void store(double* to, Pack x) noexcept { std::memcpy(to, &x, sizeof x); }

}  // namespace sim::inline sdk_v1_0
