/* sim.routes/1, from a plugin's get_factory: its REST surface. */
#ifndef SIM_EXT_ROUTES_H
#define SIM_EXT_ROUTES_H

#include <sim/ext/values.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_ROUTES "sim.routes/1"

typedef struct sim_pair {
  sim_text name, value;
} sim_pair;

/* A request as a handler sees it: everything borrowed for the call. */
typedef struct sim_request {
  uint32_t size, flags; /* SIM_REQUEST_COMPATIBILITY */
  sim_text method, path;
  const sim_pair* path_params; /* decoded, in the order of the template */
  const sim_pair* query;       /* decoded, in the order sent */
  const sim_pair* headers;     /* names in lower case */
  uint32_t n_path_params, n_query, n_headers, reserved;
  const sim_value* body; /* parsed, NULL when there is none or its type is neither JSON nor MessagePack */
  sim_text raw_body;
  sim_text remote, scheme, authority, mount; /* authority: Host; mount: "" or "/plugins/<id>", for links */
  sim_text identity, request_id;             /* identity: "anonymous", "administrator" */
  const int32_t* cancelled;                  /* turns 1 when nobody waits any more; read with acquire */
} sim_request;
enum { SIM_REQUEST_COMPATIBILITY = 1 }; /* came by the listener that mounts this plugin alone */

/* A body that is made while it is sent. pull appends a piece of about wanted bytes to sink (SIM_BINARY); nothing: the
 * end; another return than SIM_OK cuts the connection. Called after the handler has returned, one call at a time, only
 * when the client has taken what came before, beside the plugin's other calls. drop: called once, at the end or when
 * the client goes. */
typedef struct sim_body {
  uint32_t size, reserved;
  void* context;
  SIM_IO int32_t (*pull)(void* context, uint64_t wanted, const sim_sink* sink);
  SIM_ANY void (*drop)(void* context);
} sim_body;

/* How a handler answers. Each call copies. Without any call the answer is 204. */
typedef struct sim_reply {
  uint32_t size, reserved;
  void* context;
  int32_t (*status)(void* context, int32_t status);
  int32_t (*header)(void* context, sim_text name, sim_text value);
  int32_t (*body)(void* context, const char* media_type, const void* data,
                  uint64_t size);                                /* may be called again: appends */
  int32_t (*problem)(void* context, const sim_problem* problem); /* instead of the others */
  int32_t (*stream)(void* context, const char* media_type,
                    const sim_body* body); /* instead of body; OK: drop is owed */
} sim_reply;

typedef struct sim_answer {
  uint32_t size;
  int32_t status;
  const char *media_type, *schema, *description; /* schema: JSON Schema text, NULL for none */
} sim_answer;

enum {
  SIM_ROUTE_CONCURRENT = 1,    /* may run beside other routes of the plugin */
  SIM_ROUTE_ADMINISTER = 2,    /* needs the administrator's token */
  SIM_ROUTE_BODY_OPTIONAL = 4, /* no body is an answerable request */
  SIM_ROUTE_UNKNOWN_KEYS = 8   /* keys the schema does not name are ignored, not refused */
};

typedef struct sim_route {
  uint32_t size, flags, n_answers, max_body, deadline_ms, reserved; /* 0: the host's limits */
  const char *method, *path, *id, *summary;                         /* path: "/api/simulation/{session_id}/stop" */
  const char* params; /* JSON Schema of an object of path and query parameters, or NULL */
  const char* body;   /* JSON Schema of the body, or NULL for none; {"$ref":"sim:<model>/<variable>"} is resolved */
  const sim_answer* answers;
  SIM_IO int32_t (*handle)(const sim_host* host, const sim_request* request, sim_reply* reply);
} sim_route;

typedef struct sim_routes {
  uint32_t size, count;
  const sim_route* routes;
  const char* cors_methods; /* NULL: those of the path; else listed on every preflight */
  /* Shapes an error on a compatibility listener: may change *status, writes the whole body. NULL: problem+json. */
  SIM_ANY int32_t (*render_error)(const sim_request* request, const sim_problem* problem, int32_t* status,
                                  const sim_sink* sink);
} sim_routes;

SIM_STATIC_ASSERT(sizeof(sim_request) == 208, "sim_request layout");
SIM_STATIC_ASSERT(sizeof(sim_body) == 32, "sim_body layout");
SIM_STATIC_ASSERT(sizeof(sim_reply) == 56, "sim_reply layout");
SIM_STATIC_ASSERT(sizeof(sim_answer) == 32, "sim_answer layout");
SIM_STATIC_ASSERT(sizeof(sim_route) == 88, "sim_route layout");
SIM_STATIC_ASSERT(sizeof(sim_routes) == 32, "sim_routes layout");

#ifdef __cplusplus
}
#endif
#endif
