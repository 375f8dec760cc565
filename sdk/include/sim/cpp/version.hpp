/// The version of the SDK's C++ side, its inline namespace and the compiler facts it stands on.
#pragma once

#include <sim/abi.h>

#define SIM_SDK_VERSION "1.0.0"

#if defined(__FAST_MATH__)
#error "simhost plugins must not be built with -ffast-math: it changes results between CPUs and the host's FP mode"
#endif
#if defined(__clang__) || !defined(__GNUC__)
#error "the C++ SDK needs g++ 12 or later; plugins in other languages use the C headers"
#endif

/// Forced inlining: a vector that travels through a call costs more than most of the operations on it.
#define SIM_INLINE inline __attribute__((always_inline))

/// Everything of the skin lives in `sim::sdk_v1_0`, so that two SDK versions in one process never merge.
namespace sim {
inline namespace sdk_v1_0 {}
}  // namespace sim
