// MessagePack to Value: every length is held against the bytes left, and nothing is reserved on a header's word.
#include <host/base/msgpack.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

#include <host/base/limits.hpp>
#include <host/base/pointer.hpp>
#include <host/base/utf8.hpp>

namespace simhost {
namespace {

constexpr std::size_t small_map_members = 16;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool read(Value& out, std::size_t depth);
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  bool refuse(std::string_view code, const std::string& detail) {
    if (!error_) error_ = Error{std::string(code), "byte " + std::to_string(token_) + ": " + detail};
    return false;
  }
  bool refuse(const std::string& detail) { return refuse("invalid_msgpack", detail); }
  Error take_error() {
    Error error = std::move(*error_);
    error.errors.push_back(FieldError{.pointer = pointer(), .code = error.code, .detail = error.detail});
    return error;
  }
  void begin_token() { token_ = at_; }

 private:
  bool read_fixed(Value& out, unsigned type, std::size_t depth);
  bool read_sized(Value& out, unsigned type, std::size_t depth);
  bool read_string(Value& out, std::uint64_t length);
  bool read_array(Value& out, std::uint64_t count, std::size_t depth);
  bool read_map(Value& out, std::uint64_t count, std::size_t depth);
  bool read_key(std::string& key);
  bool read_float(Value& out, double number);
  bool is_room(std::uint64_t count, std::uint64_t bytes_each);
  bool is_shallow(std::size_t depth);
  [[nodiscard]] std::string pointer() const;

