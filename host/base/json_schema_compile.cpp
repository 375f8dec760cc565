// From a JSON schema to its nodes: references are followed here, patterns compiled here, unknown keywords refused here.
#include <algorithm>
#include <array>
#include <cmath>

#include <host/base/json_schema_node.hpp>
#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>

namespace simhost {
namespace base {
namespace {

constexpr std::size_t max_nodes = 20'000;
constexpr std::size_t max_nesting = 64;
constexpr int max_reference_steps = 16;

class Compiler {
 public:
  Compiler(const Value& root, const SchemaResolver& resolve) : root_(root), resolve_(resolve) {}

  NodeIndex compile(const Value& schema, const std::string& pointer);
  SchemaNodes nodes{};
  FieldErrors errors{};

 private:
  using Step = void (Compiler::*)(SchemaNode&, const Value&, const std::string&);
  struct Keyword {
    std::string_view name;
    Step step;  // nullptr: an annotation
  };
  static const Keyword* find_keyword(std::string_view name);

  Value follow(const Value& schema, const std::string& pointer);
  std::optional<Value> target_of(const std::string& reference);
  void compile_members(SchemaNode& node, const Value& schema, const std::string& pointer);
  void refuse(const std::string& pointer, std::string detail) {
    add_error(errors, {.pointer = pointer, .code = "plugin_bad_descriptor", .detail = std::move(detail)});
  }

  void add_type(SchemaNode& node, const Value& value, const std::string& pointer);
  std::optional<double> number(const Value& value, const std::string& pointer);
  std::optional<std::size_t> count(const Value& value, const std::string& pointer);
  std::vector<NodeIndex> branches(const Value& value, const std::string& pointer);

