// A reader for query parameters: the same rules as for objects, from text, with pointers like "?limit".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <host/base/shape.hpp>

namespace simhost {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// Text as a value of a type; nothing when it is none. Booleans: true, false, 1, 0.
std::optional<Value> integer_of(std::string_view text);
std::optional<Value> number_of(std::string_view text);
std::optional<Value> boolean_of(std::string_view text);

// The parts of "a,b,c"; empty text has none.
std::vector<std::string_view> split_list(std::string_view text);

// As ObjectReader; a key given twice is a fault too. Make the error with Place::query.
class QueryReader {
 public:
  QueryReader(const TextPairs& query, FieldErrors& errors);

  const std::string* text(std::string_view key);  // nullptr: not given
  std::optional<double> number(std::string_view key, const NumberRule& rule = {});
  std::optional<std::int64_t> integer(std::string_view key, const IntegerRule& rule = {});
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::size_t> choice(std::string_view key, std::span<const std::string_view> choices);
  void refuse(std::string_view key, std::string code, std::string detail);
  void finish();

 private:
  const TextPairs& query_;
  FieldErrors& errors_;
  std::vector<std::string_view> known_;
};

}  // namespace simhost
