/* A model: its variables and units, and the functions that step n lanes of it at once. */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include <sim/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { SIM_REAL = 1, SIM_INTEGER = 2, SIM_BOOLEAN = 3, SIM_ENUM = 4 };
enum { SIM_PARAMETER = 1, SIM_INPUT = 2, SIM_OUTPUT = 3, SIM_STATE = 4 };
enum { SIM_CONSTANT = 1, SIM_FIXED = 2, SIM_TUNABLE = 3, SIM_CONTINUOUS = 4, SIM_DISCRETE = 5 };
enum { SIM_VAR_HIDDEN = 1, SIM_VAR_LOG_SCALE = 2 };
#define SIM_NO_UNIT 0xffffffffu

/* value in base SI = factor * value in this unit + offset; exponents of kg m s A K mol cd rad. */
typedef struct sim_unit {
  uint32_t size;
  int8_t exponents[8];
  uint32_t reserved;
  const char* name; /* "rpm", "N.m", "degC", "1" */
  double factor, offset;
} sim_unit;

/* A variable. All cross as doubles; integers, booleans (0, 1) and enums (place in enum_names) ride exactly. */
typedef struct sim_var {
  uint32_t size, id; /* id: never reused within a model, 1..2^31 */
  uint32_t type, causality, variability, flags;
  uint32_t unit, display_unit; /* places in the model's unit table, or SIM_NO_UNIT */
  double min, max, nominal, start;
  const char *name, *title, *description, *group; /* name: snake_case with the unit last */
  const char* const* enum_names;
  uint32_t n_enum, reserved;
} sim_var;

/* CHECKED: step reports non-finite lanes itself (the C++ skin does); else the host checks, and restores such lanes. */
enum { SIM_MODEL_FLAT = 1, SIM_MODEL_DETERMINISTIC = 2, SIM_MODEL_CHECKED = 4 };

/* Immortal until deinit returns. The columns of sim_lanes follow the order of vars within each causality. */
typedef struct sim_model_desc {
  uint32_t size, flags, schema_version, n_vars, n_units, n_work, max_lanes, reserved;
  const char *id, *version, *title, *description;
  const sim_var* vars;
  const sim_unit* units;
  int64_t step_default_ns, step_min_ns, step_max_ns;
} sim_model_desc;

/* What one call of step, prepare or reset is about. */
typedef struct sim_step {
  uint32_t size, flags;
  int64_t dt_ns;
  double dt_s;
  int64_t deadline_ns; /* monotonic clock; 0 none */
} sim_step;

/* SAME_PARAMETERS: all n lanes have the same parameters, and so the same work: a step may read those of the first lanes
 * (what a vector holds) for all. */
enum { SIM_LANES_SAME_PARAMETERS = 1 };

/* n lanes as structure of arrays, all host-owned for the call, 64-byte aligned, capacity (a multiple of 8) long.
 * Padding lanes (n..capacity-1) are readable and writable, hold start values and have active 0. Lanes with active 0 are
 * written back unchanged. */
typedef struct sim_lanes {
  uint32_t size, n, capacity, flags;
  const double* const* in;    /* [input][lane] */
  double* const* out;         /* [output][lane] */
  const double* const* param; /* [parameter][lane] */
  double* const* state;       /* [state][lane] */
  double* const* work;        /* [n_work][lane] derived by prepare; never in a checkpoint or digest */
  const uint64_t* tick;       /* ticks done by this lane before the call */
  const double* time_s;       /* tick * dt */
  const uint64_t* seed;
  const uint32_t* lane;  /* place of the lane in its session */
  const int64_t* active; /* 0 or -1 */
  int32_t* status;       /* out: SIM_OK, SIM_DISCARD (nothing of the lane changed) or SIM_ERROR */
} sim_lanes;

/* The functions of a model. Flat models have one inst per generation, read-only after create. */
typedef struct sim_host sim_host;
typedef struct sim_model {
  uint32_t size, reserved;
  const sim_model_desc* desc;
  SIM_CTL int32_t (*create)(const sim_host* host, void** inst, sim_error* error); /* optional */
  SIM_CTL void (*destroy)(void* inst);                                            /* optional */
  /* On fresh lanes, after the client's values and before prepare: what depends on parameters. Optional. */
  SIM_STEP int32_t (*reset)(void* inst, const sim_step* step, const sim_lanes* lanes);
  /* Fills work: after create, parameter writes, restore and reload. active marks the lanes meant. Optional. */
  SIM_STEP int32_t (*prepare)(void* inst, const sim_step* step, const sim_lanes* lanes);
  /* Advances every active lane by dt. Returns OK or FATAL; what befell a lane stands in status[]. */
  SIM_STEP int32_t (*step)(void* inst, const sim_step* step, const sim_lanes* lanes);
  SIM_ANY const void* (*get_extension)(const char* id); /* "sim.commands/1"; optional */
} sim_model;

SIM_STATIC_ASSERT(sizeof(sim_unit) == 40, "sim_unit layout");
SIM_STATIC_ASSERT(sizeof(sim_var) == 112, "sim_var layout");
SIM_STATIC_ASSERT(sizeof(sim_model_desc) == 104, "sim_model_desc layout");
SIM_STATIC_ASSERT(sizeof(sim_step) == 32, "sim_step layout");
SIM_STATIC_ASSERT(sizeof(sim_lanes) == 104, "sim_lanes layout");
SIM_STATIC_ASSERT(sizeof(sim_model) == 64, "sim_model layout");

#ifdef __cplusplus
}
#endif
#endif
