// Validation of values against compiled schemas, and conversion of query texts by them.
#include <host/base/json_schema.hpp>

#include <algorithm>
#include <cmath>

#include <host/base/json_schema_node.hpp>
#include <host/base/limits.hpp>
#include <host/base/pointer.hpp>

namespace simhost {
namespace base {
namespace {

std::uint8_t types_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return type_null;
    case Value::Kind::boolean:
      return type_boolean;
    case Value::Kind::integer:
      return type_integer | type_number;
    case Value::Kind::number: {
      const double number = value.number();
      return std::trunc(number) == number ? type_integer | type_number : type_number;
    }
    case Value::Kind::string:
      return type_string;
    case Value::Kind::array:
      return type_array;
    case Value::Kind::object:
      return type_object;
  }
  return 0;
}

std::string types_text(std::uint8_t types) {
  static constexpr std::string_view names[] = {"null",   "a boolean", "an integer", "a number",
                                               "a text", "an array",  "an object"};
  std::string text;
  for (unsigned bit = 0; bit < std::size(names); ++bit) {
    if ((types & (1U << bit)) == 0) continue;
    if (!text.empty()) text += " or ";
    text += names[bit];
  }
  return text;
}

class Validator {
 public:
  Validator(const SchemaNodes& nodes, FieldErrors& errors, UnknownKeys unknown)
      : nodes_(nodes), errors_(errors), unknown_(unknown) {}

  void check(NodeIndex index, const Value& value, const std::string& pointer) {
    if (is_full(errors_)) return;
    const SchemaNode& node = nodes_.list[index];
    if (node.never) return refuse(pointer, "not_valid", "no value is allowed here", value);
    if (node.types != 0 && (node.types & types_of(value)) == 0) {
      return add_wrong_type(errors_, pointer, types_text(node.types), value);
    }
    check_choices(node, value, pointer);
    if (value.is_number()) check_number(node, value, pointer);
    if (value.is_string()) check_text(node, value, pointer);
    if (value.is_array()) check_items(node, value, pointer);
    if (value.is_object()) check_members(node, value, pointer);
    for (const NodeIndex part : node.all_of) check(part, value, pointer);
    if (!node.any_of.empty()) check_branches(node.any_of, value, pointer);
    if (!node.one_of.empty()) check_one(node.one_of, value, pointer);
  }

 private:
  void refuse(const std::string& pointer, std::string code, std::string detail, const Value& value) {
    add_error(errors_,
              {.pointer = pointer, .code = std::move(code), .detail = std::move(detail), .input = quoted_input(value)});
  }

  void check_choices(const SchemaNode& node, const Value& value, const std::string& pointer);
  void check_number(const SchemaNode& node, const Value& value, const std::string& pointer);
  void check_text(const SchemaNode& node, const Value& value, const std::string& pointer);
  void check_items(const SchemaNode& node, const Value& value, const std::string& pointer);
  void check_members(const SchemaNode& node, const Value& value, const std::string& pointer);
  void check_member(const SchemaNode& node, const Member& member, const std::string& pointer);
  void check_branches(const std::vector<NodeIndex>& branches, const Value& value, const std::string& pointer);
  void check_one(const std::vector<NodeIndex>& branches, const Value& value, const std::string& pointer);
  FieldErrors errors_of(NodeIndex branch, const Value& value, const std::string& pointer) const;

  const SchemaNodes& nodes_;
  FieldErrors& errors_;
  UnknownKeys unknown_;
};

void Validator::check_choices(const SchemaNode& node, const Value& value, const std::string& pointer) {
  if (!node.choices || std::find(node.choices->begin(), node.choices->end(), value) != node.choices->end()) return;
  refuse(pointer, "not_in_enum", "one of these is needed: " + quoted_input(Value(Array(*node.choices))), value);
}

void Validator::check_number(const SchemaNode& node, const Value& value, const std::string& pointer) {
  const double number = value.number();
  if (node.below && number >= *node.below) {
    NumberRule shown = node.range;
    add_error(errors_, {.pointer = pointer,
                        .code = "value_out_of_range",
                        .detail = "the value must be below " + quoted_input(Value(*node.below)),
                        .min = shown.min ? shown.min : shown.above,
                        .max = node.below,
                        .input = quoted_input(value)});
    return;
  }
  if (!read_number(value, node.range, pointer, errors_) || !node.multiple_of) return;
  const double quotient = number / *node.multiple_of;
  const bool whole = std::fabs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::fabs(quotient));
  if (!whole)
    refuse(pointer, "not_valid", "a multiple of " + quoted_input(Value(*node.multiple_of)) + " is needed", value);
}

