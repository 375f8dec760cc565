// What every host function does at the border to a plugin: reads text, fills errors, gates sizes, lets no exception
// out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <sim/abi.h>
#include <host/base/error.hpp>

namespace simhost::services {

// SIM_BUSY for full queues and answers that took too long, SIM_WRONG_STATE for what is possible at another moment,
// SIM_INVALID_ARG for every other refusal, SIM_ERROR for failures of models.
[[nodiscard]] sim_status status_for(const Error& error) noexcept;

// Fills out as far as its size goes, and returns status. out may be null.
sim_status say(sim_error* out, sim_status status, std::string_view code, std::string_view message) noexcept;
// The error's code and detail, with the first faulty field where there is one.
sim_status say(sim_error* out, const Error& error) noexcept;

// Borrowed text; null data of any size is empty.
[[nodiscard]] inline std::string_view view(sim_text text) noexcept {
  return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.size);
}
[[nodiscard]] inline sim_text text_of(std::string_view text) noexcept { return {text.data(), text.size()}; }

// A terminated string of at most max bytes; nothing when it is null or longer.
[[nodiscard]] inline std::string_view view(const char* text, std::size_t max) noexcept {
  if (text == nullptr) return {};
  const std::size_t size = ::strnlen(text, max + 1);
  return size > max ? std::string_view{} : std::string_view(text, size);
}

template <std::size_t N>
void copy_text(char (&to)[N], std::string_view from) noexcept {
  std::size_t size = std::min(from.size(), N - 1);
  if (size < from.size())
    while (size > 0 && (static_cast<unsigned char>(from[size]) & 0xC0U) == 0x80U) --size;  // no half characters
  if (size > 0) std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

// Writes own into a table the plugin owns: as much as the size it states, which must reach `least`.
template <class T>
[[nodiscard]] bool give(T* out, const T& own, std::size_t least) noexcept {
  std::uint32_t size = 0;
  if (out == nullptr) return false;
  std::memcpy(&size, out, sizeof(size));
  if (size < least) return false;
  std::memcpy(reinterpret_cast<char*>(out) + sizeof(size), reinterpret_cast<const char*>(&own) + sizeof(size),
              std::min<std::size_t>(size, sizeof(T)) - sizeof(size));
  return true;
}

// Whether a sink of the plugin's can be called.
[[nodiscard]] inline bool is_sink(const sim_sink* sink) noexcept {
  return sink != nullptr && sink->size >= sizeof(sim_sink) && sink->message != nullptr;
}

template <class Work>
sim_status guarded(Work&& work) noexcept {
  try {
    return work();
  } catch (...) {
    return SIM_ERROR;
  }
}

}  // namespace simhost::services
