/* The one symbol a plugin exports, what it hands to the host and what the host hands to it. */
#ifndef SIM_PLUGIN_H
#define SIM_PLUGIN_H

#include <sim/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The host as one plugin sees it: given at init, valid until deinit returns. Pass it to every host function. */
struct sim_host {
  uint32_t size, abi_minor;
  const char *name, *version;
  void* context;                                                              /* the host's */
  SIM_ANY const void* (*get_extension)(const sim_host* host, const char* id); /* NULL: not known */
};

#define SIM_MODEL_FACTORY "sim.model/1"
typedef struct sim_model_factory {
  uint32_t size, count;
  const sim_model* const* models; /* [count] immortal until deinit */
} sim_model_factory;

typedef struct sim_entry {
  uint32_t size, abi_minor;
  SIM_LOAD int32_t (*init)(const sim_host* host, sim_error* error);
  SIM_LOAD void (*deinit)(void);
  /* "sim.model/1", "sim.routes/1", "sim.streams/1", "sim.config/1"; NULL: has none. */
  SIM_ANY const void* (*get_factory)(const char* id);
} sim_entry;

#define SIM_ENTRY_SYMBOL "sim_entry_v1"
typedef const sim_entry* (*sim_entry_function)(void);

#if defined(__GNUC__)
#define SIM_EXPORT __attribute__((visibility("default")))
#else
#define SIM_EXPORT
#endif

SIM_STATIC_ASSERT(sizeof(struct sim_host) == 40, "sim_host layout");
SIM_STATIC_ASSERT(sizeof(sim_model_factory) == 16, "sim_model_factory layout");
SIM_STATIC_ASSERT(sizeof(sim_entry) == 32, "sim_entry layout");

#ifdef __cplusplus
}
#endif
#endif
