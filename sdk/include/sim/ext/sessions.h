/* sim.sessions/1, from the host: a plugin's routes make, read and steer sessions of its own models. */
#ifndef SIM_EXT_SESSIONS_H
#define SIM_EXT_SESSIONS_H

#include <sim/ext/commands.h>
#include <sim/ext/streams.h>
#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_SESSIONS "sim.sessions/1"

typedef struct sim_session_info {
  uint32_t size, state; /* one SIM_STATE_ bit */
  uint64_t handle, tick, ticks, missed, overruns, clients;
  double time_s, step_s;
  int64_t created_wall_ns, start_wall_ns; /* start moves on by the time the session stood */
  int64_t stood_ns, step_p50_ns;          /* step_p50_ns: what a tick of it costs */
  uint32_t lanes, generation;
  char id[32], name[64], reason_code[48], reason_detail[256]; /* reason: why it failed, else empty */
} sim_session_info;

enum { SIM_PAUSE = 1, SIM_RESUME = 2, SIM_STOP = 3, SIM_RESET = 4, SIM_DELETE = 5 };
#define SIM_ALL_LANES 0xffffffffu

/* A tick of a session, as a stream's encode sees it. lost: ticks right before it that could not be shown. now NULL: the
 * session has ended, and context is not used any more. [any], one call at a time. */
typedef void (*sim_watcher)(void* context, const sim_view* now, uint64_t lost);

/* All [io], and all wait for the acknowledgement of the tick that applied them. Handles of ended sessions are
 * WRONG_STATE, a full inbox BUSY. Attachments: <= 4 KB a key, <= 4 MB in all per plugin, on a session or (session 0)
 * the plugin; they survive a reload, and stay outside checkpoint and digest. */
typedef struct sim_sessions {
  uint32_t size, reserved;
  int32_t (*create)(const sim_host* host, sim_text body, uint64_t* session,
                    sim_error* error); /* body of POST /v1/sessions */
  int32_t (*find)(const sim_host* host, sim_text id_or_name, uint64_t* session);
  uint64_t (*list)(const sim_host* host, uint64_t* sessions,
                   uint64_t capacity); /* own ones, by creation; their count */
  int32_t (*info)(const sim_host* host, uint64_t session, sim_session_info* info);
  /* values[v * n_lanes + k], lanes first..first+n_lanes-1, of one tick. */
  int32_t (*read)(const sim_host* host, uint64_t session, const uint32_t* vars, uint32_t n_vars, uint32_t first_lane,
                  uint32_t n_lanes, double* values, uint64_t* tick, sim_error* error);
  /* values[v] goes to lane, or to all with SIM_ALL_LANES; all or nothing. */
  int32_t (*write)(const sim_host* host, uint64_t session, const uint32_t* vars, const double* values, uint32_t n_vars,
                   uint32_t lane, uint64_t* applied_tick, sim_error* error);
  int32_t (*command)(const sim_host* host, uint64_t session, const char* name, uint32_t lane, const double* args,
                     double* results, uint64_t* applied_tick, sim_error* error);
  int32_t (*control)(const sim_host* host, uint64_t session, uint32_t action, sim_error* error);
  int32_t (*attach)(const sim_host* host, uint64_t session, const char* key, sim_text value,
                    sim_error* error); /* empty: removes */
  int32_t (*attachment)(const sim_host* host, uint64_t session, const char* key,
                        const sim_sink* sink); /* WRONG_STATE: none */
  /* values[v * n_lanes + k] goes to lanes[k], which rise; all or nothing. */
  int32_t (*write_lanes)(const sim_host* host, uint64_t session, const uint32_t* vars, const double* values,
                         uint32_t n_vars, const uint32_t* lanes, uint32_t n_lanes, uint64_t* applied_tick,
                         sim_error* error);
  /* see is shown every tick from the present one on, in order, whether a client listens or not: until the session or
   * the generation ends (init's job watches again). A session of pace free or manual waits for it. */
  int32_t (*watch)(const sim_host* host, uint64_t session, const uint32_t* vars, uint32_t n_vars, sim_watcher see,
                   void* context, sim_error* error);
} sim_sessions;

SIM_STATIC_ASSERT(sizeof(sim_session_info) == 512, "sim_session_info layout");
SIM_STATIC_ASSERT(sizeof(sim_sessions) == 104, "sim_sessions layout");

#ifdef __cplusplus
}
#endif
#endif
