/* sim.jobs/1, from the host: work off the tick. Plugins start no threads of their own. */
#ifndef SIM_EXT_JOBS_H
#define SIM_EXT_JOBS_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_JOBS "sim.jobs/1"

/* Posted work runs [io], serialised with the plugin's routes; it dies with its generation (init posts it again). */
typedef struct sim_jobs {
  uint32_t size, reserved;
  SIM_ANY int32_t (*post)(const sim_host* host, void (*run)(const sim_host* host, void* context), void* context);
  SIM_ANY int32_t (*post_after)(const sim_host* host, int64_t delay_ns,
                                void (*run)(const sim_host* host, void* context), void* context);
  /* Calls run(context, i) for i in 0..count-1 on the host's arena and returns when all are done. */
  SIM_IO int32_t (*parallel)(const sim_host* host, uint64_t count, void (*run)(void* context, uint64_t i),
                             void* context);
} sim_jobs;

SIM_STATIC_ASSERT(sizeof(sim_jobs) == 32, "sim_jobs layout");

#ifdef __cplusplus
}
#endif
#endif
