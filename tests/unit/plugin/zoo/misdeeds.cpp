// Misdeeds only C++ can commit; the stamp and the entry come from zoo.c or from here.
#include <sim/plugin.h>

#include <stdexcept>
#include <string>

#ifdef ZOO_UNIQUE
// An inline function's static gets a symbol that binds the library to the process for good.
inline int& counted() {
  static int count = 0;
  return count;
}
extern "C" __attribute__((visibility("hidden"))) int zoo_count() { return ++counted(); }
#endif

#ifdef ZOO_THREAD_LOCAL
thread_local std::string per_thread = "a destructor per thread";
extern "C" __attribute__((visibility("hidden"), used)) std::size_t zoo_touch() { return per_thread.size(); }
#endif

#ifdef ZOO_THROWS
namespace {

__attribute__((section(SIM_STAMP_SECTION), used)) const sim_stamp stamp = {{'S', 'I', 'M', 'S', 'T', 'M', 'P', '1'},
                                                                           sizeof(sim_stamp),
                                                                           1,
                                                                           0,
                                                                           0,
                                                                           sizeof(void*),
                                                                           1,
                                                                           SIM_CPU_BASELINE,
                                                                           {},
                                                                           "zoo_throws",
                                                                           "1.0.0",
                                                                           "the zoo",
                                                                           "MIT",
                                                                           "0.1.0",
                                                                           "5a00"};

std::int32_t init(const sim_host*, sim_error*) { throw std::runtime_error("thrown by init"); }
void deinit() {}
const void* get_factory(const char*) { return nullptr; }
const sim_entry entry = {sizeof(sim_entry), 0, init, deinit, get_factory};

}  // namespace

extern "C" SIM_EXPORT const sim_entry* sim_entry_v1() { return &entry; }
#endif
