// One value held against one row of the table, whether it came as JSON or as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <host/base/field_errors.hpp>
#include <host/settings/table.hpp>

namespace simhost::settings {

// Text from the environment or a flag as the type of the row: lists as "a,b" or JSON. What is no value of the type
// stays text, for check_value to refuse.
Value value_of_text(const SettingInfo& setting, const std::string& text);

// The value in the form store() takes, paths made absolute from base_folder. Faults carry pointers below `pointer`.
std::optional<Value> check_value(const SettingInfo& setting, const Value& value, const std::string& pointer,
                                 const std::string& base_folder, FieldErrors& errors);

}  // namespace simhost::settings
