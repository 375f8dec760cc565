// sim.values/1: parsed input read by a plugin; a sim_value is a Value.
#include <algorithm>

#include <host/base/json.hpp>
#include <host/base/value.hpp>
#include <host/services/answers.hpp>
#include <host/services/tables.hpp>

namespace simhost::services {

namespace {

const Value& value_of(const sim_value* value) noexcept {
  static const Value null;
  return value == nullptr ? null : *reinterpret_cast<const Value*>(value);
}

static_assert(SIM_NULL == static_cast<int>(Value::Kind::null) && SIM_BOOL == static_cast<int>(Value::Kind::boolean) &&
              SIM_INT == static_cast<int>(Value::Kind::integer) &&
              SIM_NUMBER == static_cast<int>(Value::Kind::number) &&
              SIM_STRING == static_cast<int>(Value::Kind::string) &&
              SIM_ARRAY == static_cast<int>(Value::Kind::array) && SIM_OBJECT == static_cast<int>(Value::Kind::object));

std::uint32_t kind(const sim_value* value) noexcept { return static_cast<std::uint32_t>(value_of(value).kind()); }

double number(const sim_value* value) noexcept { return value_of(value).is_number() ? value_of(value).number() : 0; }

std::int64_t integer(const sim_value* value) noexcept {
  return value_of(value).is_integer() ? value_of(value).integer() : 0;
}

std::int32_t boolean(const sim_value* value) noexcept {
  return value_of(value).is_bool() && value_of(value).boolean() ? 1 : 0;
}

sim_text text(const sim_value* value) noexcept {
  return value_of(value).is_string() ? text_of(value_of(value).string()) : sim_text{nullptr, 0};
}

std::uint64_t count(const sim_value* value) noexcept {
  const Value& own = value_of(value);
  if (own.is_array()) return own.items().size();
  return own.is_object() ? own.members().size() : 0;
}

const sim_value* item(const sim_value* value, std::uint64_t place) noexcept {
  if (place >= count(value)) return nullptr;
  const Value& own = value_of(value);
  return as_plugin_value(own.is_array() ? own.items()[place] : own.members()[place].value);
}

sim_text key(const sim_value* value, std::uint64_t place) noexcept {
  const Value& own = value_of(value);
  if (!own.is_object() || place >= own.members().size()) return {nullptr, 0};
  return text_of(own.members()[place].key);
}

const sim_value* find(const sim_value* value, const char* name) noexcept {
  const Value* found = name == nullptr ? nullptr : value_of(value).find(name);
  return found == nullptr ? nullptr : as_plugin_value(*found);
}

std::int32_t json(const sim_value* value, const sim_sink* sink) noexcept {
  if (!is_sink(sink)) return SIM_INVALID_ARG;
  return guarded([&] {
    const std::string written = to_json(value_of(value));
    return sink->message(sink->context, SIM_TEXT, written.data(), written.size());
  });
}

}  // namespace

const sim_value* as_plugin_value(const Value& value) noexcept { return reinterpret_cast<const sim_value*>(&value); }

const sim_values values_table{
    sizeof(sim_values), 0, kind, number, integer, boolean, text, count, item, key, find, json};

}  // namespace simhost::services
