/// What a step may ask for beside its structs, and how it says that a lane could not be stepped.
#pragma once

#include <sim/model.h>
#include <sim/cpp/random.hpp>

#include <cstddef>

namespace sim::inline sdk_v1_0 {

/// Where a lane stands. A step that takes `const sim::Context<Real>&` as its last argument gets it.
template <class Real>
struct Context {
  double dt_s;
  Real time_s;          ///< at the start of the step: tick * dt
  Real tick;            ///< ticks done before this step, as a number
  Real lane;            ///< place in the session
  Random<Real> random;  ///< of this lane and tick
};

/// What became of the lanes of one step. A step returns void, or this where it can refuse.
template <class Real>
struct Outcome {
  mask_t<Real> discarded{false};  ///< not done: state and outputs stay as they were, the session goes on
  mask_t<Real> failed{false};     ///< the session of this lane fails, with the values it had before
};
template <class Real>
SIM_INLINE Outcome<Real> discard_where(mask_t<Real> refused) noexcept {
  return {refused, false};
}
template <class Real>
SIM_INLINE Outcome<Real> fail_where(mask_t<Real> broken) noexcept {
  return {false, broken};
}

namespace detail {

template <class R>
SIM_INLINE R number_of(words_t<R> integer) noexcept {  // exact below 2^52
  return real(integer | whole<R>(0x4330000000000000u)) - R(0x1p52);
}

/// The context of the lanes from k on.
template <class R>
SIM_INLINE Context<R> context_at(const sim_step& step, const sim_lanes& lanes, std::size_t k) noexcept {
  const auto tick = load_words<R>(lanes.tick + k);
  const auto lane = load_words<R>(lanes.lane + k);
  return {step.dt_s, load<R>(lanes.time_s + k), number_of<R>(tick), number_of<R>(lane),
          Random<R>(load_words<R>(lanes.seed + k), lane, tick)};
}

}  // namespace detail
}  // namespace sim::inline sdk_v1_0
