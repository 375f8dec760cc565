// The one door to the JSON library: text to Value with bounds on depth and size, and back.
#pragma once

#include <string>
#include <string_view>

#include <host/base/error.hpp>
#include <host/base/value.hpp>

namespace simhost {

// Strict RFC 8259: depth <= 64, no duplicate keys, valid UTF-8, finite numbers, nothing after the value.
// Errors: invalid_json, duplicate_key, too_deep; detail names line and column, errors[0].pointer the place.
// Integers within int64 become integer; other numbers number.
Result<Value> parse_json(std::string_view text);

// Compact JSON. A non-finite number is written as null (it never occurs: callers hold finite values only).
std::string to_json(const Value& value);
void append_json(std::string& out, const Value& value);
void append_json_string(std::string& out, std::string_view text);
void append_json_number(std::string& out, double number);  // shortest form that reads back equal

}  // namespace simhost