  // A big-endian number of so many bytes.
  std::optional<std::uint64_t> take(std::size_t count) {
    if (bytes_.size() - at_ < count) {
      refuse("the bytes end within a value");
      return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes_[at_++]);
    return value;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t token_ = 0;
  std::vector<std::string> path_;  // left as it stood when an error ended the reading
  std::optional<Error> error_;
};

bool Reader::read(Value& out, std::size_t depth) {
  begin_token();
  const auto type = take(1);
  if (!type) return false;
  const auto byte = static_cast<unsigned>(*type);
  return byte < 0xC0 || byte >= 0xE0 ? read_fixed(out, byte, depth) : read_sized(out, byte, depth);
}

// The types whose length or value stands in the type byte.
bool Reader::read_fixed(Value& out, unsigned type, std::size_t depth) {
  if (type < 0x80) {
    out = Value(static_cast<std::int64_t>(type));
    return true;
  }
  if (type >= 0xE0) {
    out = Value(static_cast<std::int64_t>(static_cast<std::int8_t>(type)));
    return true;
  }
  if (type < 0x90) return read_map(out, type & 15U, depth);
  if (type < 0xA0) return read_array(out, type & 15U, depth);
  return read_string(out, type & 31U);
}

Value whole_number(std::uint64_t bits, std::size_t bytes) {
  const auto unused = static_cast<unsigned>(64 - 8 * bytes);
  return Value(static_cast<std::int64_t>(bits << unused) >> unused);
}

Value counting_number(std::uint64_t number) {
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return number <= largest ? Value(number) : Value(static_cast<double>(number));
}

// The types whose number or length follows the type byte.
bool Reader::read_sized(Value& out, unsigned type, std::size_t depth) {
  if (type == 0xC0 || type == 0xC2 || type == 0xC3) {
    out = type == 0xC0 ? Value(nullptr) : Value(type == 0xC3);
    return true;
  }
  std::size_t width = 0;
  switch (type) {
    case 0xCC:
    case 0xD0:
    case 0xD9:
      width = 1;
      break;
    case 0xCD:
    case 0xD1:
    case 0xDA:
    case 0xDC:
    case 0xDE:
      width = 2;
      break;
    case 0xCA:
    case 0xCE:
    case 0xD2:
    case 0xDB:
    case 0xDD:
    case 0xDF:
      width = 4;
      break;
    case 0xCB:
    case 0xCF:
    case 0xD3:
      width = 8;
      break;
    case 0xC1:
      return refuse("0xc1 begins no value");
    default:
      return refuse("binary and extension types are not taken");
  }
  const auto bits = take(width);
  if (!bits) return false;
  if (type == 0xCA) return read_float(out, std::bit_cast<float>(static_cast<std::uint32_t>(*bits)));
  if (type == 0xCB) return read_float(out, std::bit_cast<double>(*bits));
  if (type <= 0xD3) {
    out = type <= 0xCF ? counting_number(*bits) : whole_number(*bits, width);
    return true;
  }
  if (type <= 0xDB) return read_string(out, *bits);
  return type <= 0xDD ? read_array(out, *bits, depth) : read_map(out, *bits, depth);
}

bool Reader::read_float(Value& out, double number) {
  if (!std::isfinite(number)) return refuse("the number is not finite");
  out = Value(number);
  return true;
}

bool Reader::read_string(Value& out, std::uint64_t length) {
  if (!is_room(length, 1)) return false;
  const std::string_view text = bytes_.substr(at_, static_cast<std::size_t>(length));
  if (!is_utf8(text)) return refuse("the text is not valid UTF-8");
  at_ += text.size();
  out = Value(text);
  return true;
}

bool Reader::read_array(Value& out, std::uint64_t count, std::size_t depth) {
  if (!is_shallow(depth) || !is_room(count, 1)) return false;
  Array items;
  for (std::uint64_t i = 0; i < count; ++i) {
    items.emplace_back();
    if (read(items.back(), depth + 1)) continue;
    path_.push_back(std::to_string(i));
    return false;
  }
  out = Value(std::move(items));
  return true;
}

bool is_new(const Object& members, const std::string& key, std::set<std::string>& keys) {
  if (members.size() < small_map_members) {
    for (const Member& member : members) {
      if (member.key == key) return false;
    }
    return true;
  }
  if (keys.empty()) {
    for (const Member& member : members) keys.insert(member.key);
  }
  return keys.insert(key).second;
}

bool Reader::read_map(Value& out, std::uint64_t count, std::size_t depth) {
  if (!is_shallow(depth) || !is_room(count, 2)) return false;
  Object members;
  std::set<std::string> keys;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string key;
    if (!read_key(key)) return false;
    const bool fresh = is_new(members, key, keys);
    if (!fresh) refuse("duplicate_key", "the key \"" + key.substr(0, 100) + "\" is given twice");
    members.push_back(Member{std::move(key), Value{}});
    if (fresh && read(members.back().value, depth + 1)) continue;
    path_.push_back(members.back().key);
    return false;
  }
  out = Value(std::move(members));
  return true;
}

bool Reader::read_key(std::string& key) {
  begin_token();
  const unsigned type = at_ < bytes_.size() ? static_cast<unsigned char>(bytes_[at_]) : 0xA0U;
  const bool is_text = (type >= 0xA0 && type < 0xC0) || (type >= 0xD9 && type <= 0xDB);
  if (!is_text) return refuse("a key must be a text");
  Value text;
  if (!read(text, 0)) return false;
  key = text.string();
  return true;
}

bool Reader::is_room(std::uint64_t count, std::uint64_t bytes_each) {
  return count * bytes_each <= bytes_.size() - at_ || refuse("more is announced than there are bytes");
}

bool Reader::is_shallow(std::size_t depth) {
  return depth < limits::msgpack_depth ||
         refuse("too_deep", "values are nested deeper than " + std::to_string(limits::msgpack_depth));
}

std::string Reader::pointer() const {
  std::string out;
  for (auto part = path_.rbegin(); part != path_.rend(); ++part) out = child_pointer(out, *part);
  return out;
}

}  // namespace

Result<Value> parse_msgpack(std::string_view bytes) {
  Reader reader(bytes);
  Value value;
  if (!reader.read(value, 0)) return fail(reader.take_error());
  if (!reader.at_end()) {
    reader.begin_token();
    reader.refuse("bytes follow the value");
    return fail(reader.take_error());
  }
  return value;
}

}  // namespace simhost
