// From descriptor to fields, and fields as the wire shows them.
#include <host/telemetry/schema.hpp>

namespace simhost::telemetry {

namespace {

std::string_view type_name(std::uint32_t type) {
  switch (type) {
    case SIM_INTEGER:
      return "integer";
    case SIM_BOOLEAN:
      return "boolean";
    case SIM_ENUM:
      return "enum";
    default:
      return "real";
  }
}

}  // namespace

Schema make_schema(const plugin::Descriptor& descriptor, std::span<const std::uint32_t> ids, std::uint32_t lanes,
                   double step_s) {
  Schema schema{{}, lanes, step_s};
  for (const auto id : ids)
    if (const auto* v = descriptor.find(id)) schema.fields.push_back({v->id, v->type, v->name, v->unit, v->enum_names});
  return schema;
}

Value show_fields(const Schema& schema) {
  Array list;
  for (const auto& field : schema.fields) {
    Value shown = Value::object({{"name", field.name},
                                 {"unit", field.unit.empty() ? Value() : Value(field.unit)},
                                 {"type", type_name(field.type)}});
    if (field.type == SIM_ENUM) shown.set("enum", Array(field.enum_names.begin(), field.enum_names.end()));
    list.push_back(std::move(shown));
  }
  return list;
}

}  // namespace simhost::telemetry
