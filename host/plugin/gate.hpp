// Copies tables that cross the ABI: min(size, sizeof own) into zeros, arrays by the stride their first element states.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include <sim/ext/commands.h>
#include <sim/ext/config.h>
#include <sim/ext/routes.h>
#include <sim/ext/streams.h>
#include <sim/plugin.h>

namespace simhost::plugin {

inline constexpr std::uint32_t table_size_max = 4096;

// The size a table had in ABI 1.0: what every reader may rely on. Never changes when the table grows.
template <class T>
inline constexpr std::uint32_t first_size = 0;
template <>
inline constexpr std::uint32_t first_size<sim_unit> = 40;
template <>
inline constexpr std::uint32_t first_size<sim_var> = 112;
template <>
inline constexpr std::uint32_t first_size<sim_model_desc> = 104;
template <>
inline constexpr std::uint32_t first_size<sim_model> = 64;
template <>
inline constexpr std::uint32_t first_size<sim_model_factory> = 16;
template <>
inline constexpr std::uint32_t first_size<sim_entry> = 32;
template <>
inline constexpr std::uint32_t first_size<sim_command> = 72;
template <>
inline constexpr std::uint32_t first_size<sim_commands> = 16;
template <>
inline constexpr std::uint32_t first_size<sim_setting> = 64;
template <>
inline constexpr std::uint32_t first_size<sim_settings> = 16;
template <>
inline constexpr std::uint32_t first_size<sim_answer> = 32;
template <>
inline constexpr std::uint32_t first_size<sim_route> = 88;
template <>
inline constexpr std::uint32_t first_size<sim_routes> = 32;
template <>
inline constexpr std::uint32_t first_size<sim_stream> = 120;
template <>
inline constexpr std::uint32_t first_size<sim_streams> = 16;

template <class T>
[[nodiscard]] bool is_table_size(std::uint32_t size) noexcept {
  static_assert(first_size<T> != 0 && first_size<T> <= sizeof(T));
  return size >= first_size<T> && size <= table_size_max;
}

// The table at from, or nothing when from is null or states a size no version of it has.
template <class T>
[[nodiscard]] std::optional<T> gate(const void* from) noexcept {
  std::uint32_t size = 0;
  if (from == nullptr) return std::nullopt;
  std::memcpy(&size, from, sizeof(size));
  if (!is_table_size<T>(size)) return std::nullopt;
  T own{};
  std::memcpy(&own, from, std::min<std::size_t>(size, sizeof(T)));
  own.size = static_cast<std::uint32_t>(sizeof(T));
  return own;
}

// count tables that stand one behind the other; all state the same size, which is the stride.
template <class T>
[[nodiscard]] std::optional<std::vector<T>> gate_array(const void* from, std::uint64_t count) {
  std::vector<T> own;
  if (count == 0) return own;
  if (from == nullptr) return std::nullopt;
  const auto* place = static_cast<const char*>(from);
  std::uint32_t stride = 0;
  std::memcpy(&stride, place, sizeof(stride));
  for (std::uint64_t i = 0; i < count; ++i, place += stride) {
    std::uint32_t size = 0;
    std::memcpy(&size, place, sizeof(size));
    const auto one = size == stride ? gate<T>(place) : std::nullopt;
    if (!one) return std::nullopt;
    own.push_back(*one);
  }
  return own;
}

}  // namespace simhost::plugin
