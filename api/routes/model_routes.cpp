// /v1/models: descriptors, and the schema of a model's sessions.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/clock.hpp>
#include <host/base/limits.hpp>

namespace simhost::routes {

namespace {

constexpr std::string_view causality_names[] = {"", "parameter", "input", "output", "state"};

// A scalar for all lanes, or one value per lane.
Value lane_schema(const plugin::Variable& v) {
  Value scalar = session::scalar_schema(v);
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

// Of one session, on this host.
std::uint64_t lanes_max(const plugin::Descriptor& d, std::size_t host_max) {
  return d.max_lanes > 0 ? std::min<std::size_t>(d.max_lanes, host_max) : host_max;
}

Value show_model(const Context& context, const session::Model& model) {
  Value shown = session::show(model);
  return shown.set("max_lanes", lanes_max(model.descriptor, context.registry.options().session_lanes_max));
}

session::ModelPointer model_of(const Context& context, const http::Request& request, const http::Reply& reply) {
  const std::string* id = request.param("model");
  auto model = context.models.find(*id);
  if (model == nullptr) answer_fail(reply, {"not_found", "there is no model " + *id + "; GET /v1/models lists them"});
  return model;
}

}  // namespace

Value session_schema(const session::Model& model, std::size_t host_lanes_max) {
  const auto& d = model.descriptor;
  Value out = *component_schemas().find("SessionCreate");
  Value properties = *out.find("properties");
  Value step = schema(R"({"type":"number","x-unit":"s"})");
  step.set("minimum", seconds_of(d.step_min_ns)).set("maximum", seconds_of(d.step_max_ns));
  step.set("default", seconds_of(d.step_default_ns));
  Value lanes = *properties.find("lanes");
  lanes.set("maximum", lanes_max(d, host_lanes_max));
  properties.set("model", Value::object({{"const", d.id}}));
  properties.set("lanes", std::move(lanes));
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
  list.info.params = page_params(R"({"plugin":{"type":"string"}})");
  list.info.answers = {answers_with(200, list_of("Model"), "descriptors by id")};
  list.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    std::string plugin;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          read_texts(q, {{"plugin", &plugin}});
        }))
      return;
    auto models = context.models.list();
    std::erase_if(models, [&](const auto& m) { return !plugin.empty() && m->plugin != plugin; });
    reply(http::answer(200, page_of(
                                models, page, [](const auto& m) { return m->id(); },
                                [&](const auto& m) { return show_model(context, *m); })));
  };
  http::Route get{"GET", "/v1/models/{model}", {.id = "getModel", .summary = "The descriptor of a model", .tag = tag}};
  get.info.answers = {answers_with(200, ref("Model"), "the descriptor")};
  get.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto model = model_of(context, request, reply)) reply(cached(request, show_model(context, *model)));
  };
  http::Route form{
      "GET",
      "/v1/models/{model}/schema",
      {.id = "getModelSchema", .summary = "JSON Schema of the body that makes a session of this model", .tag = tag}};
  form.info.answers = {answers_with(200, schema(R"({"type":"object"})"), "a JSON Schema, draft 2020-12")};
  form.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto model = model_of(context, request, reply))
      reply(cached(request, session_schema(*model, context.registry.options().session_lanes_max)));
  };
  return {std::move(list), std::move(get), std::move(form)};
}

}  // namespace simhost::routes
