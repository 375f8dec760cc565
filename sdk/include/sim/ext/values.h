/* sim.values/1, from the host: reads parsed input (JSON or MessagePack, one shape for both). */
#ifndef SIM_EXT_VALUES_H
#define SIM_EXT_VALUES_H

#include <sim/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIM_VALUES "sim.values/1"
typedef struct sim_value sim_value; /* the host's, immutable, valid for the call that got it */

enum { SIM_NULL = 0, SIM_BOOL = 1, SIM_INT = 2, SIM_NUMBER = 3, SIM_STRING = 4, SIM_ARRAY = 5, SIM_OBJECT = 6 };

/* All [any]; NULL is read as null. Members keep the order they came in. */
typedef struct sim_values {
  uint32_t size, reserved;
  uint32_t (*kind)(const sim_value* value);
  double (*number)(const sim_value* value);                          /* of INT and NUMBER, else 0 */
  int64_t (*integer)(const sim_value* value);                        /* of INT, else 0 */
  int32_t (*boolean)(const sim_value* value);                        /* of BOOL, else 0 */
  sim_text (*text)(const sim_value* value);                          /* of STRING, else empty */
  uint64_t (*count)(const sim_value* value);                         /* of ARRAY and OBJECT, else 0 */
  const sim_value* (*item)(const sim_value* value, uint64_t place);  /* NULL outside */
  sim_text (*key)(const sim_value* value, uint64_t place);           /* of OBJECT */
  const sim_value* (*find)(const sim_value* value, const char* key); /* NULL: absent */
  int32_t (*json)(const sim_value* value, const sim_sink* sink);     /* writes it as JSON */
} sim_values;

SIM_STATIC_ASSERT(sizeof(sim_values) == 88, "sim_values layout");

#ifdef __cplusplus
}
#endif
#endif
