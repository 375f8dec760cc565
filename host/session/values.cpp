// Checks values against type, range, causality and variability.
#include <host/session/values.hpp>

#include <algorithm>
#include <cmath>

#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>

namespace simhost::session {

namespace {

std::vector<std::string_view> names_of(const plugin::Descriptor& descriptor, std::uint32_t causality) {
  std::vector<std::string_view> names;
  for (const auto& v : descriptor.variables)
    if (causality == 0 ? v.causality == SIM_INPUT || v.causality == SIM_PARAMETER : v.causality == causality)
      names.push_back(v.name);
  return names;
}

bool writable(const plugin::Variable& v, Moment moment) {
  if (v.causality == SIM_INPUT) return true;
  if (v.causality != SIM_PARAMETER || v.variability == SIM_CONSTANT) return false;
  return moment == Moment::creation || v.variability == SIM_TUNABLE;
}

std::string why_not(const plugin::Variable& v) {
  if (v.causality == SIM_OUTPUT || v.causality == SIM_STATE) return v.name + " is computed by the model";
  if (v.variability == SIM_CONSTANT) return v.name + " is a constant";
  return v.name + " is fixed at creation; only inputs and tunable parameters can be written later";
}

void add_outputs(const plugin::Descriptor& descriptor, std::vector<std::uint32_t>& ids) {
  for (const auto& v : descriptor.variables)
    if (v.causality == SIM_OUTPUT || v.causality == SIM_STATE) ids.push_back(v.id);
}

void add_named(const std::string& name, const plugin::Descriptor& descriptor, const std::string& pointer,
               std::vector<std::uint32_t>& ids, FieldErrors& errors) {
  if (name == "*") return add_outputs(descriptor, ids);
  if (const auto* v = descriptor.find(name)) {
    ids.push_back(v->id);
    return;
  }
  std::vector<std::string_view> known;
  for (const auto& v : descriptor.variables) known.push_back(v.name);
  add_error(errors, {pointer, "unknown_variable", unknown_name_text("variable", name, known)});
}

}  // namespace

double read_scalar(const plugin::Variable& v, const Value& value, std::string_view pointer, FieldErrors& errors) {
  switch (v.type) {
    case SIM_BOOLEAN:
      return read_boolean(value, pointer, errors).value_or(false) ? 1 : 0;
    case SIM_ENUM: {
      std::vector<std::string_view> names(v.enum_names.begin(), v.enum_names.end());
      return static_cast<double>(read_choice(value, names, pointer, errors).value_or(0));
    }
    case SIM_INTEGER: {
      const IntegerRule rule{static_cast<std::int64_t>(std::max(v.min, -0x1p53)),
                             static_cast<std::int64_t>(std::min(v.max, 0x1p53))};
      return static_cast<double>(read_integer(value, rule, pointer, errors).value_or(0));
    }
    default:
      return read_number(value, {.min = v.min, .max = v.max}, pointer, errors).value_or(0);
  }
}

const plugin::Variable* find_writable(const plugin::Descriptor& descriptor, std::uint32_t causality, Moment moment,
                                      const Member& member, std::string_view pointer, FieldErrors& errors) {
  const auto* variable = descriptor.find(member.key);
  if (variable == nullptr || (causality != 0 && variable->causality != causality)) {
    add_unknown_key(errors, pointer, member.key, names_of(descriptor, causality));
    return nullptr;
  }
  if (writable(*variable, moment)) return variable;
  add_error(
      errors,
      {child_pointer(pointer, member.key), "not_writable", why_not(*variable), {}, {}, quoted_input(member.value)});
  return nullptr;
}

std::vector<double> read_args(const Value* args, const plugin::Command& command, std::string_view pointer,
                              FieldErrors& errors) {
  static const Value none{Object{}};
  std::vector<double> out;
  ObjectReader r(args != nullptr ? *args : none, std::string(pointer), errors);
  for (const auto& arg : command.args) {
    const Value* given = r.any(arg.name);
    out.push_back(given != nullptr ? read_scalar(arg, *given, r.pointer(arg.name), errors) : arg.start);
  }
  r.finish();
  return out;
}

void read_values(const Value& object, std::string_view pointer, const plugin::Descriptor& descriptor,
                 std::uint32_t causality, Moment moment, std::uint32_t lanes, std::vector<engine::WriteItem>& items,
                 FieldErrors& errors) {
  if (!object.is_object()) return add_wrong_type(errors, std::string(pointer), "an object", object);
  for (const auto& member : object.members()) {
    const auto& [name, value] = member;
    const std::string place = child_pointer(pointer, name);
    const auto* variable = find_writable(descriptor, causality, moment, member, pointer, errors);
    if (variable == nullptr) continue;
    engine::WriteItem item{variable->id, {}};
    if (!value.is_array()) {
      item.values.push_back(read_scalar(*variable, value, place, errors));
    } else if (value.items().size() != lanes) {
      add_error(errors, {place, "wrong_type", "an array needs one value per addressed lane: " + std::to_string(lanes)});
    } else {
      for (std::size_t i = 0; i < lanes; ++i)
        item.values.push_back(read_scalar(*variable, value.items()[i], child_pointer(place, i), errors));
    }
    items.push_back(std::move(item));
  }
}

std::vector<std::uint32_t> read_lanes(const Value* value, std::string_view pointer, std::uint32_t lanes,
                                      FieldErrors& errors) {
  std::vector<std::uint32_t> out;
  if (value == nullptr || value->is_null() || (value->is_string() && value->string() == "all")) return out;
  if (!value->is_array() || value->items().empty()) {
    add_wrong_type(errors, std::string(pointer), "\"all\" or an array of lane numbers", *value);
    return out;
  }
  for (std::size_t i = 0; i < value->items().size() && !is_full(errors); ++i)
    if (const auto lane =
            read_integer(value->items()[i], {0, std::int64_t{lanes} - 1}, child_pointer(pointer, i), errors))
      out.push_back(static_cast<std::uint32_t>(*lane));
  if (!std::ranges::is_sorted(out, std::ranges::less_equal{}) || std::ranges::adjacent_find(out) != out.end())
    add_error(errors, {std::string(pointer), "value_out_of_range", "lanes must rise, each given once"});
  return out;
}

std::vector<std::uint32_t> read_fields(const Value* fields, const plugin::Descriptor* descriptor, FieldErrors& errors) {
  std::vector<std::uint32_t> ids;
  const bool all = fields == nullptr || fields->is_null() || (fields->is_string() && fields->string() == "*");
  if (!all && (!fields->is_array() || fields->items().empty())) {
    add_wrong_type(errors, "/fields", "\"*\" or an array of names of variables", *fields);
    return ids;
  }
  if (all && descriptor != nullptr) add_outputs(*descriptor, ids);
  for (std::size_t i = 0; !all && i < fields->items().size() && !is_full(errors); ++i) {
    const auto pointer = child_pointer("/fields", i);
    const auto name = read_text(fields->items()[i], {.min_chars = 1, .max_chars = 256}, pointer, errors);
    if (name && descriptor != nullptr) add_named(*name, *descriptor, pointer, ids, errors);
  }
  std::vector<std::uint32_t> unique;
  for (const auto id : ids)
    if (std::ranges::find(unique, id) == unique.end()) unique.push_back(id);
  if (descriptor != nullptr && unique.empty() && errors.empty())
    add_error(errors,
              {"/fields", "not_valid", "the model has neither outputs nor states; name its inputs or parameters"});
  return unique;
}

}  // namespace simhost::session
