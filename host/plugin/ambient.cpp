// Compares and restores what plugins must not change.
#include <host/plugin/ambient.hpp>

#include <xmmintrin.h>

#include <clocale>

namespace simhost::plugin {
namespace {

constexpr unsigned mxcsr_flags = 0x3f;  // sticky results of past operations, not a mode

std::string locale_now() {
  const char* name = std::setlocale(LC_ALL, nullptr);
  return name == nullptr ? std::string() : std::string(name);
}

bool is_same(const struct sigaction& a, const struct sigaction& b) noexcept {
  return (a.sa_flags & SA_SIGINFO) == (b.sa_flags & SA_SIGINFO) && a.sa_handler == b.sa_handler;
}

}  // namespace

Ambient::Ambient() : arithmetic_(_mm_getcsr() & ~mxcsr_flags), locale_(locale_now()) {
  for (int number = 1; number < signals_end; ++number)
    ::sigaction(number, nullptr, &handlers_[static_cast<std::size_t>(number)]);
}

std::string Ambient::restore() const {
  std::string changed;
  const auto note = [&](const char* what) { changed += (changed.empty() ? "" : " and ") + std::string(what); };
  if ((_mm_getcsr() & ~mxcsr_flags) != arithmetic_) {
    _mm_setcsr(arithmetic_);
    note("the floating-point mode (-ffast-math or -Ofast at its link does that; leave it out)");
  }
  if (locale_now() != locale_) {
    std::setlocale(LC_ALL, locale_.c_str());
    note("the locale (setlocale; format numbers with std::to_chars)");
  }
  bool signals = false;
  for (int number = 1; number < signals_end; ++number) {
    const auto& before = handlers_[static_cast<std::size_t>(number)];
    struct sigaction now {};
    if (number == SIGKILL || number == SIGSTOP || ::sigaction(number, nullptr, &now) != 0 || is_same(before, now))
      continue;
    ::sigaction(number, &before, nullptr);
    signals = true;
  }
  if (signals) note("signal handlers (signal, sigaction; they are the host's)");
  return changed;
}

}  // namespace simhost::plugin
