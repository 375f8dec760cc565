// sim.sessions/1, the part that moves values: read, write, command.
#include <cmath>
#include <numeric>

#include <sim/ext/sessions.h>
#include <host/base/limits.hpp>
#include <host/services/visit.hpp>

namespace simhost::services {

namespace {

// A value by name, as the body of a request would give it; what no request could say is left as the number it is,
// so that the same checks refuse it.
Value named(const plugin::Variable& variable, double value) {
  const bool place = variable.type == SIM_ENUM && value >= 0 &&
                     value < static_cast<double>(variable.enum_names.size()) && value == std::floor(value);
  if (variable.type == SIM_ENUM && !place) return Value(value);
  if (variable.type == SIM_BOOLEAN && value != 0 && value != 1) return Value(value);
  if (variable.type == SIM_INTEGER && value != std::floor(value)) return Value(value);
  return session::show(variable, value);
}

Value with_lane(Value body, std::uint32_t lane) {
  if (lane != SIM_ALL_LANES) body.set("lanes", Value(Array{Value(lane)}));
  return body;
}

Value with_lanes(Value body, const std::uint32_t* lanes, std::uint32_t n_lanes) {
  Array list;
  list.reserve(n_lanes);
  for (std::uint32_t k = 0; k < n_lanes; ++k) list.emplace_back(lanes[k]);
  body.set("lanes", Value(std::move(list)));
  return body;
}

bool all_finite(const double* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (!std::isfinite(values[i])) return false;
  return true;
}

// values[v * n_lanes + k]; with n_lanes 0 one value per variable, for all lanes addressed.
Result<Value> write_body(const session::Model& model, const std::uint32_t* vars, const double* values,
                         std::uint32_t n_vars, std::uint32_t n_lanes) {
  Value named_values{Object{}};
  for (std::uint32_t v = 0; v < n_vars; ++v) {
    const auto* variable = model.descriptor.find(vars[v]);
    if (variable == nullptr)
      return fail("unknown_variable", "the model has no variable of id " + std::to_string(vars[v]));
    if (named_values.find(variable->name) != nullptr)
      return fail("not_valid", "the variable " + variable->name + " is given twice");
    if (n_lanes == 0) {
      named_values.set(variable->name, named(*variable, values[v]));
      continue;
    }
    Array list;
    list.reserve(n_lanes);
    for (std::uint32_t k = 0; k < n_lanes; ++k) list.push_back(named(*variable, values[std::size_t{v} * n_lanes + k]));
    named_values.set(variable->name, Value(std::move(list)));
  }
  return Value::object({{"values", std::move(named_values)}});
}

sim_status write_parsed(const Visit& visit, const Value& body, std::uint64_t* applied_tick, sim_error* error) {
  auto request = session::parse_write(body, *visit.model, visit.session->lanes());
  if (!request) return say(error, request.error());
  const auto answer = await<session::Applied>(visit.timeout_ms(), [&](auto done) {
    visit.registry().write(visit.session, std::move(*request), std::move(done));
  });
  if (!answer) return say(error, answer.error());
  if (applied_tick != nullptr) *applied_tick = answer->tick;
  return SIM_OK;
}

}  // namespace

std::int32_t read_session(const sim_host* host, std::uint64_t session, const std::uint32_t* vars, std::uint32_t n_vars,
                          std::uint32_t first_lane, std::uint32_t n_lanes, double* values, std::uint64_t* tick,
                          sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (visit.session == nullptr) return no_session(error);
    if (vars == nullptr || values == nullptr || n_vars == 0 || n_lanes == 0) return bad(error, "nothing is asked for");
    const std::uint32_t lanes = visit.session->lanes();
    if (first_lane >= lanes || n_lanes > lanes - first_lane)
      return say(error, SIM_INVALID_ARG, "lane_out_of_range", "the session has " + std::to_string(lanes) + " lanes");
    if (n_vars > limits::model_variables || std::size_t{n_vars} * n_lanes > limits::read_values)
      return say(error, SIM_INVALID_ARG, "limit_reached", "too many values for one read");
    session::ReadRequest request{{vars, vars + n_vars}, {}};
    for (const auto id : request.ids)
      if (visit.model->descriptor.find(id) == nullptr)
        return say(error, SIM_INVALID_ARG, "unknown_variable", "the model has no variable of id " + std::to_string(id));
    if (n_lanes < lanes) {
      request.lanes.resize(n_lanes);
      std::iota(request.lanes.begin(), request.lanes.end(), first_lane);
    }
    const auto answer = await<session::ReadResult>(visit.timeout_ms(), [&](auto done) {
      visit.tenant->services->reader().read(visit.session, std::move(request), std::move(done));
    });
    if (!answer) return say(error, answer.error());
    std::copy(answer->values.begin(), answer->values.end(), values);
    if (tick != nullptr) *tick = answer->tick;
    return SIM_OK;
  });
}

