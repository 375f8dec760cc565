/* The words every table of the ABI is made of: version, status codes, thread tags, text, errors, sinks and the stamp.
 *
 * Rules that hold for every header below sim/: only fixed-width integers, doubles and pointers cross; each table starts
 * with its size in bytes and grows at its end only; a reader copies min(size, sizeof own) into zeros; nothing allocated
 * on one side is freed on the other; text is UTF-8; no exception crosses. */
#ifndef SIM_ABI_H
#define SIM_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define SIM_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define SIM_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#define SIM_ABI_MAJOR 1u
#define SIM_ABI_MINOR 0u

/* Thread tags. A function runs on any OS thread, but only in the role its tag names:
 * SIM_CTL  one at a time per plugin; may allocate and block below 100 ms
 * SIM_STEP one at a time per block, on any host thread; no heap, lock, syscall or exception; time <= A + B n
 * SIM_IO   a route worker; serialised per generation unless the route says CONCURRENT; may block until its deadline
 * SIM_ANY  any thread, several at once; no blocking
 * SIM_LOAD the loader thread, once per generation */
#if defined(__clang__)
#define SIM_CTL __attribute__((annotate("sim:ctl")))
#define SIM_STEP __attribute__((annotate("sim:step")))
#define SIM_IO __attribute__((annotate("sim:io")))
#define SIM_ANY __attribute__((annotate("sim:any")))
#define SIM_LOAD __attribute__((annotate("sim:load")))
#else
#define SIM_CTL
#define SIM_STEP
#define SIM_IO
#define SIM_ANY
#define SIM_LOAD
#endif

/* What every function that can fail returns. */
typedef int32_t sim_status;
enum {
  SIM_OK = 0,
  SIM_WARNING = 1,     /* done, with a remark in the log */
  SIM_DISCARD = 2,     /* not done, nothing changed; the caller may go on */
  SIM_ERROR = 3,       /* this lane or call failed; its session fails */
  SIM_FATAL = 4,       /* the whole plugin is unusable: all its sessions fail */
  SIM_UNSUPPORTED = 5, /* this side has no such thing */
  SIM_INVALID_ARG = 6,
  SIM_WRONG_STATE = 7, /* right call, wrong moment; also a dead handle */
  SIM_BUSY = 8         /* a bounded queue is full; try again */
};

/* Borrowed text: size bytes at data, not terminated; lives as long as the call unless said otherwise. */
typedef struct sim_text {
  const char* data;
  uint64_t size;
} sim_text;

/* Filled by the callee, owned by the caller, who sets size. */
typedef struct sim_error {
  uint32_t size;
  int32_t status;    /* one of the codes above */
  char code[48];     /* stable snake_case word, as in docs/errors.md; terminated */
  char message[256]; /* one sentence with the mend in it; terminated, cut if longer */
} sim_error;

enum { SIM_TEXT = 1, SIM_BINARY = 2 };

/* Takes messages (streams) or the pieces of one body (render_error). Every call copies before it returns. */
typedef struct sim_sink {
  uint32_t size, reserved;
  void* context;
  int32_t (*message)(void* context, uint32_t kind, const void* data, uint64_t size); /* kind: SIM_TEXT or SIM_BINARY */
  int32_t (*close)(void* context, uint32_t code, const char* reason);                /* code as in RFC 6455 */
} sim_sink;

/* One faulty field of an input. */
typedef struct sim_field_error {
  uint32_t size, flags; /* SIM_HAS_MIN, SIM_HAS_MAX */
  sim_text pointer;     /* RFC 6901 into the body, "" the whole body, "?key" a query key */
  sim_text code;        /* unknown_key, missing, wrong_type, value_out_of_range, ... */
  sim_text detail;
  sim_text input; /* the offending value as JSON, or empty */
  double min, max;
} sim_field_error;
enum { SIM_HAS_MIN = 1, SIM_HAS_MAX = 2 };

/* An error as a value: the listener that answers renders it. */
typedef struct sim_problem {
  uint32_t size;
  int32_t status; /* HTTP status 400..599 */
  sim_text code;  /* snake_case */
  sim_text detail;
  const sim_field_error* errors;
  uint32_t n_errors, retry_after_s; /* retry_after_s 0: none */
} sim_problem;

/* Pointer-free facts in section .sim.stamp, read before the library is opened. All text is zero-padded. */
#define SIM_STAMP_MAGIC "SIMSTMP1"
#define SIM_STAMP_SECTION ".sim.stamp"
enum { SIM_CPU_BASELINE = 1, SIM_CPU_V3 = 3 }; /* x86-64 psABI levels */
typedef struct sim_stamp {
  char magic[8];
  uint32_t size, abi_major, abi_minor, reserved;
  uint8_t pointer_bytes, little_endian, cpu_level, padding[5];
  char id[64], version[32], vendor[64], license[32], sdk_version[32];
  char source_hash[64]; /* hex, equal in the baseline and the AVX2 library of one plugin */
} sim_stamp;

SIM_STATIC_ASSERT(sizeof(sim_text) == 16, "sim_text layout");
SIM_STATIC_ASSERT(sizeof(sim_error) == 312, "sim_error layout");
SIM_STATIC_ASSERT(sizeof(sim_sink) == 32, "sim_sink layout");
SIM_STATIC_ASSERT(sizeof(sim_field_error) == 88, "sim_field_error layout");
SIM_STATIC_ASSERT(sizeof(sim_problem) == 56, "sim_problem layout");
SIM_STATIC_ASSERT(sizeof(sim_stamp) == 320, "sim_stamp layout");

#ifdef __cplusplus
}
#endif
#endif
