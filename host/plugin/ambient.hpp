// What of the process a plugin's start-up code could change behind the host's back: arithmetic, locale, signal
// handlers.
#pragma once

#include <array>
#include <csignal>
#include <string>

namespace simhost::plugin {

class Ambient {
 public:
  Ambient();  // as it is now
  // Puts back what has changed since then and says what that was ("the floating-point mode", ...); empty: nothing.
  [[nodiscard]] std::string restore() const;

 private:
  static constexpr int signals_end = 32;  // the standard ones

  unsigned arithmetic_;
  std::string locale_;
  std::array<struct sigaction, signals_end> handlers_{};
};

}  // namespace simhost::plugin
