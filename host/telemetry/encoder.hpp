// Rows of values to the bytes of one data message: pure functions, and the part in front that differs per client.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <host/telemetry/schema.hpp>

namespace simhost::telemetry {

enum class Format : std::uint8_t { json, msgpack, binary };
enum class Mode : std::uint8_t { latest, all, minmax };
enum class MessageKind : std::uint8_t { text, binary };

std::string_view to_string(Format format) noexcept;
std::string_view to_string(Mode mode) noexcept;

// Values row after row, each row field-major and lane-minor. latest: one row. all: a row per tick. minmax: the rows
// min, max and last, with the one tick and time of last.
struct Rows {
  std::span<const std::uint64_t> ticks;
  std::span<const double> times_s;
  std::span<const double> values;
};

// One flush, encoded once and shared by all who subscribed to the same: immutable.
struct Message {
  Format format = Format::json;
  Mode mode = Mode::latest;
  std::uint64_t first_tick = 0;
  double first_time_s = 0, step_s = 0;
  std::uint32_t rows = 1, columns = 1;
  std::uint64_t ticks = 1;  // how many ticks are lost with this message
  std::uint64_t lost = 0;   // ticks nobody could read before its first
  std::string body{};

  [[nodiscard]] MessageKind kind() const noexcept {
    return format == Format::json ? MessageKind::text : MessageKind::binary;
  }
};
using MessagePointer = std::shared_ptr<const Message>;

// The body of a message: what follows the client's own part.
void encode_json(const Schema& schema, Mode mode, const Rows& rows, std::string& out);
void encode_msgpack(const Schema& schema, Mode mode, const Rows& rows, std::string& out);
void encode_binary(const Rows& rows, std::string& out);

Message encode(const Schema& schema, Format format, Mode mode, const Rows& rows);

// The client's own part: subscription id and gap; gap 0 says nothing was lost.
std::string head_of(const Message& message, std::uint32_t id, std::uint64_t gap);

inline constexpr std::size_t binary_header_bytes = 40;
inline constexpr std::size_t binary_gap_bytes = 8;

}  // namespace simhost::telemetry
