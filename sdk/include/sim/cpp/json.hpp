/// Writes JSON into a string, or into a buffer of fixed size where nothing may be allocated.
///
/// ```cpp
/// std::string text;
/// sim::Json(text).object().member("speed_rpm", 1500.5).key("phases").array().value(1).value(2).end().end();
/// ```
#pragma once

#include <sim/cpp/version.hpp>

#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sim::inline sdk_v1_0 {

/// Commas, quotes and escapes are its business; the caller opens and closes. Numbers are written shortest, such that
/// they read back to the same bits. There is no NaN or infinity in JSON: they become null, and `ok` says so.
class Json {
 public:
  explicit Json(std::string& to) noexcept : string_(&to) {}
  Json(char* buffer, std::size_t capacity) noexcept : buffer_(buffer), capacity_(capacity) {}

  Json& object() { return open('{', true); }
  Json& array() { return open('[', false); }
  /// Closes the innermost object or array.
  Json& end() {
    if (depth_ == 0) return fail();
    --depth_;
    put(is_object_[depth_] ? '}' : ']');
    needs_comma_ = true;
    return *this;
  }
  Json& key(std::string_view name) {
    comma();
    quoted(name);
    put(':');
    needs_comma_ = false;
    return *this;
  }

  Json& value(double number) {
    if (!(number - number == 0)) return ok_ = false, null();
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  /// A number that stays one with a fraction on the wire, 48.0 and not 48, in plain digits where they are not long: for
  /// clients that tell integers and floats apart.
  Json& real(double number) {
    if (!(number - number == 0)) return ok_ = false, null();
    const double size = number < 0 ? -number : number;
    const bool plain = size == 0 || (size >= 1e-5 && size < 1e16);
    char digits[64];
    char* const last = digits + sizeof digits - 2;
    char* end = plain ? std::to_chars(digits, last, number, std::chars_format::fixed).ptr
                      : std::to_chars(digits, last, number).ptr;
    if (std::string_view(digits, static_cast<std::size_t>(end - digits)).find_first_of(".e") ==
        std::string_view::npos) {
      *end++ = '.';
      *end++ = '0';
    }
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  Json& real(std::string_view name, double number) { return key(name).real(number); }
  template <std::integral T>
  Json& value(T number) {
    if constexpr (std::same_as<T, bool>) {
      return raw(number ? "true" : "false");
    } else {
      char digits[24];
      const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
      return raw({digits, static_cast<std::size_t>(end - digits)});
    }
  }
  Json& value(std::string_view text) {
    comma();
    quoted(text);
    needs_comma_ = true;
    return *this;
  }
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(const std::string& text) { return value(std::string_view(text)); }
  Json& null() { return raw("null"); }
  /// Text that is JSON already.
  Json& raw(std::string_view json) {
    comma();
    append(json);
    needs_comma_ = true;
    return *this;
  }
  template <class T>
  Json& member(std::string_view name, const T& what) {
    return key(name).value(what);
  }

  /// False after a number that is not finite, a buffer that was too small, nesting beyond 64, or an end too many.
  bool ok() const noexcept { return ok_; }
  /// What stands in the fixed buffer.
  std::string_view text() const noexcept {
    return string_ != nullptr ? std::string_view(*string_) : std::string_view(buffer_, size_);
  }

 private:
  static constexpr std::uint32_t depth_max = 64;

  Json& open(char bracket, bool is_object) {
    comma();
    put(bracket);
    if (depth_ == depth_max) return fail();
    is_object_[depth_++] = is_object;
    needs_comma_ = false;
    return *this;
  }
  Json& fail() noexcept { return ok_ = false, *this; }
  void comma() {
    if (needs_comma_) put(',');
    needs_comma_ = false;
  }
  void put(char c) { append({&c, 1}); }
  void append(std::string_view text) {
    if (string_ != nullptr) {
      string_->append(text);
    } else if (text.size() <= capacity_ - size_) {
      std::memcpy(buffer_ + size_, text.data(), text.size());
      size_ += text.size();
    } else {
      ok_ = false;
    }
  }
  void quoted(std::string_view text) {
    put('"');
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c >= 0x20 && c != '"' && c != '\\') continue;
      append(text.substr(plain, i - plain));
      plain = i + 1;
      escape(c);
    }
    append(text.substr(plain));
    put('"');
  }
  void escape(unsigned char c) {
    switch (c) {
      case '"':
        return append("\\\"");
      case '\\':
        return append("\\\\");
      case '\n':
        return append("\\n");
      case '\r':
        return append("\\r");
      case '\t':
        return append("\\t");
      default:
        break;
    }
    constexpr char digits[] = "0123456789abcdef";
    const char unicode[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    append({unicode, sizeof unicode});
  }

  std::string* string_ = nullptr;
  char* buffer_ = nullptr;
  std::size_t capacity_ = 0, size_ = 0;
  std::uint32_t depth_ = 0;
  bool is_object_[depth_max] = {};
  bool needs_comma_ = false, ok_ = true;
};

}  // namespace sim::inline sdk_v1_0
