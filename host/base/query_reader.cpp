// Reading of query parameters: text to typed values.
#include <host/base/query_reader.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include <host/base/nearest.hpp>

namespace simhost {
namespace {

std::string query_pointer(std::string_view key) { return "?" + std::string(key); }

template <class Number>
std::optional<Number> whole_text(std::string_view text) {
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Value> integer_of(std::string_view text) {
  const auto number = whole_text<std::int64_t>(text);
  return number ? std::optional<Value>(*number) : std::nullopt;
}

std::optional<Value> number_of(std::string_view text) {
  if (auto integer = integer_of(text)) return integer;
  const auto number = whole_text<double>(text);
  return number && std::isfinite(*number) ? std::optional<Value>(*number) : std::nullopt;
}

std::optional<Value> boolean_of(std::string_view text) {
  if (text == "true" || text == "1") return Value(true);
  if (text == "false" || text == "0") return Value(false);
  return std::nullopt;
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.push_back(text.substr(0, comma));
    if (comma + 1 == text.size()) parts.emplace_back();
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

QueryReader::QueryReader(const TextPairs& query, FieldErrors& errors) : query_(query), errors_(errors) {}

const std::string* QueryReader::text(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  const auto found = std::find_if(query_.begin(), query_.end(), [key](const auto& pair) { return pair.first == key; });
  return found != query_.end() ? &found->second : nullptr;
}

std::optional<double> QueryReader::number(std::string_view key, const NumberRule& rule) {
  const std::string* given = text(key);
  if (given == nullptr) return std::nullopt;
  return read_number(number_of(*given).value_or(Value(*given)), rule, query_pointer(key), errors_);
}

std::optional<std::int64_t> QueryReader::integer(std::string_view key, const IntegerRule& rule) {
  const std::string* given = text(key);
  if (given == nullptr) return std::nullopt;
  return read_integer(integer_of(*given).value_or(Value(*given)), rule, query_pointer(key), errors_);
}

std::optional<bool> QueryReader::boolean(std::string_view key) {
  const std::string* given = text(key);
  if (given == nullptr) return std::nullopt;
  return read_boolean(boolean_of(*given).value_or(Value(*given)), query_pointer(key), errors_);
}

std::optional<std::size_t> QueryReader::choice(std::string_view key, std::span<const std::string_view> choices) {
  const std::string* given = text(key);
  return given != nullptr ? read_choice(Value(*given), choices, query_pointer(key), errors_) : std::nullopt;
}

void QueryReader::refuse(std::string_view key, std::string code, std::string detail) {
  add_error(errors_, {.pointer = query_pointer(key), .code = std::move(code), .detail = std::move(detail)});
}

void QueryReader::finish() {
  for (std::size_t i = 0; i < query_.size() && !is_full(errors_); ++i) {
    const std::string& key = query_[i].first;
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      refuse(key, "unknown_key", unknown_name_text("parameter", key, known_));
      continue;
    }
    const auto end = query_.begin() + static_cast<std::ptrdiff_t>(i);
    const bool again = std::any_of(query_.begin(), end, [&key](const auto& pair) { return pair.first == key; });
    if (again) refuse(key, "duplicate_key", "the parameter \"" + key + "\" is given twice");
  }
}

}  // namespace simhost
