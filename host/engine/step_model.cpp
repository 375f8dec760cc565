// Reads a model's C descriptor into columns.
#include <host/engine/step_model.hpp>

namespace simhost::engine {

namespace {
std::uint32_t append(std::vector<Column>& columns, const sim_model_desc& desc, std::uint32_t causality) {
  const auto before = columns.size();
  for (std::uint32_t v = 0; v < desc.n_vars; ++v)
    if (desc.vars[v].causality == causality) columns.push_back({desc.vars[v].id, causality, desc.vars[v].start});
  return static_cast<std::uint32_t>(columns.size() - before);
}
}  // namespace

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
  if (table.get_extension != nullptr)
    if (const auto* commands = static_cast<const sim_commands*>(table.get_extension(SIM_COMMANDS)))
      for (std::uint32_t c = 0; c < commands->count; ++c) model.commands.push_back(&commands->commands[c]);
  return model;
}

}  // namespace simhost::engine
