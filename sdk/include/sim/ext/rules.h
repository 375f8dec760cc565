/* sim.rules/1, from the host: rules that a plugin keeps over its own models and sessions, and what they found. */
#ifndef SIM_EXT_RULES_H
#define SIM_EXT_RULES_H

#include <sim/ext/values.h>
#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_RULES "sim.rules/1"

/* The host judges a rule at every tick, keeps its alerts over restarts, and shows both under /v1/rules and /v1/alerts,
 * where a plugin's rules can be read but not changed. put and remove are [io]: init posts a job that puts the rules,
 * since the models of a plugin are there only after it. */
typedef struct sim_rules {
  uint32_t size, reserved;
  /* body: that of POST /v1/rules, about a model or a session of the plugin. A rule of the same name is replaced; its
   * alerts are then cleared, unless nothing changed. */
  SIM_IO int32_t (*put)(const sim_host* host, sim_text body, sim_error* error);
  SIM_IO int32_t (*remove)(const sim_host* host, const char* name, sim_error* error); /* WRONG_STATE: there is none */
  /* Writes what the plugin's rules found, as GET /v1/alerts lists it: of one session (0: of all), later than the alert
   * `after` (empty: from the first one kept on), at most limit (1..1000). */
  SIM_IO int32_t (*alerts)(const sim_host* host, uint64_t session, sim_text after, uint32_t limit,
                           const sim_sink* sink);
  /* heard is called [io], serialised with the plugin's routes, for each alert that a rule of the plugin raises or
   * clears, in that order; alert is one of GET /v1/alerts. NULL: no more. It ends with the generation. */
  SIM_ANY int32_t (*listen)(const sim_host* host,
                            void (*heard)(const sim_host* host, uint64_t session, const sim_value* alert));
} sim_rules;

SIM_STATIC_ASSERT(sizeof(sim_rules) == 40, "sim_rules layout");

#ifdef __cplusplus
}
#endif
#endif
