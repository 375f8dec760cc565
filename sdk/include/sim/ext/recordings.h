/* sim.recordings/1, from the host: recordings of a plugin's own sessions, made, ended and read by its routes. */
#ifndef SIM_EXT_RECORDINGS_H
#define SIM_EXT_RECORDINGS_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_RECORDINGS "sim.recordings/1"

enum { SIM_RECORDING_OPEN = 1, SIM_RECORDING_WAITING = 2, SIM_RECORDING_STOPPED = 3, SIM_RECORDING_FAILED = 4 };
typedef struct sim_recording_info {
  uint32_t size, state;
  uint64_t rows, bytes;
  int64_t last_tick; /* -1: there is no row */
  double from_s, to_s;
  char id[32], session[32];
} sim_recording_info;

/* Rows as columns, borrowed for the call: a row per tick and lane. */
typedef struct sim_rows {
  uint32_t size, n_values;
  uint64_t count;
  const int64_t* tick;
  const double* time_s;
  const int32_t* lane;
  const double* const* value; /* [variable as asked for][row]; NaN where there is none */
} sim_rows;
/* Another return than SIM_OK: that is enough. */
typedef int32_t (*sim_row_visitor)(void* context, const sim_rows* rows);

/* All [io]; they wait for the disk. Only of sessions of the plugin's own models. */
typedef struct sim_recordings {
  uint32_t size, reserved;
  /* body: that of POST /v1/sessions/{id}/recordings. From the answer on no tick goes by unseen. */
  int32_t (*start)(const sim_host* host, uint64_t session, sim_text body, sim_recording_info* info, sim_error* error);
  int32_t (*stop)(const sim_host* host, sim_text id, sim_recording_info* info, sim_error* error);
  int32_t (*remove)(const sim_host* host, sim_text id, sim_error* error);
  /* By id; or, with id empty, the newest of a session (by its id or name). WRONG_STATE: none. */
  int32_t (*find)(const sim_host* host, sim_text id, sim_text session, sim_recording_info* info);
  /* Rows from from_row on, oldest first, in pieces, up to the newest on the disk, which is at most a second old. */
  int32_t (*read)(const sim_host* host, sim_text id, const uint32_t* vars, uint32_t n_vars, uint64_t from_row,
                  sim_row_visitor visit, void* context, sim_error* error);
} sim_recordings;

SIM_STATIC_ASSERT(sizeof(sim_recording_info) == 112, "sim_recording_info layout");
SIM_STATIC_ASSERT(sizeof(sim_rows) == 48, "sim_rows layout");
SIM_STATIC_ASSERT(sizeof(sim_recordings) == 48, "sim_recordings layout");

#ifdef __cplusplus
}
#endif
#endif
