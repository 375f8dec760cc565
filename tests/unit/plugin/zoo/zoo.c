/* One small plugin in many bad variants: each ZOO_ macro turns on one misdeed. Without any it is a good one. */
#define _GNU_SOURCE
#include <string.h>

#include <sim/ext/commands.h>
#include <sim/ext/config.h>
#include <sim/ext/routes.h>
#include <sim/ext/streams.h>
#include "zoo.h"

#ifndef ZOO_ID
#define ZOO_ID "zoo_good"
#endif
#ifndef ZOO_MODEL
#define ZOO_MODEL ZOO_ID "_model"
#endif
#ifndef ZOO_VERSION
#define ZOO_VERSION "1.0.0"
#endif
#ifndef ZOO_ABI_MAJOR
#define ZOO_ABI_MAJOR SIM_ABI_MAJOR
#endif
#ifndef ZOO_CPU_LEVEL
#define ZOO_CPU_LEVEL SIM_CPU_BASELINE
#endif
#ifndef ZOO_SOURCE_HASH
#define ZOO_SOURCE_HASH "5a00"
#endif
#ifndef ZOO_GAIN_ID
#define ZOO_GAIN_ID 1
#endif
#ifndef ZOO_GAIN_MAX
#define ZOO_GAIN_MAX 10
#endif

#ifndef ZOO_NO_STAMP
__attribute__((section(SIM_STAMP_SECTION), used)) static const sim_stamp stamp = {
    .magic = {'S', 'I', 'M', 'S', 'T', 'M', 'P', '1'},
    .size = sizeof(sim_stamp),
    .abi_major = ZOO_ABI_MAJOR,
    .abi_minor = SIM_ABI_MINOR,
    .pointer_bytes = sizeof(void*),
    .little_endian = 1,
    .cpu_level = ZOO_CPU_LEVEL,
    .id = ZOO_ID,
    .version = ZOO_VERSION,
    .vendor = "the zoo",
    .license = "MIT",
    .sdk_version = "0.1.0",
    .source_hash = ZOO_SOURCE_HASH};
#endif

static const sim_host* host_of_plugin;
static void note(const char* word) {
  const zoo_notes* notes = host_of_plugin->get_extension(host_of_plugin, ZOO_NOTES);
  if (notes != NULL) notes->note(host_of_plugin, word);
}

/* A variable of a later SDK when ZOO_FUTURE is set: this host is to step over what it does not know. */
typedef struct zoo_var {
  sim_var known;
#ifdef ZOO_FUTURE
  double unknown[3];
#endif
} zoo_var;
#define VAR(...)                                                                                                  \
  {                                                                                                               \
    .known = {.size = sizeof(zoo_var), .type = SIM_REAL, .display_unit = SIM_NO_UNIT, .nominal = 1, __VA_ARGS__ } \
  }

static const sim_unit units[] = {
    {.size = sizeof(sim_unit), .name = "1", .factor = 1},
    {.size = sizeof(sim_unit), .name = "rpm", .exponents = {0, 0, -1, 0, 0, 0, 0, 1}, .factor = 0.10471975511965977}};
static const char* const modes[] = {"off", "on", "auto"};

static const zoo_var vars[] = {
#ifndef ZOO_WITHOUT_GAIN
    VAR(.id = ZOO_GAIN_ID, .name = "gain", .causality = SIM_PARAMETER, .variability = SIM_TUNABLE, .min = 0,
        .max = ZOO_GAIN_MAX, .start = 2),
#endif
    VAR(.id = 2, .name = "demand_rpm", .causality = SIM_INPUT, .variability = SIM_CONTINUOUS, .unit = 1, .min = -100,
        .max = 100),
    VAR(.id = 3, .name = "speed_rpm", .causality = SIM_STATE, .variability = SIM_CONTINUOUS, .unit = 1, .min = -1e6,
        .max = 1e6),
    VAR(.id = 4, .name = "answer_rpm", .causality = SIM_OUTPUT, .variability = SIM_CONTINUOUS, .unit = 1, .min = -1e9,
        .max = 1e9),
    {.known = {.size = sizeof(zoo_var),
               .id = 5,
               .type = SIM_ENUM,
               .causality = SIM_INPUT,
               .variability = SIM_DISCRETE,
               .unit = SIM_NO_UNIT,
               .display_unit = SIM_NO_UNIT,
               .max = 2,
               .nominal = 1,
               .start = 1,
               .name = "mode",
               .title = "Mode",
               .enum_names = modes,
               .n_enum = 3}},
#ifdef ZOO_MORE
    VAR(.id = 6, .name = "bias_rpm", .causality = SIM_PARAMETER, .variability = SIM_TUNABLE, .unit = 1, .min = -5,
        .max = 5, .start = 0.5),
#endif
#ifdef ZOO_DUPLICATE_IDS
    VAR(.id = 2, .name = "second_rpm", .causality = SIM_INPUT, .variability = SIM_CONTINUOUS, .min = -1, .max = 1),
#endif
#ifdef ZOO_MIN_ABOVE_MAX
    VAR(.id = 7, .name = "narrow", .causality = SIM_PARAMETER, .variability = SIM_FIXED, .min = 3, .max = -3),
#endif
};

static int32_t create(const sim_host* host, void** inst, sim_error* error) {
  (void)host, (void)error;
  *inst = NULL;
#ifdef ZOO_CREATE_FAILS
  strcpy(error->code, "no_licence");
  strcpy(error->message, "the licence has run out");
  return SIM_ERROR;
#else
  static char instance;
  *inst = &instance;
  note("create");
  return SIM_OK;
#endif
}

static void destroy(void* inst) {
  (void)inst;
  note("destroy");
}

