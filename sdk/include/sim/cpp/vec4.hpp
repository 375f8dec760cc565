/// Four 64-bit elements in the widest registers the target has: one of 32 bytes with AVX2, else two of 16.
///
/// g++ splits a 32-byte vector into single elements where the CPU has only 16-byte ones; two explicit halves do not
/// suffer that. Only the operators that `pack.hpp` and the mathematics need are here.
#pragma once

#include <sim/cpp/version.hpp>

#include <cstdint>

namespace sim::inline sdk_v1_0::detail {

#if defined(__AVX2__)

using F64x4 = double __attribute__((vector_size(32)));
using I64x4 = std::int64_t __attribute__((vector_size(32)));
using U64x4 = std::uint64_t __attribute__((vector_size(32)));

SIM_INLINE F64x4 broadcast(double x) noexcept { return F64x4{x, x, x, x}; }
SIM_INLINE U64x4 broadcast(std::uint64_t x) noexcept { return U64x4{x, x, x, x}; }
SIM_INLINE U64x4 to_bits(F64x4 x) noexcept { return reinterpret_cast<U64x4>(x); }
SIM_INLINE U64x4 to_bits(I64x4 x) noexcept { return reinterpret_cast<U64x4>(x); }
SIM_INLINE F64x4 from_bits(U64x4 x) noexcept { return reinterpret_cast<F64x4>(x); }
/// `m < 0` instead of `m != 0` lets the compiler use the sign-driven blend as it is.
SIM_INLINE F64x4 blend(I64x4 m, F64x4 a, F64x4 b) noexcept { return m < 0 ? a : b; }
SIM_INLINE F64x4 root(F64x4 x) noexcept { return __builtin_ia32_sqrtpd256(x); }
SIM_INLINE U64x4 words(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) noexcept {
  return U64x4{a, b, c, d};
}
/// Products of the low halves of the elements.
SIM_INLINE U64x4 multiply_low(U64x4 a, U64x4 b) noexcept {
  using I32x8 = int __attribute__((vector_size(32)));
  return reinterpret_cast<U64x4>(__builtin_ia32_pmuludq256(reinterpret_cast<I32x8>(a), reinterpret_cast<I32x8>(b)));
}
template <class Vector>
SIM_INLINE auto element(Vector x, std::uint32_t i) noexcept {
  return x[i];
}
SIM_INLINE void set_element(F64x4& x, std::uint32_t i, double value) noexcept { x[i] = value; }
/// The sign of each element, element 0 in bit 0: one instruction where four extractions would be a dozen.
SIM_INLINE int signs(I64x4 x) noexcept { return __builtin_ia32_movmskpd256(reinterpret_cast<F64x4>(x)); }

#else

using F64x2 = double __attribute__((vector_size(16)));
using I64x2 = std::int64_t __attribute__((vector_size(16)));
using U64x2 = std::uint64_t __attribute__((vector_size(16)));
struct F64x4 {
  F64x2 lo, hi;
};
struct I64x4 {
  I64x2 lo, hi;
};
struct U64x4 {
  U64x2 lo, hi;
};

// clang-format off
#define SIM_HALVES_OPERATOR(T, op) \
  SIM_INLINE T operator op(T a, T b) noexcept { return {a.lo op b.lo, a.hi op b.hi}; }
#define SIM_HALVES_COMPARE(op) \
  SIM_INLINE I64x4 operator op(F64x4 a, F64x4 b) noexcept { return {a.lo op b.lo, a.hi op b.hi}; }
SIM_HALVES_OPERATOR(F64x4, +) SIM_HALVES_OPERATOR(F64x4, -) SIM_HALVES_OPERATOR(F64x4, *) SIM_HALVES_OPERATOR(F64x4, /)
SIM_HALVES_OPERATOR(I64x4, &) SIM_HALVES_OPERATOR(I64x4, |) SIM_HALVES_OPERATOR(I64x4, ^)
SIM_HALVES_OPERATOR(U64x4, &) SIM_HALVES_OPERATOR(U64x4, |) SIM_HALVES_OPERATOR(U64x4, ^)
SIM_HALVES_OPERATOR(U64x4, +) SIM_HALVES_OPERATOR(U64x4, -)
SIM_HALVES_COMPARE(<) SIM_HALVES_COMPARE(>) SIM_HALVES_COMPARE(<=)
SIM_HALVES_COMPARE(>=) SIM_HALVES_COMPARE(==) SIM_HALVES_COMPARE(!=)
#undef SIM_HALVES_OPERATOR
#undef SIM_HALVES_COMPARE
    // clang-format on
    SIM_INLINE F64x4
    operator-(F64x4 a) noexcept {
  return {-a.lo, -a.hi};
}
SIM_INLINE I64x4 operator~(I64x4 a) noexcept { return {~a.lo, ~a.hi}; }
SIM_INLINE U64x4 operator<<(U64x4 a, int n) noexcept { return {a.lo << n, a.hi << n}; }
SIM_INLINE U64x4 operator>>(U64x4 a, int n) noexcept { return {a.lo >> n, a.hi >> n}; }

SIM_INLINE F64x4 broadcast(double x) noexcept { return {F64x2{x, x}, F64x2{x, x}}; }
SIM_INLINE U64x4 broadcast(std::uint64_t x) noexcept { return {U64x2{x, x}, U64x2{x, x}}; }
SIM_INLINE U64x4 to_bits(F64x4 x) noexcept { return {reinterpret_cast<U64x2>(x.lo), reinterpret_cast<U64x2>(x.hi)}; }
SIM_INLINE U64x4 to_bits(I64x4 x) noexcept { return {reinterpret_cast<U64x2>(x.lo), reinterpret_cast<U64x2>(x.hi)}; }
SIM_INLINE F64x4 from_bits(U64x4 x) noexcept { return {reinterpret_cast<F64x2>(x.lo), reinterpret_cast<F64x2>(x.hi)}; }
SIM_INLINE F64x2 blend(I64x2 m, F64x2 a, F64x2 b) noexcept {
  return reinterpret_cast<F64x2>((m & reinterpret_cast<I64x2>(a)) | (~m & reinterpret_cast<I64x2>(b)));
}
SIM_INLINE F64x4 blend(I64x4 m, F64x4 a, F64x4 b) noexcept {
  return {blend(m.lo, a.lo, b.lo), blend(m.hi, a.hi, b.hi)};
}
SIM_INLINE F64x2 root(F64x2 x) noexcept {
#if defined(__SSE2__)
  return __builtin_ia32_sqrtpd(x);
#else
  return F64x2{__builtin_sqrt(x[0]), __builtin_sqrt(x[1])};
#endif
}
SIM_INLINE F64x4 root(F64x4 x) noexcept { return {root(x.lo), root(x.hi)}; }
SIM_INLINE U64x4 words(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) noexcept {
  return {U64x2{a, b}, U64x2{c, d}};
}
SIM_INLINE U64x2 multiply_low(U64x2 a, U64x2 b) noexcept {
#if defined(__SSE2__)
  using I32x4 = int __attribute__((vector_size(16)));
  return reinterpret_cast<U64x2>(__builtin_ia32_pmuludq128(reinterpret_cast<I32x4>(a), reinterpret_cast<I32x4>(b)));
#else
  return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}
SIM_INLINE U64x4 multiply_low(U64x4 a, U64x4 b) noexcept {
  return {multiply_low(a.lo, b.lo), multiply_low(a.hi, b.hi)};
}
template <class Vector>
SIM_INLINE auto element(Vector x, std::uint32_t i) noexcept {
  return i < 2 ? x.lo[i] : x.hi[i - 2];
}
SIM_INLINE void set_element(F64x4& x, std::uint32_t i, double value) noexcept { (i < 2 ? x.lo : x.hi)[i & 1] = value; }
SIM_INLINE int signs(I64x2 x) noexcept {
#if defined(__SSE2__)
  return __builtin_ia32_movmskpd(reinterpret_cast<F64x2>(x));
#else
  return (x[0] < 0 ? 1 : 0) | (x[1] < 0 ? 2 : 0);
#endif
}
SIM_INLINE int signs(I64x4 x) noexcept { return signs(x.lo) | signs(x.hi) << 2; }

#endif

}  // namespace sim::inline sdk_v1_0::detail
