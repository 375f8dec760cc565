// Help, documentation and schema of the settings.
#include <host/settings/describe.hpp>

#include <host/base/json.hpp>
#include <host/settings/table.hpp>

namespace simhost::settings {
namespace {

std::string_view value_word(const SettingInfo& setting) {
  switch (setting.type) {
    case SettingType::integer:
      return "N";
    case SettingType::number:
      return "NUMBER";
    case SettingType::boolean:
      return "true|false";
    case SettingType::text:
      return "TEXT";
    case SettingType::choice:
      return "";
    case SettingType::path:
      return "FOLDER";
    case SettingType::text_list:
      return "TEXT,...";
    case SettingType::path_list:
      return "FOLDER,...";
  }
  return "";
}

std::string joined_choices(const SettingInfo& setting, std::string_view between) {
  std::string text;
  for (const std::string_view choice : choices_of(setting)) {
    if (!text.empty()) text += between;
    text += choice;
  }
  return text;
}

std::string number_text(double number) {
  const auto whole = static_cast<std::int64_t>(number);
  return to_json(static_cast<double>(whole) == number ? Value(whole) : Value(number));
}

bool is_ranged(const SettingInfo& setting) { return setting.min < setting.max; }

std::string range_text(const SettingInfo& setting) {
  if (setting.type == SettingType::choice) return joined_choices(setting, ", ");
  return is_ranged(setting) ? number_text(setting.min) + " to " + number_text(setting.max) : "";
}

std::string default_text(const SettingInfo& setting) {
  return setting.fallback.empty() ? "see text" : std::string(setting.fallback);
}

Value text_list_schema() {
  return Value::object({{"type", "array"}, {"items", Value::object({{"type", "string"}})}, {"maxItems", 256}});
}

Value type_schema(const SettingInfo& setting) {
  switch (setting.type) {
    case SettingType::integer:
      return Value::object({{"type", "integer"}});
    case SettingType::number:
      return Value::object({{"type", "number"}});
    case SettingType::boolean:
      return Value::object({{"type", "boolean"}});
    case SettingType::text:
    case SettingType::path:
      return Value::object({{"type", "string"}});
    case SettingType::text_list:
    case SettingType::path_list:
      return text_list_schema();
    case SettingType::choice: {
      Value choices = Value::array();
      for (const std::string_view choice : choices_of(setting)) choices.push(Value(choice));
      return Value::object({{"type", "string"}, {"enum", std::move(choices)}});
    }
  }
  return Value{Object{}};
}

Value schema_of(const SettingInfo& setting) {
  Value schema = type_schema(setting);
  if (is_ranged(setting)) {
    schema.set("minimum", Value(static_cast<std::int64_t>(setting.min)));
    schema.set("maximum", Value(static_cast<std::int64_t>(setting.max)));
  }
  if (!setting.fallback.empty()) schema.set("default", parse_json(setting.fallback).value());
  schema.set("description", Value(setting.doc));
  return schema;
}

Value group_schema(std::string_view group) {
  Value schema = Value::object({{"type", "object"}, {"additionalProperties", false}, {"properties", Object{}}});
  if (group == "plugins") {
    schema.set("additionalProperties",
               Value::object({{"type", "object"}, {"description", "The settings a plugin declares, by its id."}}));
  }
  return schema;
}

// The members of an object schema, to add to.
Value& properties_of(Value& schema) {
  for (Member& member : schema.members()) {
    if (member.key == "properties") return member.value;
  }
  return schema;
}

Value& group_of(Value& schema, std::string_view group) {
  Value& properties = properties_of(schema);
  if (properties.find(group) == nullptr) properties.set(group, group_schema(group));
  for (Member& member : properties.members()) {
    if (member.key == group) return member.value;
  }
  return schema;
}

}  // namespace

std::string help_text() {
  std::string text;
  for (const SettingInfo& setting : all_settings()) {
    text += "  --" + flag_name(setting);
    if (!setting.short_flag.empty() && setting.short_flag != flag_name(setting)) {
      text += ", --" + std::string(setting.short_flag);
    }
    text +=
        " " + (setting.type == SettingType::choice ? joined_choices(setting, "|") : std::string(value_word(setting)));
    text += "\n      " + std::string(setting.doc) + "\n      Default " + default_text(setting) + "; variable " +
            environment_name(setting) + ".\n";
  }
  return text;
}

std::string settings_page() {
  std::string page =
      "# Settings\n\n"
      "A setting comes from a flag, an environment variable, the settings file, or its default, in this order. The "
      "file\n"
      "is JSON: `http.port` is `{\"http\": {\"port\": 8080}}`; it is the one named by `--config` or `SIMHOST_CONFIG`, "
      "else\n"
      "the one shipped. All faults are reported at once with their places, and the program ends with status 78.\n\n"
      "A plugin's own settings stand in the file under `plugins.<id>`, come as flags `--plugins.<id>.<key>`, and as\n"
      "variables `<PLUGIN>_<NAME>`; the bare `<NAME>` counts where only one enabled plugin declares it.\n\n"
      "This page is generated from the table in `host/settings/table.cpp`.\n\n"
      "| key | default | range | meaning |\n|---|---|---|---|\n";
  for (const SettingInfo& setting : all_settings()) {
    page += "| `" + std::string(setting.key) + "` | `" + default_text(setting) + "` | " + range_text(setting) + " | " +
            std::string(setting.doc) + " |\n";
  }
  return page;
}

Value settings_schema() {
  Value schema = Value::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                {"title", "Settings of simhost"},
                                {"type", "object"},
                                {"additionalProperties", false},
                                {"properties", Value::object({{"$schema", Value::object({{"type", "string"}})}})}});
  for (const SettingInfo& setting : all_settings()) {
    const std::size_t dot = setting.key.find('.');
    if (dot == std::string_view::npos) {
      properties_of(schema).set(setting.key, schema_of(setting));
    } else {
      properties_of(group_of(schema, setting.key.substr(0, dot))).set(setting.key.substr(dot + 1), schema_of(setting));
    }
  }
  return schema;
}

}  // namespace simhost::settings
