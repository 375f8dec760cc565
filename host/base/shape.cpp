// Reading of request objects, value by value.
#include <host/base/shape.hpp>

#include <algorithm>
#include <cmath>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/base/names.hpp>
#include <host/base/pointer.hpp>

namespace simhost {
namespace {

std::string number_text(double number) {
  std::string text;
  append_json_number(text, number);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string range_text(const NumberRule& rule) {
  std::string text = "the value must be";
  if (rule.above) text += " above " + number_text(*rule.above);
  if (rule.min) text += " at least " + number_text(*rule.min);
  if (rule.max && (rule.above || rule.min)) text += " and";
  if (rule.max) text += " at most " + number_text(*rule.max);
  return text;
}

void add_out_of_range(const Value& value, const NumberRule& rule, std::string_view pointer, FieldErrors& errors) {
  add_error(errors, {.pointer = std::string(pointer),
                     .code = "value_out_of_range",
                     .detail = range_text(rule),
                     .min = rule.min ? rule.min : rule.above,
                     .max = rule.max,
                     .input = quoted_input(value)});
}

// An integer also when it came as 5.0, as JSON Schema has it.
std::optional<std::int64_t> whole(const Value& value) {
  if (value.is_integer()) return value.integer();
  if (!value.is_number()) return std::nullopt;
  const double number = value.number();
  if (std::trunc(number) != number || std::fabs(number) > static_cast<double>(limits::exact_integer))
    return std::nullopt;
  return static_cast<std::int64_t>(number);
}

// Characters, not bytes.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::optional<double> read_number(const Value& value, const NumberRule& rule, std::string_view pointer,
                                  FieldErrors& errors) {
  if (!value.is_number()) {
    add_wrong_type(errors, std::string(pointer), "a number", value);
    return std::nullopt;
  }
  const double number = value.number();
  if (number < rule.min.value_or(number) || number > rule.max.value_or(number) ||
      (rule.above && number <= *rule.above)) {
    add_out_of_range(value, rule, pointer, errors);
    return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> read_integer(const Value& value, const IntegerRule& rule, std::string_view pointer,
                                         FieldErrors& errors) {
  const auto number = whole(value);
  if (!number) {
    add_wrong_type(errors, std::string(pointer), "an integer", value);
    return std::nullopt;
  }
  if (*number >= rule.min && *number <= rule.max) return number;
  NumberRule range;
  if (rule.min != INT64_MIN) range.min = static_cast<double>(rule.min);
  if (rule.max != INT64_MAX) range.max = static_cast<double>(rule.max);
  add_out_of_range(value, range, pointer, errors);
  return std::nullopt;
}

std::optional<bool> read_boolean(const Value& value, std::string_view pointer, FieldErrors& errors) {
  if (value.is_bool()) return value.boolean();
  add_wrong_type(errors, std::string(pointer), "true or false", value);
  return std::nullopt;
}

std::optional<std::string> read_text(const Value& value, const TextRule& rule, std::string_view pointer,
                                     FieldErrors& errors) {
  if (!value.is_string()) {
    add_wrong_type(errors, std::string(pointer), "a text", value);
    return std::nullopt;
  }
  const std::size_t length = length_of(value.string());
  if (length >= rule.min_chars && length <= rule.max_chars) return value.string();
  add_error(errors, {.pointer = std::string(pointer),
                     .code = "wrong_length",
                     .detail = "the text must have " + std::to_string(rule.min_chars) + " to " +
                               std::to_string(rule.max_chars) + " characters",
                     .input = quoted_input(value)});
  return std::nullopt;
}

std::optional<std::string> read_name(const Value& value, std::string_view pointer, FieldErrors& errors) {
  if (!value.is_string()) {
    add_wrong_type(errors, std::string(pointer), "a text", value);
    return std::nullopt;
  }
  if (is_name(value.string())) return value.string();
  add_error(errors, {.pointer = std::string(pointer),
                     .code = "invalid_format",
                     .detail = "a name is " + std::string(name_rule),
                     .input = quoted_input(value)});
  return std::nullopt;
}

std::optional<std::size_t> read_choice(const Value& value, std::span<const std::string_view> choices,
                                       std::string_view pointer, FieldErrors& errors) {
  if (!value.is_string()) {
    add_wrong_type(errors, std::string(pointer), "a text", value);
    return std::nullopt;
  }
  const auto found = std::find(choices.begin(), choices.end(), value.string());
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  std::string detail = "one of these is needed:";
  for (const std::string_view choice : choices) detail += " " + std::string(choice);
  add_error(errors, {.pointer = std::string(pointer),
                     .code = "not_in_enum",
                     .detail = std::move(detail),
                     .input = quoted_input(value)});
  return std::nullopt;
}

ObjectReader::ObjectReader(const Value& value, std::string pointer, FieldErrors& errors)
    : value_(value), pointer_(std::move(pointer)), errors_(errors), errors_before_(errors.size()) {
  if (!value_.is_object()) add_wrong_type(errors_, pointer_, "an object", value_);
}

void ObjectReader::require(std::string_view key) {
  if (value_.is_object() && !has(key)) add_missing(errors_, pointer_, key);
}

bool ObjectReader::has(std::string_view key) { return any(key) != nullptr; }

bool ObjectReader::is_null(std::string_view key) {
  const Value* value = any(key);
  return value != nullptr && value->is_null();
}

const Value* ObjectReader::any(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return value_.find(key);
}

std::optional<double> ObjectReader::number(std::string_view key, const NumberRule& rule) {
  const Value* value = any(key);
  return value != nullptr ? read_number(*value, rule, pointer(key), errors_) : std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view key, const IntegerRule& rule) {
  const Value* value = any(key);
  return value != nullptr ? read_integer(*value, rule, pointer(key), errors_) : std::nullopt;
}

std::optional<bool> ObjectReader::boolean(std::string_view key) {
  const Value* value = any(key);
  return value != nullptr ? read_boolean(*value, pointer(key), errors_) : std::nullopt;
}

std::optional<std::string> ObjectReader::text(std::string_view key, const TextRule& rule) {
  const Value* value = any(key);
  return value != nullptr ? read_text(*value, rule, pointer(key), errors_) : std::nullopt;
}

std::optional<std::string> ObjectReader::name(std::string_view key) {
  const Value* value = any(key);
  return value != nullptr ? read_name(*value, pointer(key), errors_) : std::nullopt;
}

std::optional<std::size_t> ObjectReader::choice(std::string_view key, std::span<const std::string_view> choices) {
  const Value* value = any(key);
  return value != nullptr ? read_choice(*value, choices, pointer(key), errors_) : std::nullopt;
}

const Value* ObjectReader::object(std::string_view key) {
  const Value* value = any(key);
  if (value == nullptr || value->is_object()) return value;
  add_wrong_type(errors_, pointer(key), "an object", *value);
  return nullptr;
}

const Value* ObjectReader::array(std::string_view key, std::size_t max_items) {
  const Value* value = any(key);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) {
    add_wrong_type(errors_, pointer(key), "an array", *value);
    return nullptr;
  }
  if (value->items().size() <= max_items) return value;
  refuse(key, "wrong_length", "the array must have at most " + std::to_string(max_items) + " items");
  return nullptr;
}

void ObjectReader::refuse(std::string_view key, std::string code, std::string detail) {
  add_error(errors_, {.pointer = pointer(key), .code = std::move(code), .detail = std::move(detail)});
}

void ObjectReader::refuse_at(FieldError error) { add_error(errors_, std::move(error)); }

std::string ObjectReader::pointer(std::string_view key) const {
  return key.empty() ? pointer_ : child_pointer(pointer_, key);
}

void ObjectReader::finish() {
  if (!value_.is_object()) return;
  for (const Member& member : value_.members()) {
    const bool known = std::find(known_.begin(), known_.end(), member.key) != known_.end();
    if (!known) add_unknown_key(errors_, pointer_, member.key, known_);
  }
}

}  // namespace simhost