static int calls; /* a static of the library: two generations must not share it */
static int32_t step(void* inst, const sim_step* at, const sim_lanes* lanes) {
  (void)inst;
  (void)at;
  ++calls;
  for (uint32_t k = 0; k < lanes->n; ++k) {
    lanes->out[0][k] = calls;
    lanes->status[k] = SIM_OK;
  }
  return SIM_OK;
}

static int32_t run(void* inst, const sim_step* at, const sim_lanes* lanes, uint32_t k, const double* args,
                   double* results) {
  (void)inst;
  (void)at;
  lanes->state[0][k] = args[0];
  results[0] = args[0];
  return SIM_OK;
}
static const sim_var arguments[] = {{.size = sizeof(sim_var),
                                     .type = SIM_REAL,
                                     .unit = 1,
                                     .display_unit = SIM_NO_UNIT,
                                     .min = -100,
                                     .max = 100,
                                     .nominal = 1,
                                     .name = "speed_rpm"}};
static const sim_command command_list[] = {{.size = sizeof(sim_command),
                                            .id = 1,
                                            .flags = SIM_COMMAND_HAZARDOUS,
                                            .name = "kick",
                                            .title = "Kick",
                                            .args = arguments,
                                            .results = arguments,
                                            .n_args = 1,
                                            .n_results = 1,
                                            .run = run}};
static const sim_commands commands = {sizeof(sim_commands), 1, command_list};
static const void* model_extension(const char* id) { return strcmp(id, SIM_COMMANDS) == 0 ? &commands : NULL; }

static const sim_model_desc description = {
#ifdef ZOO_BAD_SIZE
    .size = 3,
#else
    .size = sizeof(sim_model_desc),
#endif
    .flags = SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC,
    .schema_version = 1,
    .n_vars = sizeof(vars) / sizeof(vars[0]),
    .n_units = 2,
    .max_lanes = 64,
    .id = ZOO_MODEL,
    .version = ZOO_VERSION,
    .title = "A model of the zoo",
    .vars = &vars[0].known,
    .units = units,
    .step_default_ns = 1000000,
    .step_min_ns = 1000,
    .step_max_ns = 1000000000};
static const sim_model model = {.size = sizeof(sim_model),
                                .desc = &description,
                                .create = create,
                                .destroy = destroy,
                                .step = step,
                                .get_extension = model_extension};
static const sim_model* const models[] = {&model};
static const sim_model_factory factory = {sizeof(sim_model_factory), 1, models};

static int32_t handle(const sim_host* host, const sim_request* request, sim_reply* reply) {
  (void)host;
  (void)request;
  return reply->status(reply->context, 200);
}
static const sim_answer answers[] = {{.size = sizeof(sim_answer), .status = 200, .description = "fine"}};
static const sim_route route_list[] = {{.size = sizeof(sim_route),
                                        .n_answers = 1,
                                        .method = "GET",
                                        .path = "/health",
                                        .id = "health",
                                        .answers = answers,
                                        .handle = handle}};
static const sim_routes routes = {
    .size = sizeof(sim_routes), .count = 1, .routes = route_list, .cors_methods = "GET, POST"};

static int32_t client(const sim_host* host, const sim_request* request, uint64_t id, const sim_sink* sink) {
  (void)host;
  (void)request;
  (void)id;
  (void)sink;
  return SIM_OK;
}
static int32_t encode(const sim_view* before, const sim_view* now, uint32_t variant, const sim_sink* sink) {
  (void)before;
  (void)now;
  (void)variant;
  return sink->message(sink->context, SIM_TEXT, "{}", 2);
}
static const uint32_t seen[] = {3};
static const sim_stream stream_list[] = {{.size = sizeof(sim_stream),
                                          .n_vars = 1,
                                          .period_ns = 1000000,
                                          .path = "/ws",
                                          .vars = seen,
                                          .model = ZOO_MODEL,
                                          .open = client,
                                          .encode = encode}};
static const sim_streams streams = {sizeof(sim_streams), 1, stream_list};

static const sim_setting setting_list[] = {{.size = sizeof(sim_setting),
                                            .type = SIM_INTEGER,
                                            .role = SIM_ROLE_LISTENER_PORT,
                                            .key = "port",
                                            .environment = "PORT",
                                            .fallback = "8000",
                                            .max = 65535}};
static const sim_settings settings = {sizeof(sim_settings), 1, setting_list};

static int32_t init(const sim_host* host, sim_error* error) {
  host_of_plugin = host;
#ifdef ZOO_INIT_FAILS
  strcpy(error->code, "no_device");
  strcpy(error->message, "there is no device at port 7");
  return SIM_ERROR;
#else
  (void)error;
#ifdef ZOO_PINS_ITSELF
  extern int zoo_pin(const void* address);
  if (zoo_pin(&init) != 0) return SIM_ERROR;
#endif
  note("init");
  return SIM_OK;
#endif
}
static void deinit(void) { note("deinit"); }

static const void* get_factory(const char* id) {
  if (strcmp(id, SIM_MODEL_FACTORY) == 0) return &factory;
  if (strcmp(id, SIM_ROUTES) == 0) return &routes;
  if (strcmp(id, SIM_STREAMS) == 0) return &streams;
  return strcmp(id, SIM_CONFIG) == 0 ? &settings : NULL;
}

const sim_entry* sim_entry_v1(void);
#ifdef ZOO_NO_ENTRY
__attribute__((visibility("hidden")))
#else
SIM_EXPORT
#endif
const sim_entry*
sim_entry_v1(void) {
  static const sim_entry entry = {sizeof(sim_entry), SIM_ABI_MINOR, init, deinit, get_factory};
#ifdef ZOO_NULL_ENTRY
  return entry.size == 0 ? &entry : NULL;
#else
  return &entry;
#endif
}
