/* How the plugins of the zoo tell the test what was called, in which order. */
#ifndef ZOO_H
#define ZOO_H

#include <sim/plugin.h>

#define ZOO_NOTES "zoo.notes/1"
typedef struct zoo_notes {
  uint32_t size, reserved;
  void (*note)(const sim_host* host, const char* word);
} zoo_notes;

#endif
