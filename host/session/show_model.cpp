// Models as the wire shows them: GET /v1/models/{id}, and the descriptor that a recording carries.
#include <host/session/model.hpp>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>
#include <host/session/spec.hpp>

namespace simhost::session {

namespace {

constexpr std::string_view type_names[] = {"", "real", "integer", "boolean", "enum"};
constexpr std::string_view causality_names[] = {"", "parameter", "input", "output", "state"};
constexpr std::string_view variability_names[] = {"", "constant", "fixed", "tunable", "continuous", "discrete"};
constexpr std::pair<std::uint32_t, std::string_view> state_names[] = {{SIM_STATE_READY, "ready"},
                                                                      {SIM_STATE_RUNNING, "running"},
                                                                      {SIM_STATE_PAUSED, "paused"},
                                                                      {SIM_STATE_STOPPED, "stopped"},
                                                                      {SIM_STATE_FAILED, "failed"}};

Value show_variable(const plugin::Variable& v) {
  Value out = Value::object({{"id", v.id}, {"name", v.name}, {"title", v.title}, {"description", v.description}});
  if (!v.unit.empty()) out.set("unit", v.unit);
  if (!v.display_unit.empty()) out.set("display_unit", v.display_unit);
  out.set("type", type_names[v.type]).set("causality", causality_names[v.causality]);
  out.set("variability", variability_names[v.variability]).set("start", show(v, v.start));
  if (v.type == SIM_REAL || v.type == SIM_INTEGER) out.set("min", v.min).set("max", v.max).set("nominal", v.nominal);
  if (v.type == SIM_ENUM) {
    Value names = Value::array();
    for (const auto& name : v.enum_names) names.push(name);
    out.set("enum", std::move(names));
  }
  if (!v.group.empty()) out.set("group", v.group);
  return out;
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

}  // namespace

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
  out.set("title", v.title).set("description", v.description).set("default", show(v, v.start));
  if (!v.unit.empty()) out.set("x-unit", v.unit);
  if (!v.display_unit.empty()) out.set("x-display-unit", v.display_unit);
  if (!v.group.empty()) out.set("x-group", v.group);
  return out;
}

Value show(const Model& model) {
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
                        {"step", Value::object({{"default_s", seconds_of(d.step_default_ns)},
                                                {"min_s", seconds_of(d.step_min_ns)},
                                                {"max_s", seconds_of(d.step_max_ns)}})},
                        {"max_lanes", std::uint64_t{lanes}},
                        {"variables", std::move(variables)},
                        {"commands", std::move(commands)},
                        {"channels", Value::array()}});
}

}  // namespace simhost::session
