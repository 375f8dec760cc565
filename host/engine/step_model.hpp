// What the engine must know of a model to step lanes of it: its C table, its columns, and who keeps it loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sim/ext/commands.h>
#include <sim/model.h>

namespace simhost::engine {

// One column of a block: a variable that is stored per lane.
struct Column {
  std::uint32_t id;
  std::uint32_t causality;  // SIM_INPUT, SIM_OUTPUT, SIM_PARAMETER, SIM_STATE
  double start;
};

// Columns stand in the order inputs, outputs, parameters, state; within each as the descriptor lists them.
struct StepModel {
  std::string id;
  std::uint32_t schema_version = 1;
  std::uint32_t flags = 0;  // SIM_MODEL_*
  sim_model table{};
  void* instance = nullptr;
  std::vector<Column> columns;
  std::uint32_t n_in = 0, n_out = 0, n_param = 0, n_state = 0, n_work = 0;
  std::vector<const sim_command*> commands;
  std::shared_ptr<const void> generation;  // keeps the library mapped as long as a block uses it
  // The start value of each input and parameter, as often as a block has lanes: what blocks need not each hold.
  struct alignas(64) Line {
    double values[8];
  };
  std::vector<Line> starts;

  // nullptr where nothing is to be shared: of outputs and state.
  [[nodiscard]] const double* starts_of(std::uint32_t column) const noexcept;

  [[nodiscard]] std::uint32_t first_out() const noexcept { return n_in; }
  [[nodiscard]] std::uint32_t first_param() const noexcept { return n_in + n_out; }
  [[nodiscard]] std::uint32_t first_state() const noexcept { return n_in + n_out + n_param; }
  [[nodiscard]] std::uint32_t n_columns() const noexcept { return static_cast<std::uint32_t>(columns.size()); }
};

// Reads the descriptor of a C table (already validated) into a StepModel; instance and generation are the caller's.
StepModel make_step_model(const sim_model& table);

}  // namespace simhost::engine
