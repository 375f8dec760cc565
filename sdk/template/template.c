/* The smallest legal plugin in C: a first-order lag, T dy/dt + y = k u, stepped exactly for a held input. */
#include <math.h>
#include <sim/plugin.h>
#include <string.h>

enum { KELVIN, SECOND, ONE };
static const sim_unit units[] = {
    [KELVIN] = {sizeof(sim_unit), {0, 0, 0, 0, 1}, 0, "K", 1, 0},
    [SECOND] = {sizeof(sim_unit), {0, 0, 1}, 0, "s", 1, 0},
    [ONE] = {sizeof(sim_unit), {0}, 0, "1", 1, 0},
};

/* The columns of sim_lanes follow the order of these within each causality. */
static const sim_var vars[] = {
    {.size = sizeof(sim_var),
     .id = 1,
     .type = SIM_REAL,
     .causality = SIM_PARAMETER,
     .variability = SIM_TUNABLE,
     .unit = SECOND,
     .display_unit = SIM_NO_UNIT,
     .min = 1e-3,
     .max = 1e6,
     .nominal = 1,
     .start = 1,
     .name = "time_constant_s",
     .title = "Time constant"},
    {.size = sizeof(sim_var),
     .id = 2,
     .type = SIM_REAL,
     .causality = SIM_PARAMETER,
     .variability = SIM_TUNABLE,
     .unit = ONE,
     .display_unit = SIM_NO_UNIT,
     .min = -1e3,
     .max = 1e3,
     .nominal = 1,
     .start = 1,
     .name = "gain",
     .title = "Gain"},
    {.size = sizeof(sim_var),
     .id = 3,
     .type = SIM_REAL,
     .causality = SIM_INPUT,
     .variability = SIM_CONTINUOUS,
     .unit = KELVIN,
     .display_unit = SIM_NO_UNIT,
     .min = -1e3,
     .max = 1e3,
     .nominal = 100,
     .start = 0,
     .name = "input_k",
     .title = "Input"},
    {.size = sizeof(sim_var),
     .id = 4,
     .type = SIM_REAL,
     .causality = SIM_STATE,
     .variability = SIM_CONTINUOUS,
     .unit = KELVIN,
     .display_unit = SIM_NO_UNIT,
     .min = -1e6,
     .max = 1e6,
     .nominal = 100,
     .start = 0,
     .name = "lagged_k",
     .title = "Lagged value"},
};
enum { TIME_CONSTANT = 0, GAIN = 1, INPUT = 0, LAGGED = 0, DECAY = 0 };

static const sim_model_desc description = {
    .size = sizeof(sim_model_desc),
    .flags = SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC,
    .schema_version = 1,
    .n_vars = sizeof vars / sizeof vars[0],
    .n_units = sizeof units / sizeof units[0],
    .n_work = 1,
    .id = "template_c",
    .version = "1.0.0",
    .title = "First-order lag",
    .description = "T dy/dt + y = k u",
    .vars = vars,
    .units = units,
    .step_default_ns = 1000000,
    .step_min_ns = 1000,
    .step_max_ns = 3600000000000,
};

/* Runs when parameters or the step change, never on an ordinary tick: the place for exp(). */
static int32_t prepare(void* inst, const sim_step* step, const sim_lanes* lanes) {
  (void)inst;
  for (uint32_t k = 0; k < lanes->n; ++k) {
    if (lanes->active[k]) lanes->work[DECAY][k] = exp(-step->dt_s / lanes->param[TIME_CONSTANT][k]);
  }
  return SIM_OK;
}

/* Lanes with active 0 stay as they are. The host checks the results: this model does not say SIM_MODEL_CHECKED. */
static int32_t advance(void* inst, const sim_step* step, const sim_lanes* lanes) {
  (void)inst;
  (void)step;
  for (uint32_t k = 0; k < lanes->n; ++k) {
    const double target = lanes->param[GAIN][k] * lanes->in[INPUT][k];
    double* y = &lanes->state[LAGGED][k];
    if (lanes->active[k]) *y = target + (*y - target) * lanes->work[DECAY][k];
    lanes->status[k] = SIM_OK;
  }
  return SIM_OK;
}

static const sim_model model = {.size = sizeof(sim_model), .desc = &description, .prepare = prepare, .step = advance};
static const sim_model* const models[] = {&model};
static const sim_model_factory factory = {sizeof(sim_model_factory), 1, models};

static int32_t init(const sim_host* host, sim_error* error) {
  (void)host;
  (void)error;
  return SIM_OK;
}
static void deinit(void) {}
static const void* get_factory(const char* id) { return strcmp(id, SIM_MODEL_FACTORY) == 0 ? &factory : NULL; }

static const sim_entry entry = {sizeof(sim_entry), SIM_ABI_MINOR, init, deinit, get_factory};

SIM_EXPORT const sim_entry* sim_entry_v1(void);
SIM_EXPORT const sim_entry* sim_entry_v1(void) { return &entry; }
