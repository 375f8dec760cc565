// Our own bugs stop the program with a text: SIM_CHECK always, SIM_DCHECK only in debug builds (for the tick).
#pragma once

namespace simhost {

// Writes one line to standard error and aborts; calls nothing that allocates.
[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* message) noexcept;

}  // namespace simhost

#define SIM_CHECK(condition, message)                \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::simhost::check_failed(__FILE__, __LINE__, #condition, message))

#ifdef NDEBUG
#define SIM_DCHECK(condition, message) static_cast<void>(sizeof(!(condition)))
#else
#define SIM_DCHECK(condition, message) SIM_CHECK(condition, message)
#endif
