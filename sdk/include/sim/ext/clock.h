/* sim.clock/1, from the host: the wall clock and the monotonic one. Simulated time stands in sim_lanes and sim_view. */
#ifndef SIM_EXT_CLOCK_H
#define SIM_EXT_CLOCK_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_CLOCK "sim.clock/1"
typedef struct sim_clock {
  uint32_t size, reserved;
  SIM_ANY int64_t (*wall_ns)(const sim_host* host); /* since 1970-01-01 UTC */
  SIM_ANY int64_t (*monotonic_ns)(const sim_host* host);
} sim_clock;

SIM_STATIC_ASSERT(sizeof(sim_clock) == 24, "sim_clock layout");

#ifdef __cplusplus
}
#endif
#endif
