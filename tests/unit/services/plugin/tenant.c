/* The plugin the tests of the services load: one model, routes that echo, wait and get stuck, one stream. Macros make
 * its later versions and its faulty ones. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sim/ext/commands.h>
#include <sim/ext/config.h>
#include <sim/ext/jobs.h>
#include <sim/ext/metrics.h>
#include <sim/ext/routes.h>
#include <sim/ext/sessions.h>
#include <sim/ext/streams.h>

#ifndef TENANT_VERSION
#define TENANT_VERSION "1.0.0"
#endif
#ifndef TENANT_VARIANT
#define TENANT_VARIANT "plain"
#endif
#ifndef TENANT_BODY
#define TENANT_BODY \
  "{\"type\":\"object\",\"required\":[\"gain\"],\"properties\":{\"gain\":{\"$ref\":\"sim:tank/gain\"}}}"
#endif
#ifndef TENANT_STREAM
#define TENANT_STREAM "/ws"
#endif

__attribute__((section(SIM_STAMP_SECTION), used)) static const sim_stamp stamp = {
    .magic = {'S', 'I', 'M', 'S', 'T', 'M', 'P', '1'},
    .size = sizeof(sim_stamp),
    .abi_major = SIM_ABI_MAJOR,
    .abi_minor = SIM_ABI_MINOR,
    .pointer_bytes = sizeof(void*),
    .little_endian = 1,
    .cpu_level = SIM_CPU_BASELINE,
    .id = "tenant",
    .version = TENANT_VERSION,
    .vendor = "the tests",
    .license = "MIT",
    .sdk_version = "0.1.0",
    .source_hash = "7e00"};

/* --- the model: a tank that fills at gain * flow --- */
#define VAR(...)                                                                                               \
  {                                                                                                            \
    .size = sizeof(sim_var), .type = SIM_REAL, .unit = SIM_NO_UNIT, .display_unit = SIM_NO_UNIT, .nominal = 1, \
    __VA_ARGS__                                                                                                \
  }
static const char* const modes[] = {"closed", "open"};
static const sim_var vars[] = {
#ifndef TENANT_WITHOUT_GAIN
    VAR(.id = 1, .name = "gain", .causality = SIM_PARAMETER, .variability = SIM_TUNABLE, .min = 0, .max = 10,
        .start = 2),
#endif
    VAR(.id = 2, .name = "flow", .causality = SIM_INPUT, .variability = SIM_CONTINUOUS, .min = -100, .max = 100,
        .start = 1),
    VAR(.id = 3, .name = "level", .causality = SIM_STATE, .variability = SIM_CONTINUOUS, .min = -1e9, .max = 1e9),
    VAR(.id = 4, .name = "shown", .causality = SIM_OUTPUT, .variability = SIM_CONTINUOUS, .min = -1e9, .max = 1e9),
#ifdef TENANT_MORE
    VAR(.id = 6, .name = "bias", .causality = SIM_PARAMETER, .variability = SIM_TUNABLE, .min = -5, .max = 5),
#endif
    {.size = sizeof(sim_var),
     .id = 5,
     .type = SIM_ENUM,
     .causality = SIM_INPUT,
     .variability = SIM_DISCRETE,
     .unit = SIM_NO_UNIT,
     .display_unit = SIM_NO_UNIT,
     .max = 1,
     .nominal = 1,
     .start = 1,
     .name = "valve",
     .enum_names = modes,
     .n_enum = 2},
};

static int32_t step(void* inst, const sim_step* at, const sim_lanes* lanes) {
  (void)inst;
  for (uint32_t k = 0; k < lanes->n; ++k) {
    lanes->status[k] = SIM_OK;
    if (lanes->active[k] == 0) continue;
#ifdef TENANT_WITHOUT_GAIN
    lanes->state[0][k] += lanes->in[0][k] * at->dt_s;
#else
    lanes->state[0][k] += lanes->param[0][k] * lanes->in[0][k] * at->dt_s;
#endif
    lanes->out[0][k] = lanes->state[0][k];
  }
  return SIM_OK;
}

static int32_t prepare(void* inst, const sim_step* at, const sim_lanes* lanes) {
  (void)inst, (void)at, (void)lanes;
#ifdef TENANT_PREPARE_FAILS
  return SIM_ERROR;
#else
  return SIM_OK;
#endif
}