std::string length_text(std::string_view what, std::size_t min, std::size_t max, std::string_view unit) {
  std::string text = std::string(what) + " must have";
  if (min > 0) text += " at least " + std::to_string(min);
  if (min > 0 && max != SIZE_MAX) text += " and";
  if (max != SIZE_MAX) text += " at most " + std::to_string(max);
  return text + " " + std::string(unit);
}

void Validator::check_text(const SchemaNode& node, const Value& value, const std::string& pointer) {
  const std::string& text = value.string();
  const auto length = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  if (length < node.min_length || length > node.max_length) {
    refuse(pointer, "wrong_length", length_text("the text", node.min_length, node.max_length, "characters"), value);
    return;
  }
  if (!node.pattern) return;
  if (!node.pattern->matches(text)) {
    refuse(pointer, "invalid_format", "the text must match " + node.pattern_text, value);
  }
}

void Validator::check_items(const SchemaNode& node, const Value& value, const std::string& pointer) {
  const Array& items = value.items();
  if (items.size() < node.min_items || items.size() > node.max_items) {
    refuse(pointer, "wrong_length", length_text("the array", node.min_items, node.max_items, "items"), value);
    return;
  }
  if (!node.items) return;
  for (std::size_t i = 0; i < items.size() && !is_full(errors_); ++i) {
    check(*node.items, items[i], child_pointer(pointer, i));
  }
}

void Validator::check_members(const SchemaNode& node, const Value& value, const std::string& pointer) {
  const Object& members = value.members();
  if (members.size() < node.min_members || members.size() > node.max_members) {
    refuse(pointer, "wrong_length", length_text("the object", node.min_members, node.max_members, "members"), value);
  }
  for (const std::string& name : node.required) {
    if (value.find(name) == nullptr) add_missing(errors_, pointer, name);
  }
  for (const Member& member : members) {
    if (is_full(errors_)) return;
    check_member(node, member, pointer);
  }
}

void Validator::check_member(const SchemaNode& node, const Member& member, const std::string& pointer) {
  const auto property = std::find_if(node.properties.begin(), node.properties.end(),
                                     [&member](const SchemaProperty& p) { return p.name == member.key; });
  if (property != node.properties.end()) {
    return check(property->node, member.value, child_pointer(pointer, member.key));
  }
  if (node.extra == Extra::by_schema) return check(node.extra_node, member.value, child_pointer(pointer, member.key));
  if (node.extra == Extra::allowed || unknown_ == UnknownKeys::ignored) return;
  std::vector<std::string_view> known;
  for (const SchemaProperty& p : node.properties) known.push_back(p.name);
  add_unknown_key(errors_, pointer, member.key, known);
}

FieldErrors Validator::errors_of(NodeIndex branch, const Value& value, const std::string& pointer) const {
  FieldErrors found;
  Validator(nodes_, found, unknown_).check(branch, value, pointer);
  return found;
}

// Where no branch fits, the faults of the one that comes nearest are told: that of the value's type, with the fewest.
void Validator::check_branches(const std::vector<NodeIndex>& branches, const Value& value, const std::string& pointer) {
  std::optional<FieldErrors> nearest;
  std::uint8_t types = 0;
  for (const NodeIndex branch : branches) {
    const std::uint8_t wanted = nodes_.list[branch].types;
    types = static_cast<std::uint8_t>(types | wanted);
    FieldErrors found = errors_of(branch, value, pointer);
    if (found.empty()) return;
    const bool right_type = wanted == 0 || (wanted & types_of(value)) != 0;
    if (right_type && (!nearest || found.size() < nearest->size())) nearest = std::move(found);
  }
  if (!nearest) return add_wrong_type(errors_, pointer, types_text(types), value);
  for (FieldError& error : *nearest) add_error(errors_, std::move(error));
}

