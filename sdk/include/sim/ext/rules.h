/* sim.rules/1, from the host: rules that a plugin keeps over its own models and sessions, and what they found. */
#ifndef SIM_EXT_RULES_H
#define SIM_EXT_RULES_H

#include <sim/ext/values.h>
#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_RULES "sim.rules/1"

/* One alert as GET /v1/alerts shows it, borrowed for the call. Another return than SIM_OK: that is enough. */
typedef int32_t (*sim_alert_visitor)(void* context, const sim_value* alert);

/* The host judges a rule at every tick, keeps its alerts over restarts, and shows both under /v1/rules and /v1/alerts,
 * where a plugin's rules can be read but not changed. put and remove are [io]: init posts a job that puts the rules,
 * since the models of a plugin are there only after it. */
typedef struct sim_rules {
  uint32_t size, reserved;
  /* body: that of POST /v1/rules, about a model or a session of the plugin. A rule of the same name is replaced; its
   * alerts are then cleared, unless nothing changed. */
  SIM_IO int32_t (*put)(const sim_host* host, sim_text body, sim_error* error);
  SIM_IO int32_t (*remove)(const sim_host* host, const char* name, sim_error* error); /* WRONG_STATE: there is none */
  /* What the plugin's rules found, oldest first: of one session (then every tick up to now has been judged), or of all
   * (0); later than the alert `after` (empty: from the first one kept on), at most limit. */
  SIM_IO int32_t (*alerts)(const sim_host* host, uint64_t session, sim_text after, uint32_t limit,
                           sim_alert_visitor visit, void* context);
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