static int32_t pour(void* inst, const sim_step* at, const sim_lanes* lanes, uint32_t k, const double* args,
                    double* results) {
  (void)inst, (void)at;
  if (args[0] == 13) return SIM_DISCARD;
  lanes->state[0][k] += args[0];
  results[0] = lanes->state[0][k];
  return SIM_OK;
}
static const sim_var amount = VAR(.id = 1, .name = "amount", .min = -10, .max = 100);
static const sim_var after = VAR(.id = 2, .name = "after", .min = -1e9, .max = 1e9);
static const sim_command command_list[] = {{.size = sizeof(sim_command),
                                            .id = 1,
                                            .flags = SIM_COMMAND_HAZARDOUS,
                                            .name = "pour",
                                            .args = &amount,
                                            .results = &after,
                                            .n_args = 1,
                                            .n_results = 1,
                                            .run = pour}};
static const sim_commands commands = {sizeof(sim_commands), 1, command_list};

static int32_t create(const sim_host* host, void** inst, sim_error* error) {
  (void)host, (void)error;
  *inst = NULL;
#ifdef TENANT_CREATE_FAILS
  strcpy(error->message, "no water");
  return SIM_ERROR;
#else
  return SIM_OK;
#endif
}
static const void* model_extension(const char* id) { return strcmp(id, SIM_COMMANDS) == 0 ? &commands : NULL; }
static const sim_model_desc description = {.size = sizeof(sim_model_desc),
                                           .flags = SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC,
                                           .schema_version = 1,
                                           .n_vars = sizeof(vars) / sizeof(vars[0]),
                                           .id = "tank",
                                           .version = TENANT_VERSION,
                                           .title = "Tank",
                                           .vars = vars,
                                           .step_default_ns = 1000000,
                                           .step_min_ns = 1000,
                                           .step_max_ns = 1000000000};
static const sim_model model = {.size = sizeof(sim_model),
                                .desc = &description,
                                .create = create,
                                .prepare = prepare,
                                .step = step,
                                .get_extension = model_extension};
static const sim_model* const models[] = {&model};
static const sim_model_factory factory = {sizeof(sim_model_factory), 1, models};

/* --- routes --- */
static sim_text text_of(const char* text) { return (sim_text){text, strlen(text)}; }

static int32_t append(void* context, uint32_t kind, const void* data, uint64_t size) {
  (void)kind;
  sim_reply* reply = context;
  return reply->body(reply->context, "application/json", data, size);
}
static int32_t no_close(void* context, uint32_t code, const char* reason) {
  (void)context, (void)code, (void)reason;
  return SIM_OK;
}

static int32_t handle_echo(const sim_host* host, const sim_request* request, sim_reply* reply) {
  const sim_values* values = host->get_extension(host, SIM_VALUES);
  const sim_sink sink = {sizeof(sim_sink), 0, reply, append, no_close};
  reply->status(reply->context, 201);
  reply->header(reply->context, text_of("X-Gain"), text_of("given"));
  return values->json(request->body, &sink);
}

static int32_t handle_version(const sim_host* host, const sim_request* request, sim_reply* reply) {
  (void)host, (void)request;
  return reply->body(reply->context, "text/plain", TENANT_VERSION, strlen(TENANT_VERSION));
}

static int has_note(const sim_host* host, const char* key);
static void nap(void) {
  const struct timespec some = {0, 1000000};
  nanosleep(&some, NULL);
}

/* Waits until the test lets it go, whatever its deadline; notes that it came in. */
static int32_t handle_hang(const sim_host* host, const sim_request* request, sim_reply* reply) {
  const sim_metrics* metrics = host->get_extension(host, SIM_METRICS);
  metrics->add(metrics->get(host, SIM_COUNTER, "hangs", ""), 1);
  while (!has_note(host, "let_go")) nap();
  if (__atomic_load_n(request->cancelled, __ATOMIC_ACQUIRE))
    metrics->add(metrics->get(host, SIM_COUNTER, "cancels", ""), 1);
  return reply->body(reply->context, "text/plain", "late", 4);
}