  void read_type(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_minimum(SchemaNode& n, const Value& v, const std::string& p) { n.range.min = number(v, p); }
  void read_maximum(SchemaNode& n, const Value& v, const std::string& p) { n.range.max = number(v, p); }
  void read_above(SchemaNode& n, const Value& v, const std::string& p) { n.range.above = number(v, p); }
  void read_below(SchemaNode& n, const Value& v, const std::string& p) { n.below = number(v, p); }
  void read_multiple(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_enum(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_const(SchemaNode& n, const Value& v, const std::string&) { n.choices = std::vector<Value>{v}; }
  void read_min_length(SchemaNode& n, const Value& v, const std::string& p) { n.min_length = count(v, p).value_or(0); }
  void read_max_length(SchemaNode& n, const Value& v, const std::string& p) {
    n.max_length = count(v, p).value_or(SIZE_MAX);
  }
  void read_min_items(SchemaNode& n, const Value& v, const std::string& p) { n.min_items = count(v, p).value_or(0); }
  void read_max_items(SchemaNode& n, const Value& v, const std::string& p) {
    n.max_items = count(v, p).value_or(SIZE_MAX);
  }
  void read_min_members(SchemaNode& n, const Value& v, const std::string& p) {
    n.min_members = count(v, p).value_or(0);
  }
  void read_max_members(SchemaNode& n, const Value& v, const std::string& p) {
    n.max_members = count(v, p).value_or(SIZE_MAX);
  }
  void read_pattern(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_items(SchemaNode& n, const Value& v, const std::string& p) { n.items = compile(v, p); }
  void read_properties(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_required(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_extra(SchemaNode& node, const Value& value, const std::string& pointer);
  void read_one_of(SchemaNode& n, const Value& v, const std::string& p) { n.one_of = branches(v, p); }
  void read_any_of(SchemaNode& n, const Value& v, const std::string& p) { n.any_of = branches(v, p); }
  void read_all_of(SchemaNode& n, const Value& v, const std::string& p) { n.all_of = branches(v, p); }

  const Value& root_;
  const SchemaResolver& resolve_;
  std::size_t nesting_ = 0;
};

const Compiler::Keyword* Compiler::find_keyword(std::string_view name) {
  static constexpr auto keywords = std::to_array<Keyword>({
      {"type", &Compiler::read_type},
      {"properties", &Compiler::read_properties},
      {"required", &Compiler::read_required},
      {"additionalProperties", &Compiler::read_extra},
      {"minimum", &Compiler::read_minimum},
      {"maximum", &Compiler::read_maximum},
      {"exclusiveMinimum", &Compiler::read_above},
      {"exclusiveMaximum", &Compiler::read_below},
      {"multipleOf", &Compiler::read_multiple},
      {"enum", &Compiler::read_enum},
      {"const", &Compiler::read_const},
      {"items", &Compiler::read_items},
      {"minItems", &Compiler::read_min_items},
      {"maxItems", &Compiler::read_max_items},
      {"minLength", &Compiler::read_min_length},
      {"maxLength", &Compiler::read_max_length},
      {"minProperties", &Compiler::read_min_members},
      {"maxProperties", &Compiler::read_max_members},
      {"pattern", &Compiler::read_pattern},
      {"oneOf", &Compiler::read_one_of},
      {"anyOf", &Compiler::read_any_of},
      {"allOf", &Compiler::read_all_of},
      {"$ref", nullptr},
      {"$defs", nullptr},
      {"$id", nullptr},
      {"$schema", nullptr},
      {"$comment", nullptr},
      {"title", nullptr},
      {"description", nullptr},
      {"default", nullptr},
      {"examples", nullptr},
      {"format", nullptr},
      {"deprecated", nullptr},
      {"readOnly", nullptr},
      {"writeOnly", nullptr},
      {"contentMediaType", nullptr},
      {"contentEncoding", nullptr},
  });
  const auto* found =
      std::find_if(keywords.begin(), keywords.end(), [name](const Keyword& keyword) { return keyword.name == name; });
  return found != keywords.end() ? found : nullptr;
}

NodeIndex Compiler::compile(const Value& schema, const std::string& pointer) {
  const auto index = static_cast<NodeIndex>(nodes.list.size());
  nodes.list.emplace_back();
  if (nesting_ >= max_nesting || index >= max_nodes) {
    refuse(pointer, "the schema is too deep or too large, or refers to itself");
    return index;
  }
  ++nesting_;
  SchemaNode node;
  if (schema.is_bool()) {
    node.never = !schema.boolean();
  } else if (schema.is_object()) {
    compile_members(node, follow(schema, pointer), pointer);
  } else {
    refuse(pointer, "a schema is an object, true or false");
  }
  --nesting_;
  nodes.list[index] = std::move(node);
  return index;
}

void Compiler::compile_members(SchemaNode& node, const Value& schema, const std::string& pointer) {
  for (const Member& member : schema.members()) {
    const Keyword* keyword = find_keyword(member.key);
    if (keyword == nullptr && !member.key.starts_with("x-")) {
      refuse(child_pointer(pointer, member.key), "the keyword \"" + member.key + "\" is not supported");
    } else if (keyword != nullptr && keyword->step != nullptr) {
      (this->*keyword->step)(node, member.value, child_pointer(pointer, member.key));
    }
  }
}

// A reference replaced by what it names; keywords beside it add to that and win over it.
Value Compiler::follow(const Value& schema, const std::string& pointer) {
  Value merged = schema;
  for (int steps = 0; const Value* reference = merged.find("$ref"); ++steps) {
    const std::string text = reference->is_string() ? reference->string() : std::string();
    const std::optional<Value> target = steps < max_reference_steps ? target_of(text) : std::nullopt;
    if (!target || !target->is_object()) {
      refuse(child_pointer(pointer, "$ref"), "the reference \"" + text + "\" leads nowhere");
      return Value(Object{});
    }
    Value next = *target;
    for (const Member& member : merged.members()) {
      if (member.key != "$ref") next.set(member.key, member.value);
    }
    merged = std::move(next);
  }
  return merged;
}

std::optional<Value> Compiler::target_of(const std::string& reference) {
  if (!reference.starts_with("#")) return resolve_ ? resolve_(reference) : std::nullopt;
  const Value* at = &root_;
  std::string_view rest = std::string_view(reference).substr(1);
  while (at != nullptr && rest.starts_with("/")) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    at = at->find(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return at != nullptr && rest.empty() ? std::optional<Value>(*at) : std::nullopt;
}

void Compiler::add_type(SchemaNode& node, const Value& value, const std::string& pointer) {
  static constexpr auto names =
      std::to_array<std::string_view>({"null", "boolean", "integer", "number", "string", "array", "object"});
  const std::string name = value.is_string() ? value.string() : std::string();
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return refuse(pointer, unknown_name_text("type", name, names));
  node.types = static_cast<std::uint8_t>(node.types | (1U << static_cast<unsigned>(found - names.begin())));
}

void Compiler::read_type(SchemaNode& node, const Value& value, const std::string& pointer) {
  if (!value.is_array()) return add_type(node, value, pointer);
  for (const Value& item : value.items()) add_type(node, item, pointer);
}

std::optional<double> Compiler::number(const Value& value, const std::string& pointer) {
  if (value.is_number()) return value.number();
  refuse(pointer, "a number is needed");
  return std::nullopt;
}

std::optional<std::size_t> Compiler::count(const Value& value, const std::string& pointer) {
  if (value.is_integer() && value.integer() >= 0) return static_cast<std::size_t>(value.integer());
  refuse(pointer, "a count is needed");
  return std::nullopt;
}

std::vector<NodeIndex> Compiler::branches(const Value& value, const std::string& pointer) {
  std::vector<NodeIndex> out;
  if (!value.is_array() || value.items().empty()) {
    refuse(pointer, "a list of schemas is needed");
    return out;
  }
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    out.push_back(compile(value.items()[i], child_pointer(pointer, i)));
  }
  return out;
}

void Compiler::read_multiple(SchemaNode& node, const Value& value, const std::string& pointer) {
  node.multiple_of = number(value, pointer);
  if (node.multiple_of && !(*node.multiple_of > 0)) refuse(pointer, "a number above 0 is needed");
}

void Compiler::read_enum(SchemaNode& node, const Value& value, const std::string& pointer) {
  if (!value.is_array() || value.items().empty()) return refuse(pointer, "a list of values is needed");
  node.choices = value.items();
}

void Compiler::read_pattern(SchemaNode& node, const Value& value, const std::string& pointer) {
  if (!value.is_string()) return refuse(pointer, "a regular expression is needed");
  auto pattern = Pattern::make(value.string());
  if (!pattern) return refuse(pointer, pattern.error().detail);
  node.pattern_text = value.string();
  node.pattern = std::move(*pattern);
}

void Compiler::read_properties(SchemaNode& node, const Value& value, const std::string& pointer) {
  if (!value.is_object()) return refuse(pointer, "an object of schemas is needed");
  for (const Member& member : value.members()) {
    node.properties.push_back({member.key, compile(member.value, child_pointer(pointer, member.key))});
  }
}

void Compiler::read_required(SchemaNode& node, const Value& value, const std::string& pointer) {
  if (!value.is_array()) return refuse(pointer, "a list of names is needed");
  for (const Value& item : value.items()) {
    if (!item.is_string()) return refuse(pointer, "a list of names is needed");
    node.required.push_back(item.string());
  }
}

void Compiler::read_extra(SchemaNode& node, const Value& value, const std::string& pointer) {
  if (value.is_bool()) {
    node.extra = value.boolean() ? Extra::allowed : Extra::refused;
    return;
  }
  node.extra = Extra::by_schema;
  node.extra_node = compile(value, pointer);
}

}  // namespace
}  // namespace base

Result<JsonSchema> JsonSchema::make(const Value& schema, const SchemaResolver& resolve) {
  base::Compiler compiler(schema, resolve);
  compiler.compile(schema, "");
  if (!compiler.errors.empty()) {
    Error error{.code = "plugin_bad_descriptor", .detail = "the schema is not valid", .errors = compiler.errors};
    error.detail += ": " + error.errors.front().pointer + ": " + error.errors.front().detail;
    return fail(std::move(error));
  }
  return JsonSchema(std::make_shared<base::SchemaNodes>(std::move(compiler.nodes)));
}

}  // namespace simhost
