/* sim.log/1, from the host: rate-limited log lines under the plugin's name. */
#ifndef SIM_EXT_LOG_H
#define SIM_EXT_LOG_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_LOG "sim.log/1"
enum { SIM_LOG_DEBUG = 1, SIM_LOG_INFO = 2, SIM_LOG_WARNING = 3, SIM_LOG_ERROR = 4 };
typedef struct sim_log {
  uint32_t size, reserved;
  SIM_IO int32_t (*write)(const sim_host* host, uint32_t severity, sim_text message); /* never from [step] */
} sim_log;

SIM_STATIC_ASSERT(sizeof(sim_log) == 16, "sim_log layout");

#ifdef __cplusplus
}
#endif
#endif
