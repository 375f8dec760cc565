/* sim.commands/1, from a model's get_extension: what can be asked of lanes at a tick boundary. */
#ifndef SIM_EXT_COMMANDS_H
#define SIM_EXT_COMMANDS_H

#include <sim/model.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_COMMANDS "sim.commands/1"
enum { SIM_COMMAND_HAZARDOUS = 1, SIM_COMMAND_IDEMPOTENT = 2 };

/* Session states as a bit mask; also the legal states of a command (0: running, ready and paused). */
enum { SIM_STATE_READY = 1, SIM_STATE_RUNNING = 2, SIM_STATE_PAUSED = 4, SIM_STATE_STOPPED = 8, SIM_STATE_FAILED = 16 };

typedef struct sim_command {
  uint32_t size, id, flags, states;
  const char *name, *title, *description;
  const sim_var* args;    /* [n_args] validated by the host against type and range */
  const sim_var* results; /* [n_results] */
  uint32_t n_args, n_results;
  /* Acts on lane k of lanes: args[n_args] in, results[n_results] out. It may write state and out of that lane. */
  SIM_STEP int32_t (*run)(void* inst, const sim_step* step, const sim_lanes* lanes, uint32_t k, const double* args,
                          double* results);
} sim_command;

typedef struct sim_commands {
  uint32_t size, count;
  const sim_command* commands;
} sim_commands;

SIM_STATIC_ASSERT(sizeof(sim_command) == 72, "sim_command layout");
SIM_STATIC_ASSERT(sizeof(sim_commands) == 16, "sim_commands layout");

#ifdef __cplusplus
}
#endif
#endif
