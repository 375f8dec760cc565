/* sim.config/1: settings a plugin declares (its half) and reads (the host's half). */
#ifndef SIM_EXT_CONFIG_H
#define SIM_EXT_CONFIG_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_CONFIG "sim.config/1"

/* A role lets the host act on a setting itself: it opens the compatibility listener with it. */
enum {
  SIM_ROLE_NONE = 0,
  SIM_ROLE_LISTENER_HOST = 1,
  SIM_ROLE_LISTENER_PORT = 2,
  SIM_ROLE_ORIGINS = 3,            /* JSON array or comma list; adds to localhost */
  SIM_ROLE_REQUESTS_PER_MINUTE = 4 /* of the compatibility listener; 0 off */
};

/* Read from config file "plugins.<id>.<key>", environment <PLUGIN>_<ENV>, or the bare ENV where one plugin declares it.
 */
typedef struct sim_setting {
  uint32_t size, type, role, reserved;                    /* type: SIM_REAL, SIM_INTEGER, SIM_BOOLEAN, or 0 for text */
  const char *key, *environment, *description, *fallback; /* environment NULL: none; fallback as text */
  double min, max;
} sim_setting;

typedef struct sim_settings {
  uint32_t size, count;
  const sim_setting* settings;
} sim_settings;

/* The host's half: get_extension(host, "sim.config/1"). Values are validated before init and do not change. */
typedef struct sim_config {
  uint32_t size, reserved;
  SIM_ANY int32_t (*number)(const sim_host* host, const char* key, double* value); /* INVALID_ARG: not declared */
  SIM_ANY int32_t (*text)(const sim_host* host, const char* key, sim_text* value); /* valid until deinit */
} sim_config;

SIM_STATIC_ASSERT(sizeof(sim_setting) == 64, "sim_setting layout");
SIM_STATIC_ASSERT(sizeof(sim_settings) == 16, "sim_settings layout");
SIM_STATIC_ASSERT(sizeof(sim_config) == 24, "sim_config layout");

#ifdef __cplusplus
}
#endif
#endif
