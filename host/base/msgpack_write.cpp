// Value to MessagePack, each part in its shortest form; numbers with a fraction as 64-bit floats.
#include <host/base/msgpack.hpp>

#include <bit>

namespace simhost {
namespace {

void append_bytes(std::string& out, unsigned type, std::uint64_t bits, unsigned count) {
  out += static_cast<char>(type);
  for (unsigned i = count; i > 0; --i) out += static_cast<char>((bits >> (8U * (i - 1U))) & 0xFFU);
}

void append_counting(std::string& out, std::uint64_t number) {
  if (number < 0x80) return append_bytes(out, static_cast<unsigned>(number), 0, 0);
  if (number <= 0xFF) return append_bytes(out, 0xCC, number, 1);
  if (number <= 0xFFFF) return append_bytes(out, 0xCD, number, 2);
  if (number <= 0xFFFFFFFF) return append_bytes(out, 0xCE, number, 4);
  append_bytes(out, 0xCF, number, 8);
}

void append_integer(std::string& out, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  if (number >= 0) return append_counting(out, bits);
  if (number >= -32) return append_bytes(out, static_cast<unsigned>(bits & 0xFFU), 0, 0);
  if (number >= INT8_MIN) return append_bytes(out, 0xD0, bits, 1);
  if (number >= INT16_MIN) return append_bytes(out, 0xD1, bits, 2);
  if (number >= INT32_MIN) return append_bytes(out, 0xD2, bits, 4);
  append_bytes(out, 0xD3, bits, 8);
}

void append_text(std::string& out, std::string_view text) {
  const std::size_t size = text.size();
  if (size < 32) {
    append_bytes(out, 0xA0U | static_cast<unsigned>(size), 0, 0);
  } else if (size <= 0xFF) {
    append_bytes(out, 0xD9, size, 1);
  } else if (size <= 0xFFFF) {
    append_bytes(out, 0xDA, size, 2);
  } else {
    append_bytes(out, 0xDB, size, 4);
  }
  out += text;
}

// fixed: the type byte for up to 15 members; longer: that with a 16-bit count, the next with 32 bits.
void append_count(std::string& out, std::size_t count, unsigned fixed, unsigned longer) {
  if (count < 16) return append_bytes(out, fixed | static_cast<unsigned>(count), 0, 0);
  if (count <= 0xFFFF) return append_bytes(out, longer, count, 2);
  append_bytes(out, longer + 1, count, 4);
}

void append_items(std::string& out, const Array& items) {
  append_count(out, items.size(), 0x90, 0xDC);
  for (const Value& item : items) append_msgpack(out, item);
}

void append_members(std::string& out, const Object& members) {
  append_count(out, members.size(), 0x80, 0xDE);
  for (const Member& member : members) {
    append_text(out, member.key);
    append_msgpack(out, member.value);
  }
}

}  // namespace

void append_msgpack(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return append_bytes(out, 0xC0, 0, 0);
    case Value::Kind::boolean:
      return append_bytes(out, value.boolean() ? 0xC3 : 0xC2, 0, 0);
    case Value::Kind::integer:
      return append_integer(out, value.integer());
    case Value::Kind::number:
      return append_bytes(out, 0xCB, std::bit_cast<std::uint64_t>(value.number()), 8);
    case Value::Kind::string:
      return append_text(out, value.string());
    case Value::Kind::array:
      return append_items(out, value.items());
    case Value::Kind::object:
      return append_members(out, value.members());
  }
}

std::string to_msgpack(const Value& value) {
  std::string out;
  append_msgpack(out, value);
  return out;
}

}  // namespace simhost
