/* sim.streams/1: a plugin's WebSocket endpoints (its half) and what it can do with their clients (the host's half). */
#ifndef SIM_EXT_STREAMS_H
#define SIM_EXT_STREAMS_H

#include <sim/ext/commands.h>
#include <sim/ext/routes.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_STREAMS "sim.streams/1"

/* One published tick of a session, for encode. value[v][lane], v in the order of the stream's vars. */
typedef struct sim_view {
  uint32_t size, lanes, n_values, reserved;
  sim_text session;      /* its name */
  int64_t start_wall_ns; /* start + time = the wall clock of this frame: moves on by the time the session stood */
  uint64_t tick;
  double time_s, step_s;
  const double* const* value;
} sim_view;

/* How a session ended. state: SIM_STATE_STOPPED, SIM_STATE_FAILED, or 0 where it was deleted. */
typedef struct sim_ending {
  uint32_t size, state;
  int64_t at_wall_ns;
  sim_text session;                    /* its name */
  sim_text reason_code, reason_detail; /* why it failed, else empty */
} sim_ending;

enum {
  SIM_STREAM_EACH = 1,  /* encode sees every due tick; else the newest at each period */
  SIM_STREAM_FOLLOW = 2 /* the end of its session does not close a client */
};

typedef struct sim_stream {
  uint32_t size, flags, n_variants, n_vars, max_message, max_per_s, idle_ms, reserved; /* 0: the host's limits */
  int64_t period_ns;                     /* simulated for EACH, wall else */
  const char *path, *summary, *messages; /* messages: JSON text for asyncapi.json, or NULL */
  const char* const* variants;
  const uint32_t* vars; /* variable ids */
  const char* model;    /* whose variables these are */
  /* A client asks to come in. It greets through sink and follows a session, or returns other than OK after
   * sink->close: refused with 403 (404 for SIM_INVALID_ARG). */
  SIM_IO int32_t (*open)(const sim_host* host, const sim_request* request, uint64_t client, const sim_sink* sink);
  /* A message: parsed JSON in value, else raw bytes (SIM_BINARY) in data, else a problem (unreadable, too many). */
  SIM_IO int32_t (*message)(const sim_host* host, uint64_t client, const sim_value* value, sim_text data,
                            const sim_problem* problem, const sim_sink* sink);
  /* Turns a frame into messages, once per session, due frame and variant. prev: the frame before, or NULL. */
  SIM_ANY int32_t (*encode)(const sim_view* prev, const sim_view* now, uint32_t variant, const sim_sink* sink);
  SIM_ANY int32_t (*idle)(uint32_t variant, const sim_sink* sink); /* nothing sent for idle_ms; optional */
  /* The session ended: last words to each variant, before its clients are closed (or kept: FOLLOW). Optional. */
  SIM_ANY int32_t (*ended)(const sim_ending* ending, uint32_t variant, const sim_sink* sink);
  /* A rule of the plugin raised or cleared an alert (as GET /v1/alerts shows it) at a tick of the session. For EACH
   * streams after encode saw that tick; now is the newest frame encoded. Alerts of a session's first frame come after
   * its second. Optional. */
  SIM_ANY int32_t (*alert)(const sim_host* host, const sim_view* now, const sim_value* alert, uint32_t variant,
                           const sim_sink* sink);
} sim_stream;

typedef struct sim_streams {
  uint32_t size, count;
  const sim_stream* streams;
} sim_streams;

/* The host's half: get_extension(host, "sim.streams/1"). All [io]; a dead client is WRONG_STATE. */
typedef struct sim_stream_clients {
  uint32_t size, reserved;
  /* session 0: none. client 0: every client of the plugin's streams of its model. From the answer on no tick goes by
   * unseen. */
  int32_t (*follow)(const sim_host* host, uint64_t client, uint64_t session);
  int32_t (*variant)(const sim_host* host, uint64_t client, uint32_t variant);
  int32_t (*push)(const sim_host* host, uint64_t client, uint32_t kind, const void* data, uint64_t size);
  /* session 0: to all of this plugin's. */
  int32_t (*push_session)(const sim_host* host, uint64_t session, uint32_t kind, const void* data, uint64_t size);
  int32_t (*session)(const sim_host* host, uint64_t client, uint64_t* session); /* whom it follows, 0 none */
  uint64_t (*count)(const sim_host* host, uint64_t session);                    /* 0: all of this plugin's */
  /* Who is on the stream of this path, as declared; their count. */
  uint64_t (*list)(const sim_host* host, const char* path, uint64_t* clients, uint64_t capacity);
} sim_stream_clients;

SIM_STATIC_ASSERT(sizeof(sim_view) == 72, "sim_view layout");
SIM_STATIC_ASSERT(sizeof(sim_ending) == 64, "sim_ending layout");
SIM_STATIC_ASSERT(sizeof(sim_stream) == 136, "sim_stream layout");
SIM_STATIC_ASSERT(sizeof(sim_streams) == 16, "sim_streams layout");
SIM_STATIC_ASSERT(sizeof(sim_stream_clients) == 64, "sim_stream_clients layout");

#ifdef __cplusplus
}
#endif
#endif
