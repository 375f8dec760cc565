// Copies the C tables of a model and looks things up in its descriptor.
#include <host/plugin/descriptor.hpp>

#include <algorithm>

#include <host/base/limits.hpp>
#include <host/plugin/gate.hpp>

namespace simhost::plugin {
namespace {

tl::unexpected<Error> bad(std::string what) {
  return fail("plugin_bad_descriptor", std::move(what) + "; build the plugin with the SDK of this host");
}

Outcome read_commands(const sim_model& model, ModelTables& tables) {
  const void* extension = model.get_extension != nullptr ? model.get_extension(SIM_COMMANDS) : nullptr;
  if (extension == nullptr) return {};
  const auto list = gate<sim_commands>(extension);
  if (!list) return bad("the table sim.commands/1 of a model states an impossible size");
  if (list->count > limits::model_commands)
    return bad("a model has " + std::to_string(list->count) + " commands, at most " +
               std::to_string(limits::model_commands) + " are taken");
  auto commands = gate_array<sim_command>(list->commands, list->count);
  if (!commands) return bad("a command of a model states an impossible size, or the list of commands is missing");
  tables.commands = std::move(*commands);
  for (const auto& command : tables.commands) {
    if (command.n_args > limits::model_variables || command.n_results > limits::model_variables)
      return bad("a command has more than " + std::to_string(limits::model_variables) + " arguments or results");
    auto args = gate_array<sim_var>(command.args, command.n_args);
    auto results = gate_array<sim_var>(command.results, command.n_results);
    if (!args || !results) return bad("an argument or result of a command states an impossible size, or is missing");
    tables.arguments.push_back(std::move(*args));
    tables.results.push_back(std::move(*results));
  }
  for (std::size_t i = 0; i < tables.commands.size(); ++i) {
    tables.commands[i].args = tables.arguments[i].data();
    tables.commands[i].results = tables.results[i].data();
  }
  return {};
}

}  // namespace

Result<ModelTables> read_model_tables(const sim_model* model) {
  ModelTables tables;
  const auto own = gate<sim_model>(model);
  if (!own) return bad("a model's table is missing or states an impossible size");
  tables.model = *own;
  const auto description = gate<sim_model_desc>(own->desc);
  if (!description) return bad("the descriptor of a model is missing or states an impossible size");
  tables.description = *description;
  tables.model.desc = nullptr;
  if (description->n_vars > limits::model_variables || description->n_units > limits::model_variables)
    return bad("a model has " + std::to_string(description->n_vars) + " variables and " +
               std::to_string(description->n_units) + " units, at most " + std::to_string(limits::model_variables) +
               " of each are taken");
  auto vars = gate_array<sim_var>(description->vars, description->n_vars);
  auto units = gate_array<sim_unit>(description->units, description->n_units);
  if (!vars) return bad("a variable of a model states an impossible size, or the list of variables is missing");
  if (!units) return bad("a unit of a model states an impossible size, or the list of units is missing");
  tables.vars = std::move(*vars);
  tables.units = std::move(*units);
  if (auto done = read_commands(*own, tables); !done) return fail(std::move(done.error()));
  return tables;
}

const Variable* Descriptor::find(std::uint32_t wanted) const noexcept {
  const auto found = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.id == wanted; });
  return found == variables.end() ? nullptr : &*found;
}

const Variable* Descriptor::find(std::string_view wanted) const noexcept {
  const auto found = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == wanted; });
  return found == variables.end() ? nullptr : &*found;
}

const Command* Descriptor::find_command(std::string_view wanted) const noexcept {
  const auto found = std::find_if(commands.begin(), commands.end(), [&](const auto& c) { return c.name == wanted; });
  return found == commands.end() ? nullptr : &*found;
}

const Unit* Descriptor::find_unit(std::string_view wanted) const noexcept {
  const auto found = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.name == wanted; });
  return found == units.end() ? nullptr : &*found;
}

std::uint32_t Descriptor::count(std::uint32_t causality) const noexcept {
  return static_cast<std::uint32_t>(
      std::count_if(variables.begin(), variables.end(), [&](const auto& v) { return v.causality == causality; }));
}

}  // namespace simhost::plugin
