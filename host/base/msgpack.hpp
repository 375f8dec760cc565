// MessagePack to Value, bounds checked against the bytes left before anything is allocated, and back.
#pragma once

#include <string>
#include <string_view>

#include <host/base/error.hpp>
#include <host/base/value.hpp>

namespace simhost {

// Depth <= 32, string keys only, no duplicates, no ext or bin types, finite numbers. Errors: invalid_msgpack,
// duplicate_key, too_deep.
Result<Value> parse_msgpack(std::string_view bytes);
std::string to_msgpack(const Value& value);
void append_msgpack(std::string& out, const Value& value);

}  // namespace simhost
