/// Which reading of a sensor falls due in a tick, and what was injected into it.
#pragma once

#include <sim/cpp/math.hpp>

#include "variables.hpp"

namespace robot_test_rig {

/// What a sensor keeps, wherever it stands in the state.
template <class R>
struct Channel {
  R hz;
  R &next, &at_s, &left_out, &queue, &count;
};

/// The reading of one tick, where there is one.
template <class R>
struct Due {
  sim::mask_t<R> reads;
  R index, time_s;
  R injection;  ///< a digit of the queue, 0 for none
};

/// Reading k is due at k/f, and comes with the first tick at or after that. Products of times and rates round: a
/// reading may come a millionth of its period early, so that none comes a tick late.
inline constexpr double slack = 1e-6;

/// now_s: the end of the tick. At most one reading a tick: rates are at most 100 Hz, steps at most 10 ms.
template <class R>
SIM_INLINE Due<R> take_due(const Channel<R>& sensor, R now_s) noexcept {
  const R index = sensor.next;
  const sim::mask_t<R> due = index <= now_s * sensor.hz + slack;
  const sim::mask_t<R> missing = due & (sensor.left_out > 0.5), pops = due & !missing;
  const R rest = sim::floor(sensor.queue * (1 / queue_base));
  const R injection = sim::select(pops, sensor.queue - queue_base * rest, R(0.0));
  const sim::mask_t<R> drops = injection == R(double{dropout}), reads = pops & !drops;
  const R gap = sim::max(sim::round(sensor.hz), R(1.0));  // readings of one second

  sensor.queue = sim::select(pops, rest, sensor.queue);
  sensor.left_out = sim::select(drops, gap - 1.0, sim::select(missing, sensor.left_out - 1.0, sensor.left_out));
  sensor.next = sim::select(due, index + 1.0, index);
  const R time_s = index / sensor.hz;
  sensor.at_s = sim::select(reads, time_s, sensor.at_s);
  sensor.count = sim::select(reads, sensor.count + 1.0, sensor.count);
  return {reads, index, time_s, injection};
}

/// How many injections wait in a queue.
inline unsigned queue_length(double queue) noexcept {
  unsigned length = 0;
  for (; queue >= 1; queue = sim::floor(queue / queue_base)) ++length;
  return length;
}
/// The queue with one more at its end; there must be room.
inline double queue_with(double queue, Injection injection) noexcept {
  double place = 1;
  for (unsigned n = queue_length(queue); n > 0; --n) place *= queue_base;
  return queue + place * static_cast<double>(injection);
}

}  // namespace robot_test_rig
