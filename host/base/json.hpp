// The one door to the JSON library: text to Value with bounds on depth and size, and back.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <host/base/error.hpp>
#include <host/base/value.hpp>

namespace simhost {

// Strict RFC 8259: depth <= 64, no duplicate keys, valid UTF-8, finite numbers, nothing after the value.
// Errors: invalid_json, duplicate_key, too_deep; detail names line and column, errors[0].pointer the place.
// Integers within int64 become integer; other numbers number.
Result<Value> parse_json(std::string_view text);

// Lines and columns count from 1; a column is a character.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;
};

// Where a member or an item stands in the text. key: of an item, that of its value.
struct JsonMark {
  TextPosition key;
  TextPosition value;
};

// A value with the place of each of its parts, by RFC 6901 pointer: for files that people write.
struct LocatedJson {
  Value value;
  std::map<std::string, JsonMark, std::less<>> marks;
};

struct JsonFault {
  std::string code;  // as of parse_json
  std::string detail;
  std::string pointer;
  TextPosition position;
};

tl::expected<LocatedJson, JsonFault> parse_located_json(std::string_view text);

// Compact JSON. A non-finite number is written as null (it never occurs: callers hold finite values only).
std::string to_json(const Value& value);
std::string to_pretty_json(const Value& value);  // two spaces a level, ends with a line feed
void append_json(std::string& out, const Value& value);
void append_json_string(std::string& out, std::string_view text);
void append_json_number(std::string& out, double number);  // shortest form that reads back equal, 2.0 as "2.0"

}  // namespace simhost