/* How many were inside at once, at most. */
static int inside, most;
static int32_t handle_crowd(const sim_host* host, const sim_request* request, sim_reply* reply) {
  (void)host, (void)request;
  const int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
  int seen = __atomic_load_n(&most, __ATOMIC_SEQ_CST);
  while (now > seen && !__atomic_compare_exchange_n(&most, &seen, now, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  for (int i = 0; i < 3; ++i) nap();
  char text[16];
  const int size = snprintf(text, sizeof(text), "%d", __atomic_load_n(&most, __ATOMIC_SEQ_CST));
  __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
  return reply->body(reply->context, "text/plain", text, (uint64_t)size);
}

static int32_t handle_refuse(const sim_host* host, const sim_request* request, sim_reply* reply) {
  (void)host, (void)request;
  const sim_field_error fields[] = {{.size = sizeof(sim_field_error),
                                     .flags = SIM_HAS_MAX,
                                     .pointer = text_of("/level"),
                                     .code = text_of("value_out_of_range"),
                                     .detail = text_of("is too high"),
                                     .max = 3}};
  const sim_problem problem = {
      sizeof(sim_problem), 409, text_of("tank_full"), text_of("the tank is full"), fields, 1, 7};
  return reply->problem(reply->context, &problem);
}

static int32_t handle_fail(const sim_host* host, const sim_request* request, sim_reply* reply) {
  (void)host, (void)request, (void)reply;
  return SIM_ERROR;
}
static int32_t handle_nothing(const sim_host* host, const sim_request* request, sim_reply* reply) {
  (void)host, (void)request, (void)reply;
  return SIM_OK;
}

static int32_t render_error(const sim_request* request, const sim_problem* problem, int32_t* status,
                            const sim_sink* sink) {
  char text[256];
  const int size = snprintf(text, sizeof(text), "{\"detail\":\"%.*s at %.*s\"}", (int)problem->code.size,
                            problem->code.data, (int)request->path.size, request->path.data);
  if (*status == 422) *status = 400;
  return sink->message(sink->context, SIM_TEXT, text, (uint64_t)size);
}

#define ROUTE(...) \
  { .size = sizeof(sim_route), .summary = "a test", __VA_ARGS__ }
#ifdef TENANT_WITHOUT_GAIN
#define TENANT_ANSWER NULL
#else
#define TENANT_ANSWER "{\"$ref\":\"sim:tank/gain\"}"
#endif
static const sim_answer answers[] = {{sizeof(sim_answer), 201, "application/json", TENANT_ANSWER, "made"}};
static const sim_route route_list[] = {
    ROUTE(.method = "POST", .path = "/items/{item}", .id = "makeItem", .body = TENANT_BODY, .answers = answers,
          .n_answers = 1,
          .params = "{\"type\":\"object\",\"properties\":{\"item\":{\"type\":\"string\"},"
                    "\"n\":{\"type\":\"integer\",\"maximum\":9}}}",
          .handle = handle_echo),
    ROUTE(.method = "POST", .path = "/loose", .id = "loose", .body = TENANT_BODY,
          .flags = SIM_ROUTE_UNKNOWN_KEYS | SIM_ROUTE_BODY_OPTIONAL, .handle = handle_echo),
    ROUTE(.method = "GET", .path = "/version", .id = "version", .handle = handle_version),
    ROUTE(.method = "GET", .path = "/hang", .id = "hang", .deadline_ms = 50, .handle = handle_hang),
    ROUTE(.method = "GET", .path = "/wait", .id = "wait", .handle = handle_hang),
    ROUTE(.method = "GET", .path = "/crowd", .id = "crowd", .handle = handle_crowd),
    ROUTE(.method = "GET", .path = "/throng", .id = "throng", .flags = SIM_ROUTE_CONCURRENT, .handle = handle_crowd),
    ROUTE(.method = "GET", .path = "/refuse", .id = "refuse", .handle = handle_refuse),
    ROUTE(.method = "GET", .path = "/fail", .id = "fail", .flags = SIM_ROUTE_ADMINISTER, .handle = handle_fail),
    ROUTE(.method = "GET", .path = "/nothing", .id = "nothing", .handle = handle_nothing),
};
static const sim_routes routes = {sizeof(sim_routes), sizeof(route_list) / sizeof(route_list[0]), route_list,
                                  "GET, POST", render_error};

/* --- the stream --- */
static int32_t open_socket(const sim_host* host, const sim_request* request, uint64_t client, const sim_sink* sink) {
  const sim_sessions* sessions = host->get_extension(host, SIM_SESSIONS);
  const sim_stream_clients* clients = host->get_extension(host, SIM_STREAMS);
  for (uint32_t i = 0; i < request->n_query; ++i) {
    uint64_t session = 0;
    if (sessions->find(host, request->query[i].value, &session) != SIM_OK) {
      sink->close(sink->context, 1008, "no such session");
      return SIM_INVALID_ARG;
    }
    clients->follow(host, client, session);
  }
  if (request->n_query == 0) {
    sink->close(sink->context, 1008, "name a session");
    return SIM_DISCARD;
  }
  return sink->message(sink->context, SIM_TEXT, "hello", 5);
}

static int32_t message(const sim_host* host, uint64_t client, const sim_value* value, sim_text data,
                       const sim_problem* problem, const sim_sink* sink) {
  (void)client;
  const sim_values* values = host->get_extension(host, SIM_VALUES);
  if (problem != NULL) return sink->message(sink->context, SIM_TEXT, problem->code.data, problem->code.size);
  if (value == NULL) return sink->message(sink->context, SIM_BINARY, data.data, data.size);
  const sim_text word = values->text(value);
  if (word.size == 3 && memcmp(word.data, "bye", 3) == 0) return sink->close(sink->context, 4000, "as you wish");
  return values->json(value, sink);
}

static int32_t encode(const sim_view* prev, const sim_view* now, uint32_t variant, const sim_sink* sink) {
  (void)prev;
  char text[128];
  const int size = snprintf(text, sizeof(text), "%s %s %u %.3f %u", TENANT_VERSION, TENANT_VARIANT, now->lanes,
                            now->value[0][0], variant);
  return sink->message(sink->context, SIM_TEXT, text, (uint64_t)size);
}

static const char* const variants[] = {TENANT_VARIANT, "other"};
static const uint32_t stream_vars[] = {4};
static int32_t tell(const sim_host* host, const sim_view* now, const sim_value* alert, uint32_t variant,
                    const sim_sink* sink) {
  const sim_values* values = host->get_extension(host, SIM_VALUES);
  const sim_text rule = values->text(values->find(alert, "rule_name"));
  const int64_t since = values->integer(values->find(values->find(alert, "since"), "tick"));
  char text[160];
  const int length = snprintf(text, sizeof text, "alert of %.*s, seen: %d, variant %u", (int)rule.size, rule.data,
                              (uint64_t)since <= now->tick, variant);
  return sink->message(sink->context, SIM_TEXT, text, (uint64_t)length);
}

static const sim_stream stream_list[] = {{.size = sizeof(sim_stream),
                                          .n_variants = 2,
                                          .n_vars = 1,
                                          .max_per_s = 20,
                                          .max_message = 4096,
                                          .period_ns = 2000000,
                                          .path = TENANT_STREAM,
                                          .summary = "a stream",
                                          .variants = variants,
                                          .vars = stream_vars,
                                          .model = "tank",
                                          .open = open_socket,
                                          .message = message,
                                          .encode = encode,
                                          .alert = tell}};
static const sim_streams streams = {sizeof(sim_streams), 1, stream_list};

/* --- settings and start --- */
static const sim_setting setting_list[] = {
    {.size = sizeof(sim_setting),
     .type = SIM_INTEGER,
     .role = SIM_ROLE_LISTENER_PORT,
     .key = "port",
     .environment = "PORT",
     .fallback = "8123",
     .min = 1,
     .max = 65535},
    {.size = sizeof(sim_setting), .key = "motto", .fallback = "panta rhei"},
};
static const sim_settings settings = {sizeof(sim_settings), 2, setting_list};

static int32_t count_bytes(void* context, uint32_t kind, const void* data, uint64_t size) {
  (void)kind, (void)data;
  *(uint64_t*)context = size;
  return SIM_OK;
}
static int has_note(const sim_host* host, const char* key) {
  const sim_sessions* sessions = host->get_extension(host, SIM_SESSIONS);
  uint64_t size = 0;
  const sim_sink sink = {sizeof(sim_sink), 0, &size, count_bytes, no_close};
  return sessions->attachment(host, 0, key, &sink) == SIM_OK && size > 0;
}

static void first_job(const sim_host* host, void* context) {
  (void)context;
  const sim_sessions* sessions = host->get_extension(host, SIM_SESSIONS);
  sessions->attach(host, 0, "job_of_init", text_of("ran in " TENANT_VERSION), NULL);
}

static int32_t init(const sim_host* host, sim_error* error) {
  (void)error;
  const sim_metrics* metrics = host->get_extension(host, SIM_METRICS);
  metrics->add(metrics->get(host, SIM_COUNTER, "loads", "how often it was loaded"), 1);
  const sim_jobs* jobs = host->get_extension(host, SIM_JOBS);
  return jobs->post(host, first_job, NULL);
}
static void deinit(void) {}

static const void* get_factory(const char* id) {
  if (strcmp(id, SIM_MODEL_FACTORY) == 0) return &factory;
  if (strcmp(id, SIM_ROUTES) == 0) return &routes;
  if (strcmp(id, SIM_STREAMS) == 0) return &streams;
  if (strcmp(id, SIM_CONFIG) == 0) return &settings;
  return NULL;
}
static const sim_entry entry = {sizeof(sim_entry), SIM_ABI_MINOR, init, deinit, get_factory};
SIM_EXPORT const sim_entry* sim_entry_v1(void) { return &entry; }
