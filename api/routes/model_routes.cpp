// /v1/models: descriptors, and the schema of a model's sessions.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/limits.hpp>

namespace simhost::routes {

namespace {

constexpr std::string_view type_names[] = {"", "real", "integer", "boolean", "enum"};
constexpr std::string_view causality_names[] = {"", "parameter", "input", "output", "state"};
constexpr std::string_view variability_names[] = {"", "constant", "fixed", "tunable", "continuous", "discrete"};
constexpr std::pair<std::uint32_t, std::string_view> state_names[] = {{SIM_STATE_READY, "ready"},
                                                                      {SIM_STATE_RUNNING, "running"},
                                                                      {SIM_STATE_PAUSED, "paused"},
                                                                      {SIM_STATE_STOPPED, "stopped"},
                                                                      {SIM_STATE_FAILED, "failed"}};

// A product with 1e-9 is not the nearest double: 1 us would be 1.0000000000000002e-06.
double seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

Value show_variable(const plugin::Variable& v) {
  Value out = Value::object({{"id", v.id}, {"name", v.name}, {"title", v.title}, {"description", v.description}});
  if (!v.unit.empty()) out.set("unit", v.unit);
  if (!v.display_unit.empty()) out.set("display_unit", v.display_unit);
  out.set("type", type_names[v.type]).set("causality", causality_names[v.causality]);
  out.set("variability", variability_names[v.variability]).set("start", session::show(v, v.start));
  if (v.type == SIM_REAL || v.type == SIM_INTEGER) out.set("min", v.min).set("max", v.max).set("nominal", v.nominal);
  if (v.type == SIM_ENUM) {
    Value names = Value::array();
    for (const auto& name : v.enum_names) names.push(name);
    out.set("enum", std::move(names));
  }
  if (!v.group.empty()) out.set("group", v.group);
  return out;
}

// One value of a variable as a JSON Schema, with its unit and group beside it.
Value scalar_schema(const plugin::Variable& v) {
  Value out{Object{}};
  if (v.type == SIM_BOOLEAN) out.set("type", "boolean");
  if (v.type == SIM_REAL || v.type == SIM_INTEGER)
    out.set("type", v.type == SIM_REAL ? "number" : "integer").set("minimum", v.min).set("maximum", v.max);
  if (v.type == SIM_ENUM) {
    Value names = Value::array();
    for (const auto& name : v.enum_names) names.push(name);
    out.set("enum", std::move(names));
  }
  out.set("title", v.title).set("description", v.description).set("default", session::show(v, v.start));
  if (!v.unit.empty()) out.set("x-unit", v.unit);
  if (!v.display_unit.empty()) out.set("x-display-unit", v.display_unit);
  if (!v.group.empty()) out.set("x-group", v.group);
  return out;
}

// A scalar for all lanes, or one value per lane.
Value lane_schema(const plugin::Variable& v) {
  Value scalar = scalar_schema(v);
  Value both = Value::array();
  both.push(scalar);
  both.push(Value::object({{"type", "array"}, {"minItems", 1}, {"items", scalar}}));
  return Value::object({{"title", v.title}, {"x-causality", causality_names[v.causality]}, {"anyOf", std::move(both)}});
}

Value object_schema(const std::vector<plugin::Variable>& variables, std::uint32_t causality) {
  Value properties{Object{}};
  for (const auto& v : variables)
    if (v.causality == causality && v.variability != SIM_CONSTANT) properties.set(v.name, lane_schema(v));
  return Value::object({{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}});
}

Value show_command(const plugin::Command& c) {
  Value properties{Object{}};
  for (const auto& arg : c.args) properties.set(arg.name, scalar_schema(arg));
  Value states = Value::array();
  for (const auto& [bit, name] : state_names)
    if ((c.states & bit) != 0) states.push(name);
  return Value::object(
      {{"name", c.name},
       {"title", c.title},
       {"description", c.description},
       {"args",
        Value::object({{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}})},
       {"hazardous", (c.flags & SIM_COMMAND_HAZARDOUS) != 0},
       {"idempotent", (c.flags & SIM_COMMAND_IDEMPOTENT) != 0},
       {"states", std::move(states)}});
}

Value show_model(const session::Model& model) {
  const auto& d = model.descriptor;
  Value variables = Value::array(), commands = Value::array();
  for (const auto& v : d.variables) variables.push(show_variable(v));
  for (const auto& c : d.commands) commands.push(show_command(c));
  const auto lanes = d.max_lanes > 0 ? std::size_t{d.max_lanes} : limits::session_lanes;
  return Value::object({{"id", d.id},
                        {"plugin", model.plugin},
                        {"title", d.title},
                        {"description", d.description},
                        {"version", d.version},
                        {"schema_version", d.schema_version},
                        {"flavor", (d.flags & SIM_MODEL_FLAT) != 0 ? "flat" : "object"},
                        {"step", Value::object({{"default_s", seconds(d.step_default_ns)},
                                                {"min_s", seconds(d.step_min_ns)},
                                                {"max_s", seconds(d.step_max_ns)}})},
                        {"max_lanes", std::uint64_t{lanes}},
                        {"variables", std::move(variables)},
                        {"commands", std::move(commands)},
                        {"channels", Value::array()}});
}

session::ModelPointer model_of(const Context& context, const http::Request& request, const http::Reply& reply) {
  const std::string* id = request.param("model");
  auto model = context.models.find(*id);
  if (model == nullptr) answer_fail(reply, {"not_found", "there is no model " + *id + "; GET /v1/models lists them"});
  return model;
}

}  // namespace

Value session_schema(const session::Model& model) {
  const auto& d = model.descriptor;
  Value out = *component_schemas().find("SessionCreate");
  Value properties = *out.find("properties");
  Value step = schema(R"({"type":"number","x-unit":"s"})");
  step.set("minimum", seconds(d.step_min_ns)).set("maximum", seconds(d.step_max_ns));
  step.set("default", seconds(d.step_default_ns));
  properties.set("model", Value::object({{"const", d.id}}));
  properties.set("step_s", std::move(step));
  properties.set("pace", *component_schemas().find("Pace"));
  properties.set("parameters", object_schema(d.variables, SIM_PARAMETER));
  properties.set("inputs", object_schema(d.variables, SIM_INPUT));
  out.set("properties", std::move(properties));
  out.set("$schema", "https://json-schema.org/draft/2020-12/schema").set("title", d.title);
  return out;
}

std::vector<http::Route> model_routes(const Context& context) {
  const std::string tag = "models";
  http::Route list{"GET", "/v1/models", {.id = "listModels", .summary = "All models", .tag = tag}};
  list.info.params = schema(R"({"type":"object","properties":{"limit":{"type":"integer","minimum":1,"maximum":1000},
    "after":{"type":"string"},"plugin":{"type":"string"}}})");
  list.info.answers = {answers_with(200, list_of("Model"), "descriptors by id")};
  list.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    std::string plugin;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          if (const auto* text = q.text("plugin")) plugin = *text;
        }))
      return;
    auto models = context.models.list();
    std::erase_if(models, [&](const auto& m) { return !plugin.empty() && m->plugin != plugin; });
    reply(http::answer(
        200, page_of(
                 models, page, [](const auto& m) { return m->id(); }, [](const auto& m) { return show_model(*m); })));
  };
  http::Route get{"GET", "/v1/models/{model}", {.id = "getModel", .summary = "The descriptor of a model", .tag = tag}};
  get.info.answers = {answers_with(200, ref("Model"), "the descriptor")};
  get.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto model = model_of(context, request, reply)) reply(cached(request, show_model(*model)));
  };
  http::Route form{
      "GET",
      "/v1/models/{model}/schema",
      {.id = "getModelSchema", .summary = "JSON Schema of the body that makes a session of this model", .tag = tag}};
  form.info.answers = {answers_with(200, schema(R"({"type":"object"})"), "a JSON Schema, draft 2020-12")};
  form.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto model = model_of(context, request, reply)) reply(cached(request, session_schema(*model)));
  };
  return {std::move(list), std::move(get), std::move(form)};
}

}  // namespace simhost::routes
