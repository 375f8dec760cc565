/* sim.metrics/1, from the host: counters and gauges that outlive a reload and appear under /metrics. */
#ifndef SIM_EXT_METRICS_H
#define SIM_EXT_METRICS_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_METRICS "sim.metrics/1"
enum { SIM_COUNTER = 1, SIM_GAUGE = 2 };
typedef struct sim_metric sim_metric; /* the host's, valid until deinit */

typedef struct sim_metrics {
  uint32_t size, reserved;
  /* The same name gives the same metric, with its value, also after a reload; NULL past 64 of a plugin. */
  SIM_LOAD sim_metric* (*get)(const sim_host* host, uint32_t kind, const char* name, const char* help);
  SIM_ANY void (*add)(sim_metric* metric, double amount);
  SIM_ANY void (*set)(sim_metric* metric, double value);
  SIM_ANY double (*value)(const sim_metric* metric);
} sim_metrics;

SIM_STATIC_ASSERT(sizeof(sim_metrics) == 40, "sim_metrics layout");

#ifdef __cplusplus
}
#endif
#endif
