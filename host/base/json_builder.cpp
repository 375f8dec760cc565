// Building of values from parser events: depth, duplicate keys, numbers, and the position of each part.
#include <host/base/json_builder.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include <host/base/limits.hpp>
#include <host/base/pointer.hpp>
#include <host/base/utf8.hpp>

namespace simhost::base {
namespace {

// From here on a set finds duplicates: the search through all members would take quadratic time.
constexpr std::size_t small_object_members = 16;

constexpr long longest_exponent = 1L << 40;  // beyond any number of digits that fits memory

// The sign of the decimal exponent decides whether a number out of range is too large or as good as zero.
bool is_huge(std::string_view digits) {
  const std::size_t e = std::min(digits.find_first_of("eE"), digits.size());
  long exponent = 0;
  if (e < digits.size()) {
    std::string_view power = digits.substr(e + 1);
    if (power.front() == '+') power.remove_prefix(1);
    const auto read = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (read.ec != std::errc{}) return power.front() != '-';
  }
  const std::string_view mantissa = digits.substr(0, e);
  const auto point = static_cast<long>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<long>(std::min(mantissa.find_first_of("123456789"), mantissa.size()));
  return point - first + std::clamp(exponent, -longest_exponent, longest_exponent) > 0;
}

std::optional<Value> read_number(std::string_view digits) {
  const char* begin = digits.data();
  const char* end = begin + digits.size();
  std::int64_t whole = 0;
  const auto as_integer = std::from_chars(begin, end, whole);
  if (as_integer.ec == std::errc{} && as_integer.ptr == end && digits != "-0") return Value(whole);
  double number = 0;
  const auto as_number = std::from_chars(begin, end, number);
  if (as_number.ec == std::errc::result_out_of_range) {
    if (is_huge(digits)) return std::nullopt;
    number = digits.front() == '-' ? -0.0 : 0.0;
  }
  if (!std::isfinite(number)) return std::nullopt;
  return Value(number);
}

}  // namespace

bool JsonBuilder::number(std::string_view digits, std::size_t end) {
  std::optional<Value> value = read_number(digits);
  if (!value) return refuse(end, "invalid_json", "the number is too large");
  return scalar(std::move(*value), end);
}

bool JsonBuilder::string(std::string_view value, std::size_t end) {
  // The text itself is known to be UTF-8; an escaped half of a surrogate pair is what can still be wrong.
  if (!is_utf8(value)) return refuse(end, "invalid_json", "a \\u escape holds half a character");
  return scalar(Value(value), end);
}

bool JsonBuilder::key(std::string_view name, std::size_t end) {
  Frame& frame = frames_.back();
  const std::size_t begin = begin_token();
  if (!is_utf8(name)) return refuse(begin, "invalid_json", "a \\u escape holds half a character");
  frame.key = name;
  frame.has_key = true;
  if (!is_new(frame, name)) {
    return refuse(begin, "duplicate_key", "the key \"" + frame.key.substr(0, 100) + "\" is given twice");
  }
  if (keeps_marks_) frame.key_position = position_of(begin);
  token_end_ = end;
  return true;
}

bool JsonBuilder::open(Value container) {
  const std::size_t begin = begin_token();
  if (frames_.size() >= limits::json_depth) {
    return refuse(begin, "too_deep", "values are nested deeper than " + std::to_string(limits::json_depth));
  }
  if (keeps_marks_) mark(pointer(), position_of(begin));
  token_end_ = begin + 1;
  frames_.push_back(Frame{.container = std::move(container), .key = {}});
  return true;
}

bool JsonBuilder::close() {
  token_end_ = begin_token() + 1;
  Value done = std::move(frames_.back().container);
  frames_.pop_back();
  return attach(std::move(done));
}

void JsonBuilder::fault_at(std::size_t offset, std::string detail) {
  refuse(offset, "invalid_json", std::move(detail));
}

bool JsonBuilder::scalar(Value value, std::size_t end) {
  if (keeps_marks_) mark(pointer(), position_of(begin_token()));
  token_end_ = end;
  return attach(std::move(value));
}

bool JsonBuilder::attach(Value value) {
  if (frames_.empty()) {
    result_.value = std::move(value);
    return true;
  }
  Frame& frame = frames_.back();
  if (frame.container.is_array()) {
    frame.container.items().push_back(std::move(value));
  } else {
    frame.container.members().push_back(Member{std::move(frame.key), std::move(value)});
    frame.has_key = false;
  }
  return true;
}

bool JsonBuilder::refuse(std::size_t offset, std::string_view code, std::string detail) {
  if (!fault_) fault_ = JsonFault{std::string(code), std::move(detail), pointer(), position_of(offset)};
  return false;
}

// Between two tokens stand blanks, commas and colons only, so the next one begins behind them.
std::size_t JsonBuilder::begin_token() {
  return std::min(text_.find_first_not_of(" \t\r\n,:", token_end_), text_.size());
}

// Counts on from the last call; an earlier offset starts anew.
TextPosition JsonBuilder::position_of(std::size_t offset) {
  if (offset < counted_to_) {
    counted_to_ = 0;
    counted_ = {};
  }
  for (; counted_to_ < std::min(offset, text_.size()); ++counted_to_) {
    const auto byte = static_cast<unsigned char>(text_[counted_to_]);
    if (byte == '\n') {
      ++counted_.line;
      counted_.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++counted_.column;
    }
  }
  return counted_;
}

void JsonBuilder::mark(const std::string& pointer, TextPosition value) {
  const bool member = !frames_.empty() && frames_.back().has_key;
  result_.marks.emplace(pointer, JsonMark{member ? frames_.back().key_position : value, value});
}

std::string JsonBuilder::pointer() const {
  std::string out;
  for (const Frame& frame : frames_) {
    if (frame.container.is_array()) {
      out = child_pointer(out, frame.container.items().size());
    } else if (frame.has_key) {
      out = child_pointer(out, frame.key);
    }
  }
  return out;
}

bool JsonBuilder::is_new(Frame& frame, std::string_view name) {
  const Object& members = frame.container.members();
  if (members.size() < small_object_members) return frame.container.find(name) == nullptr;
  if (frame.keys.empty()) {
    for (const Member& member : members) frame.keys.insert(member.key);
  }
  return frame.keys.emplace(name).second;
}

}  // namespace simhost::base
