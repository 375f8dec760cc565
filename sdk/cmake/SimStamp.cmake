# Run at build time: writes the stamp source of a plugin, with the hash of its sources and of the SDK's headers.
# Takes FACTS, a CMake file that sets STAMP_*, and OUTPUT.
include(${FACTS})
set(digest "")
foreach(entry IN LISTS STAMP_FILES)
  # Names relative to their roots, so that the hash depends on no machine.
  string(REGEX MATCH "^([^|]+)[|](.+)$" matched "${entry}")
  file(SHA256 "${CMAKE_MATCH_2}" content)
  string(APPEND digest "${CMAKE_MATCH_1} ${content}\n")
endforeach()
string(SHA256 source_hash "${digest}")
string(SUBSTRING "${source_hash}" 0 40 source_hash)
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [=[
/* The stamp of a plugin, read before the library is opened. Generated. */
#include <sim/abi.h>

#if defined(__FAST_MATH__)
#error "simhost plugins must not be built with -ffast-math: it changes the floating-point mode of the whole host"
#endif

#if defined(__cplusplus)
extern "C" {
#endif
extern const sim_stamp sim_plugin_stamp;
__attribute__((used, retain, section(SIM_STAMP_SECTION))) const sim_stamp sim_plugin_stamp = {
    {'S', 'I', 'M', 'S', 'T', 'M', 'P', '1'},
    sizeof(sim_stamp),
    SIM_ABI_MAJOR,
    SIM_ABI_MINOR,
    0,
    sizeof(void*),
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    SIM_CPU_LEVEL,
    {0, 0, 0, 0, 0},
    "@STAMP_ID@",
    "@STAMP_VERSION@",
    "@STAMP_VENDOR@",
    "@STAMP_LICENSE@",
    "@STAMP_SDK_VERSION@",
    "@source_hash@"};
#if defined(__cplusplus)
}
#endif
]=] @ONLY)
