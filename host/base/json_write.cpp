// Value to JSON text, compact or for people, with the shortest numbers that read back equal.
#include <host/base/json.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace simhost {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

// The escape of a character that may not stand in a JSON string as it is, or nothing.
std::string_view short_escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return {};
  }
}

void append_control(std::string& out, char c) {
  const std::string_view escape = short_escape(c);
  if (!escape.empty()) {
    out += escape;
    return;
  }
  out += "\\u00";
  out += hex[static_cast<unsigned char>(c) >> 4U];
  out += hex[static_cast<unsigned char>(c) & 15U];
}

bool stands_for_itself(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void append_integer(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end.ptr);
}

// Where the parts of a value go: compact, or each on a line of its own.
class Layout {
 public:
  Layout(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void write(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::null:
        out_ += "null";
        return;
      case Value::Kind::boolean:
        out_ += value.boolean() ? "true" : "false";
        return;
      case Value::Kind::integer:
        append_integer(out_, value.integer());
        return;
      case Value::Kind::number:
        append_json_number(out_, value.number());
        return;
      case Value::Kind::string:
        append_json_string(out_, value.string());
        return;
      case Value::Kind::array:
        write_items(value.items());
        return;
      case Value::Kind::object:
        write_members(value.members());
        return;
    }
  }

 private:
  void write_items(const Array& items) {
    out_ += '[';
    ++level_;
    for (std::size_t i = 0; i < items.size(); ++i) {
      next(i);
      write(items[i]);
    }
    close(']', items.empty());
  }

  void write_members(const Object& members) {
    out_ += '{';
    ++level_;
    for (std::size_t i = 0; i < members.size(); ++i) {
      next(i);
      append_json_string(out_, members[i].key);
      out_ += pretty_ ? ": " : ":";
      write(members[i].value);
    }
    close('}', members.empty());
  }

  void next(std::size_t index) {
    if (index > 0) out_ += ',';
    new_line();
  }

  void close(char bracket, bool empty) {
    --level_;
    if (!empty) new_line();
    out_ += bracket;
  }

  void new_line() {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(2 * level_, ' ');
  }

  std::string& out_;
  bool pretty_;
  std::size_t level_ = 0;
};

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (stands_for_itself(text[i])) continue;
    out += text.substr(done, i - done);
    append_control(out, text[i]);
    done = i + 1;
  }
  out += text.substr(done);
  out += '"';
}

void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 40> digits;
  const double size = std::fabs(number);
  const bool plain = number == 0 || (size >= 1e-4 && size < 1e16);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, format);
  const std::string_view text(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
  out += text;
  if (plain && text.find('.') == std::string_view::npos) out += ".0";
}

void append_json(std::string& out, const Value& value) { Layout(out, false).write(value); }

std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

std::string to_pretty_json(const Value& value) {
  std::string out;
  Layout(out, true).write(value);
  out += '\n';
  return out;
}

}  // namespace simhost
