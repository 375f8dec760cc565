// What a model says of itself, as the host's own copy: variables, units, commands; nothing points into the plugin.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sim/ext/commands.h>
#include <sim/model.h>
#include <host/base/error.hpp>

namespace simhost::plugin {

// value in base SI = factor * value + offset; exponents of kg m s A K mol cd rad.
struct Unit {
  std::string name;
  std::array<std::int8_t, 8> exponents{};
  double factor = 1;
  double offset = 0;
  friend bool operator==(const Unit&, const Unit&) = default;
};

struct Variable {
  std::uint32_t id = 0;
  std::string name, title, description, group;
  std::string unit, display_unit;  // empty: none
  std::uint32_t type = 0;          // SIM_REAL ... SIM_ENUM
  std::uint32_t causality = 0;     // SIM_PARAMETER ... SIM_STATE; 0 for arguments and results of commands
  std::uint32_t variability = 0;   // SIM_CONSTANT ... SIM_DISCRETE
  std::uint32_t flags = 0;         // SIM_VAR_*
  double min = 0, max = 0, nominal = 0, start = 0;
  std::vector<std::string> enum_names;
  std::uint32_t column = 0;  // place among the variables of its causality, as in sim_lanes
  friend bool operator==(const Variable&, const Variable&) = default;
};

struct Command {
  std::uint32_t id = 0;
  std::string name, title, description;
  std::uint32_t flags = 0;   // SIM_COMMAND_*
  std::uint32_t states = 0;  // SIM_STATE_* mask, never 0 (the default is filled in)
  std::vector<Variable> args, results;
  friend bool operator==(const Command&, const Command&) = default;
};

struct Descriptor {
  std::string id, version, title, description;
  std::uint32_t schema_version = 0, flags = 0, n_work = 0;
  std::uint32_t max_lanes = 0;  // 0: the host's limit
  std::int64_t step_default_ns = 0, step_min_ns = 0, step_max_ns = 0;
  std::vector<Variable> variables;  // in the plugin's order
  std::vector<Unit> units;
  std::vector<Command> commands;  // in the plugin's order, which is that of ModelBinding::commands()

  [[nodiscard]] const Variable* find(std::uint32_t id) const noexcept;
  [[nodiscard]] const Variable* find(std::string_view name) const noexcept;
  [[nodiscard]] const Command* find_command(std::string_view name) const noexcept;
  [[nodiscard]] const Unit* find_unit(std::string_view name) const noexcept;
  [[nodiscard]] std::uint32_t count(std::uint32_t causality) const noexcept;
  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

// The C tables of a model with their arrays gated to this host's sizes; text and functions still are the plugin's.
struct ModelTables {
  sim_model model{};  // desc is null; see description
  sim_model_desc description{};
  std::vector<sim_var> vars;
  std::vector<sim_unit> units;
  std::vector<sim_command> commands;
  std::vector<std::vector<sim_var>> arguments, results;  // per command
};

// Copies what a plugin's table points at. Error plugin_bad_descriptor: a size or a pointer that cannot be.
Result<ModelTables> read_model_tables(const sim_model* model);

// Holds the tables against every rule at once. Error plugin_bad_descriptor: errors[] has all faults, each with a
// pointer like /variables/3/min and the mend.
Result<Descriptor> make_descriptor(const ModelTables& tables);

}  // namespace simhost::plugin
