// Reads a model's C descriptor into columns.
#include <host/engine/step_model.hpp>

#include <algorithm>

#include <host/base/limits.hpp>

namespace simhost::engine {

namespace {

// A line more than a block's lanes: without it all columns fall into the same cache sets.
constexpr std::size_t lines_per_column = limits::block_lanes / 8 + 1;

std::uint32_t append(std::vector<Column>& columns, const sim_model_desc& desc, std::uint32_t causality) {
  const auto before = columns.size();
  for (std::uint32_t v = 0; v < desc.n_vars; ++v)
    if (desc.vars[v].causality == causality) columns.push_back({desc.vars[v].id, causality, desc.vars[v].start});
  return static_cast<std::uint32_t>(columns.size() - before);
}

void put_starts(StepModel& model) {
  model.starts.resize((model.n_in + model.n_param) * lines_per_column);
  auto line = model.starts.begin();
  for (const Column& column : model.columns) {
    if (column.causality != SIM_INPUT && column.causality != SIM_PARAMETER) continue;
    for (std::size_t i = 0; i < lines_per_column; ++i, ++line) std::ranges::fill(line->values, column.start);
  }
}
}  // namespace

const double* StepModel::starts_of(std::uint32_t column) const noexcept {
  const std::uint32_t causality = columns[column].causality;
  if (causality != SIM_INPUT && causality != SIM_PARAMETER) return nullptr;
  const std::size_t place = causality == SIM_INPUT ? column : column - first_param() + n_in;
  return starts[place * lines_per_column].values;
}

StepModel make_step_model(const sim_model& table) {
  StepModel model;
  const sim_model_desc& desc = *table.desc;
  model.id = desc.id;
  model.schema_version = desc.schema_version;
  model.flags = desc.flags;
  model.table = table;
  model.n_in = append(model.columns, desc, SIM_INPUT);
  model.n_out = append(model.columns, desc, SIM_OUTPUT);
  model.n_param = append(model.columns, desc, SIM_PARAMETER);
  model.n_state = append(model.columns, desc, SIM_STATE);
  model.n_work = desc.n_work;
  put_starts(model);
  if (table.get_extension != nullptr)
    if (const auto* commands = static_cast<const sim_commands*>(table.get_extension(SIM_COMMANDS)))
      for (std::uint32_t c = 0; c < commands->count; ++c) model.commands.push_back(&commands->commands[c]);
  return model;
}

}  // namespace simhost::engine
