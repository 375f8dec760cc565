// Types, ranges, choices and paths of settings.
#include <host/settings/check_value.hpp>

#include <algorithm>
#include <filesystem>

#include <host/base/json.hpp>
#include <host/base/pointer.hpp>
#include <host/base/query_reader.hpp>
#include <host/base/shape.hpp>

namespace simhost::settings {
namespace {

constexpr std::size_t max_list_items = 256;

bool is_path(SettingType type) { return type == SettingType::path || type == SettingType::path_list; }

std::string absolute(const std::string& text, const std::string& base_folder) {
  return (std::filesystem::path(base_folder) / text).lexically_normal().string();
}

std::optional<Value> check_text(const SettingInfo& setting, const Value& value, const std::string& pointer,
                                const std::string& base_folder, FieldErrors& errors) {
  auto text = read_text(value, {}, pointer, errors);
  if (!text) return std::nullopt;
  const std::string_view complaint = setting.complaint != nullptr ? setting.complaint(*text) : "";
  if (complaint.empty()) return Value(is_path(setting.type) ? absolute(*text, base_folder) : *text);
  add_error(
      errors,
      {.pointer = pointer, .code = "invalid_format", .detail = std::string(complaint), .input = quoted_input(value)});
  return std::nullopt;
}

std::optional<Value> check_list(const SettingInfo& setting, const Value& value, const std::string& pointer,
                                const std::string& base_folder, FieldErrors& errors) {
  if (!value.is_array() || value.items().size() > max_list_items) {
    add_wrong_type(errors, pointer, "a list of texts", value);
    return std::nullopt;
  }
  Value list = Value::array();
  bool good = true;
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    const auto item = check_text(setting, value.items()[i], child_pointer(pointer, i), base_folder, errors);
    good = good && item;
    if (item) list.push(*item);
  }
  return good ? std::optional<Value>(std::move(list)) : std::nullopt;
}

std::optional<Value> check_integer(const SettingInfo& setting, const Value& value, const std::string& pointer,
                                   FieldErrors& errors) {
  const IntegerRule rule{static_cast<std::int64_t>(setting.min), static_cast<std::int64_t>(setting.max)};
  const auto number = read_integer(value, rule, pointer, errors);
  return number ? std::optional<Value>(*number) : std::nullopt;
}

Value list_of_text(const std::string& text) {
  if (text.starts_with("[")) {
    auto parsed = parse_json(text);
    return parsed ? std::move(*parsed) : Value(text);
  }
  Value list = Value::array();
  for (std::string_view part : split_list(text)) {
    part.remove_prefix(std::min(part.find_first_not_of(" \t"), part.size()));
    list.push(Value(part.substr(0, part.find_last_not_of(" \t") + 1)));
  }
  return list;
}

}  // namespace

Value value_of_text(const SettingInfo& setting, const std::string& text) {
  switch (setting.type) {
    case SettingType::integer:
      return integer_of(text).value_or(Value(text));
    case SettingType::number:
      return number_of(text).value_or(Value(text));
    case SettingType::boolean:
      return boolean_of(text).value_or(Value(text));
    case SettingType::text_list:
    case SettingType::path_list:
      return list_of_text(text);
    default:
      return Value(text);
  }
}

std::optional<Value> check_value(const SettingInfo& setting, const Value& value, const std::string& pointer,
                                 const std::string& base_folder, FieldErrors& errors) {
  switch (setting.type) {
    case SettingType::integer:
      return check_integer(setting, value, pointer, errors);
    case SettingType::number: {
      const auto number = read_number(value, {.min = setting.min, .max = setting.max}, pointer, errors);
      return number ? std::optional<Value>(*number) : std::nullopt;
    }
    case SettingType::boolean: {
      const auto flag = read_boolean(value, pointer, errors);
      return flag ? std::optional<Value>(*flag) : std::nullopt;
    }
    case SettingType::choice:
      return read_choice(value, choices_of(setting), pointer, errors) ? std::optional<Value>(value) : std::nullopt;
    case SettingType::text:
    case SettingType::path:
      return check_text(setting, value, pointer, base_folder, errors);
    case SettingType::text_list:
    case SettingType::path_list:
      return check_list(setting, value, pointer, base_folder, errors);
  }
  return std::nullopt;
}

}  // namespace simhost::settings
