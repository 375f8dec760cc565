// Reads schema texts, resolves references to variables and compiles.
#include <host/services/route_schemas.hpp>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>

namespace simhost::services {

namespace {

constexpr std::string_view scheme = "sim:";

class Compiler {
 public:
  explicit Compiler(const plugin::Generation& generation) : generation_(generation) {}

  RouteSchemas compile(const sim_route& route, const std::string& at) {
    RouteSchemas out;
    out.unknown = (route.flags & SIM_ROUTE_UNKNOWN_KEYS) != 0 ? UnknownKeys::ignored : UnknownKeys::as_declared;
    out.params = read(route.params, at + "/params");
    out.body = read(route.body, at + "/body");
    for (std::uint32_t i = 0; i < route.n_answers; ++i)
      out.answers.push_back(read(route.answers[i].schema, at + "/answers/" + std::to_string(i)));
    out.check_params = make(out.params, at + "/params", out.unknown);
    out.check_body = make(out.body, at + "/body", out.unknown);
    return out;
  }
  [[nodiscard]] FieldErrors& errors() noexcept { return errors_; }

 private:
  Value read(const char* text, const std::string& at) {
    if (text == nullptr) return {};
    auto parsed = parse_json(text);
    if (!parsed) {
      add_error(errors_, {at, "not_valid", "is no JSON: " + parsed.error().detail});
      return {};
    }
    resolve(*parsed, at);
    return std::move(*parsed);
  }

  std::optional<JsonSchema> make(Value schema, const std::string& at, UnknownKeys unknown) {
    if (schema.is_null()) return std::nullopt;
    if (unknown == UnknownKeys::as_declared) close(schema);
    auto made = JsonSchema::make(schema);
    if (made) return std::move(*made);
    for (FieldError& fault : made.error().errors) {
      fault.pointer = at + fault.pointer;
      add_error(errors_, std::move(fault));
    }
    return std::nullopt;
  }

  // Schemas that name their keys take no others, unless they say so or are parts of a combination.
  static void close(Value& schema) {
    if (!schema.is_object()) return;
    if (const Value* properties = schema.find("properties"); properties != nullptr) {
      const bool combined = schema.find("allOf") != nullptr || schema.find("anyOf") != nullptr ||
                            schema.find("oneOf") != nullptr || schema.find("$ref") != nullptr;
      Value closed = *properties;
      if (closed.is_object())
        for (Member& member : closed.members()) close(member.value);
      schema.set("properties", std::move(closed));
      if (!combined && schema.find("additionalProperties") == nullptr) schema.set("additionalProperties", false);
    }
    if (const Value* items = schema.find("items"); items != nullptr) {
      Value closed = *items;
      close(closed);
      schema.set("items", std::move(closed));
    }
  }

  void resolve(Value& schema, const std::string& at) {
    if (schema.is_array())
      for (Value& item : schema.items()) resolve(item, at);
    if (!schema.is_object()) return;
    for (Member& member : schema.members()) resolve(member.value, at);
    const Value* reference = schema.find("$ref");
    if (reference == nullptr || !reference->is_string() || !reference->string().starts_with(scheme)) return;
    const plugin::Variable* variable = find(std::string_view(reference->string()).substr(scheme.size()));
    if (variable == nullptr) {
      add_error(errors_,
                {at, "not_valid", "\"" + reference->string() + "\" names no variable of this plugin's models"});
      return;
    }
    Value resolved = schema_of(*variable);
    for (const Member& member : schema.members())
      if (member.key != "$ref") resolved.set(member.key, member.value);
    schema = std::move(resolved);
  }

  [[nodiscard]] const plugin::Variable* find(std::string_view name) const {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return nullptr;
    const auto* model = generation_.find_model(name.substr(0, slash));
    return model == nullptr ? nullptr : model->descriptor().find(name.substr(slash + 1));
  }

  const plugin::Generation& generation_;
  FieldErrors errors_;
};

}  // namespace

Value schema_of(const plugin::Variable& variable) {
  Value schema{Object{}};
  if (variable.type == SIM_ENUM) {
    Array names(variable.enum_names.begin(), variable.enum_names.end());
    schema.set("type", "string").set("enum", std::move(names));
  } else if (variable.type == SIM_BOOLEAN) {
    schema.set("type", "boolean");
  } else {
    schema.set("type", variable.type == SIM_INTEGER ? "integer" : "number");
    schema.set("minimum", variable.min).set("maximum", variable.max);
  }
  if (!variable.title.empty()) schema.set("title", variable.title);
  if (!variable.description.empty()) schema.set("description", variable.description);
  if (!variable.unit.empty()) schema.set("x-unit", variable.unit);
  return schema;
}

Result<std::vector<RouteSchemas>> compile_routes(const plugin::Generation& generation) {
  Compiler compiler(generation);
  std::vector<RouteSchemas> all;
  const auto& routes = generation.routes().routes;
  for (std::size_t i = 0; i < routes.size(); ++i)
    all.push_back(compiler.compile(routes[i], "/routes/" + std::to_string(i)));
  if (compiler.errors().empty()) return all;
  Error error{"plugin_bad_descriptor", "the routes of the plugin " + generation.plugin_id() + " have faulty schemas"};
  error.errors = std::move(compiler.errors());
  return fail(std::move(error));
}

Outcome check_streams(const plugin::Generation& generation) {
  FieldErrors errors;
  const auto& streams = generation.streams();
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const sim_stream& stream = streams[i];
    const std::string at = "/streams/" + std::to_string(i);
    for (std::uint32_t v = 0; v < stream.n_variants; ++v)
      if (stream.variants[v] == nullptr) add_error(errors, {at + "/variants", "missing", "a variant has no name"});
    const auto* model = stream.model == nullptr ? nullptr : generation.find_model(stream.model);
    if (model == nullptr && (stream.model != nullptr || stream.n_vars > 0))
      add_error(errors, {at + "/model", "not_valid", "names no model of this plugin, whose variables vars could be"});
    for (std::uint32_t v = 0; model != nullptr && v < stream.n_vars; ++v)
      if (model->descriptor().find(stream.vars[v]) == nullptr)
        add_error(errors, {at + "/vars", "unknown_variable",
                           "the model has no variable of id " + std::to_string(stream.vars[v])});
  }
  if (errors.empty()) return {};
  Error error{"plugin_bad_descriptor", "the streams of the plugin " + generation.plugin_id() + " are faulty"};
  error.errors = std::move(errors);
  return fail(std::move(error));
}

}  // namespace simhost::services
