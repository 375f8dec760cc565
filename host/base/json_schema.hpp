// A subset of JSON Schema 2020-12, compiled once and then used on every request: collects all faults with their places.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <host/base/field_errors.hpp>
#include <host/base/query_reader.hpp>
#include <host/base/value.hpp>

namespace simhost {

namespace base {
struct SchemaNodes;
}

// What "$ref":"<text>" stands for, unless it begins with "#" (then it is a pointer into the schema itself).
using SchemaResolver = std::function<std::optional<Value>(std::string_view reference)>;

// Keys an object's schema does not name: refused where it says "additionalProperties": false, or ignored everywhere.
enum class UnknownKeys : std::uint8_t { as_declared, ignored };

// Taken: type (also a list), properties, required, additionalProperties, minimum, maximum, exclusiveMinimum,
// exclusiveMaximum, multipleOf, enum, const, items, minItems, maxItems, minLength, maxLength, pattern, minProperties,
// maxProperties, oneOf, anyOf, allOf, $ref, $defs, and the annotations. Any other keyword is an error of make(), so
// that nothing a plugin demands is silently not held.
class JsonSchema {
 public:
  // Error: plugin_bad_descriptor with every fault of the schema.
  static Result<JsonSchema> make(const Value& schema, const SchemaResolver& resolve = {});

  // pointer: where the value stands ("" for a body).
  void validate(const Value& value, std::string_view pointer, FieldErrors& errors,
                UnknownKeys unknown = UnknownKeys::as_declared) const;

  // Path and query parameters by a schema of an object: each text is made the type its schema names (an array from
  // "a,b,c" or from the key given more than once), then all are validated. Pointers are "?key".
  Value convert(const TextPairs& texts, FieldErrors& errors, UnknownKeys unknown = UnknownKeys::as_declared) const;

 private:
  explicit JsonSchema(std::shared_ptr<const base::SchemaNodes> nodes) : nodes_(std::move(nodes)) {}
  std::shared_ptr<const base::SchemaNodes> nodes_;
};

}  // namespace simhost