void Validator::check_one(const std::vector<NodeIndex>& branches, const Value& value, const std::string& pointer) {
  const auto fitting = std::count_if(branches.begin(), branches.end(),
                                     [&](NodeIndex branch) { return errors_of(branch, value, pointer).empty(); });
  if (fitting > 1) return refuse(pointer, "not_valid", "the value fits more than one of the forms allowed", value);
  if (fitting == 0) check_branches(branches, value, pointer);
}

// All types a value at this node may have, through its branches; 0: any.
std::uint8_t all_types(const SchemaNodes& nodes, NodeIndex index) {
  const SchemaNode& node = nodes.list[index];
  std::uint8_t types = node.types;
  for (const auto* branches : {&node.any_of, &node.one_of, &node.all_of}) {
    for (const NodeIndex branch : *branches) types = static_cast<std::uint8_t>(types | all_types(nodes, branch));
  }
  return types;
}

// The text as the most particular type that takes it; as text where none does, for the validator to refuse.
Value scalar_of(std::uint8_t types, const std::string& text) {
  std::optional<Value> value;
  if ((types & type_integer) != 0) value = integer_of(text);
  if (!value && (types & (type_number | type_integer)) != 0) value = number_of(text);
  if (!value && (types & type_boolean) != 0) value = boolean_of(text);
  return value ? *value : Value(text);
}

class Converter {
 public:
  explicit Converter(const SchemaNodes& nodes) : nodes_(nodes) {}

  void add(Value& object, const std::string& name, const std::string& text, FieldErrors& errors) const {
    const auto property = find(name);
    if (!property) {
      if (object.find(name) == nullptr) object.set(name, Value(text));
      return;
    }
    const std::uint8_t types = all_types(nodes_, *property);
    if ((types & type_array) != 0) return add_items(object, name, text, *property);
    if (object.find(name) != nullptr) {
      add_error(errors, {.pointer = "?" + name, .code = "duplicate_key", .detail = "\"" + name + "\" is given twice"});
      return;
    }
    object.set(name, scalar_of(types, text));
  }

 private:
  [[nodiscard]] std::optional<NodeIndex> find(const std::string& name) const {
    for (const SchemaProperty& property : nodes_.list.front().properties) {
      if (property.name == name) return property.node;
    }
    return std::nullopt;
  }

  void add_items(Value& object, const std::string& name, const std::string& text, NodeIndex property) const {
    const auto items = nodes_.list[property].items;
    const auto types = items ? all_types(nodes_, *items) : static_cast<std::uint8_t>(type_string);
    Value list = object.find(name) != nullptr ? *object.find(name) : Value::array();
    for (const std::string_view part : split_list(text)) list.push(scalar_of(types, std::string(part)));
    object.set(name, std::move(list));
  }

  const SchemaNodes& nodes_;
};

}  // namespace
}  // namespace base

void JsonSchema::validate(const Value& value, std::string_view pointer, FieldErrors& errors,
                          UnknownKeys unknown) const {
  base::Validator(*nodes_, errors, unknown).check(0, value, std::string(pointer));
}

Value JsonSchema::convert(const TextPairs& texts, FieldErrors& errors, UnknownKeys unknown) const {
  Value object{Object{}};
  const base::Converter converter(*nodes_);
  for (const auto& [name, text] : texts) converter.add(object, name, text, errors);
  FieldErrors found;
  validate(object, "", found, unknown);
  for (FieldError& error : found) {
    if (!error.pointer.empty()) error.pointer.front() = '?';
    add_error(errors, std::move(error));
  }
  return object;
}

}  // namespace simhost
