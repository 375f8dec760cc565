// The end of a program that found itself broken: one line on standard error, then abort.
#include <host/base/check.hpp>

#include <cstdio>
#include <cstdlib>

namespace simhost {

void check_failed(const char* file, int line, const char* condition, const char* message) noexcept {
  std::fprintf(stderr, "simhost: internal error at %s:%d: %s (%s)\n", file, line, message, condition);
  std::abort();
}

}  // namespace simhost