std::int32_t write_session(const sim_host* host, std::uint64_t session, const std::uint32_t* vars, const double* values,
                           std::uint32_t n_vars, std::uint32_t lane, std::uint64_t* applied_tick,
                           sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (visit.session == nullptr) return no_session(error);
    if (vars == nullptr || values == nullptr || n_vars == 0 || n_vars > limits::model_variables)
      return bad(error, "write takes 1 to " + std::to_string(limits::model_variables) + " variables");
    if (!all_finite(values, n_vars)) return say(error, SIM_INVALID_ARG, "value_out_of_range", "a value is not finite");
    auto body = write_body(*visit.model, vars, values, n_vars, 0);
    if (!body) return say(error, body.error());
    return write_parsed(visit, with_lane(std::move(*body), lane), applied_tick, error);
  });
}

std::int32_t write_session_lanes(const sim_host* host, std::uint64_t session, const std::uint32_t* vars,
                                 const double* values, std::uint32_t n_vars, const std::uint32_t* lanes,
                                 std::uint32_t n_lanes, std::uint64_t* applied_tick, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (visit.session == nullptr) return no_session(error);
    if (vars == nullptr || values == nullptr || n_vars == 0 || n_vars > limits::model_variables)
      return bad(error, "write takes 1 to " + std::to_string(limits::model_variables) + " variables");
    if (lanes == nullptr || n_lanes == 0 || n_lanes > visit.session->lanes())
      return say(error, SIM_INVALID_ARG, "lane_out_of_range",
                 "a write takes 1 to " + std::to_string(visit.session->lanes()) + " lanes");
    if (!all_finite(values, std::size_t{n_vars} * n_lanes))
      return say(error, SIM_INVALID_ARG, "value_out_of_range", "a value is not finite");
    auto body = write_body(*visit.model, vars, values, n_vars, n_lanes);
    if (!body) return say(error, body.error());
    return write_parsed(visit, with_lanes(std::move(*body), lanes, n_lanes), applied_tick, error);
  });
}

// Of a command on all lanes the results of lane 0 are given: the caller has room for one set.
std::int32_t command_session(const sim_host* host, std::uint64_t session, const char* name, std::uint32_t lane,
                             const double* args, double* results, std::uint64_t* applied_tick,
                             sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (visit.session == nullptr) return no_session(error);
    const auto* command = visit.model->descriptor.find_command(view(name, limits::plugin_text_bytes));
    if (command == nullptr) return say(error, SIM_INVALID_ARG, "unknown_command", "the model has no such command");
    if (args == nullptr && !command->args.empty()) return bad(error, "the command takes arguments");
    if (!all_finite(args, command->args.size()))
      return say(error, SIM_INVALID_ARG, "value_out_of_range", "an argument is not finite");
    Value given{Object{}};
    for (std::size_t i = 0; i < command->args.size(); ++i)
      given.set(command->args[i].name, named(command->args[i], args[i]));
    const Value body = with_lane(Value::object({{"args", std::move(given)}, {"confirm", true}}), lane);
    auto request = session::parse_command(command->name, body, *visit.model, visit.session->lanes());
    if (!request) return say(error, request.error());
    const auto answer = await<session::CommandResult>(visit.timeout_ms(), [&](auto done) {
      visit.registry().command(visit.session, std::move(*request), std::move(done));
    });
    if (!answer) return say(error, answer.error());
    const std::size_t count = std::min(answer->results.size(), command->results.size());
    if (results != nullptr) std::copy_n(answer->results.begin(), count, results);
    if (applied_tick != nullptr) *applied_tick = answer->tick;
    return SIM_OK;
  });
}

}  // namespace simhost::services
