// Binary bodies, the heads of all formats, and the choice between them.
#include <host/telemetry/encoder.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace simhost::telemetry {

namespace {

static_assert(std::endian::native == std::endian::little, "binary frames are copied from memory as they are");

constexpr std::uint8_t binary_version = 1;
constexpr std::uint16_t flag_gap = 1;

template <class T>
void append_raw(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

std::string json_head(std::uint32_t id, std::uint64_t gap) {
  std::string head = "{\"op\":\"data\",\"id\":" + std::to_string(id) + ",";
  if (gap > 0) head += "\"gap\":" + std::to_string(gap) + ",";
  return head;
}

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i > 0; --i) out += static_cast<char>((value >> (8U * (i - 1U))) & 0xFFU);
}

// A map of op, id, gap when there is one, and the three members of the body.
std::string msgpack_head(std::uint32_t id, std::uint64_t gap) {
  std::string head;
  head += static_cast<char>(gap > 0 ? 0x86 : 0x85);
  head +=
      "\xA2op\xA4"
      "data\xA2id\xCE";
  append_big_endian(head, id, 4);
  if (gap == 0) return head;
  head += "\xA3gap\xCF";
  append_big_endian(head, gap, 8);
  return head;
}

std::string binary_head(const Message& message, std::uint32_t id, std::uint64_t gap) {
  std::string head;
  head.reserve(binary_header_bytes + binary_gap_bytes);
  append_raw(head, binary_version);
  append_raw(head, static_cast<std::uint8_t>(static_cast<std::uint8_t>(message.mode) + 1));
  append_raw(head, gap > 0 ? flag_gap : std::uint16_t{0});
  append_raw(head, id);
  append_raw(head, message.first_tick);
  append_raw(head, message.first_time_s);
  append_raw(head, message.step_s);
  append_raw(head, message.rows);
  append_raw(head, message.columns);
  if (gap == 0) return head;
  append_raw(head, static_cast<std::uint32_t>(std::min<std::uint64_t>(gap, std::numeric_limits<std::uint32_t>::max())));
  append_raw(head, std::uint32_t{0});
  return head;
}

}  // namespace

std::string_view to_string(Format format) noexcept {
  constexpr std::string_view names[] = {"json", "msgpack", "binary"};
  return names[static_cast<std::size_t>(format)];
}

std::string_view to_string(Mode mode) noexcept {
  constexpr std::string_view names[] = {"latest", "all", "minmax"};
  return names[static_cast<std::size_t>(mode)];
}

void encode_binary(const Rows& rows, std::string& out) {
  const auto bytes = std::as_bytes(rows.values);
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Message encode(const Schema& schema, Format format, Mode mode, const Rows& rows) {
  Message message{format, mode, rows.ticks.front(), rows.times_s.front(), schema.step_s};
  message.columns = static_cast<std::uint32_t>(schema.values());
  message.rows = static_cast<std::uint32_t>(mode == Mode::minmax ? 3 : rows.ticks.size());
  message.ticks = rows.ticks.size();
  switch (format) {
    case Format::json:
      encode_json(schema, mode, rows, message.body);
      break;
    case Format::msgpack:
      encode_msgpack(schema, mode, rows, message.body);
      break;
    case Format::binary:
      encode_binary(rows, message.body);
      break;
  }
  return message;
}

std::string head_of(const Message& message, std::uint32_t id, std::uint64_t gap) {
  switch (message.format) {
    case Format::json:
      return json_head(id, gap);
    case Format::msgpack:
      return msgpack_head(id, gap);
    case Format::binary:
      break;
  }
  return binary_head(message, id, gap);
}

}  // namespace simhost::telemetry
