// The C table of the empty model.
#include <tests/support/empty_model.hpp>

namespace simhost::support {

namespace {

std::int32_t step(void*, const sim_step*, const sim_lanes* lanes) {
  for (std::uint32_t k = 0; k < lanes->n; ++k) lanes->status[k] = SIM_OK;
  return SIM_OK;
}

const sim_var variables[] = {{sizeof(sim_var), 1, SIM_REAL, SIM_INPUT, SIM_CONTINUOUS, 0, SIM_NO_UNIT, SIM_NO_UNIT, -1,
                              1, 1, 0, "in", "In", "", "", nullptr, 0, 0},
                             {sizeof(sim_var), 2, SIM_REAL, SIM_STATE, SIM_CONTINUOUS, 0, SIM_NO_UNIT, SIM_NO_UNIT, -1,
                              1, 1, 0, "state", "State", "", "", nullptr, 0, 0}};
const sim_model_desc description{sizeof(sim_model_desc),
                                 SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC | SIM_MODEL_CHECKED,
                                 1,
                                 2,
                                 0,
                                 0,
                                 0,
                                 0,
                                 "empty",
                                 "1.0.0",
                                 "Empty",
                                 "does nothing",
                                 variables,
                                 nullptr,
                                 1'000'000,
                                 1'000,
                                 1'000'000'000};
const sim_model table{sizeof(sim_model), 0, &description, nullptr, nullptr, nullptr, nullptr, step, nullptr};

}  // namespace

session::ModelPointer make_empty() {
  auto step_model = std::make_shared<engine::StepModel>(engine::make_step_model(table));
  step_model->generation = std::make_shared<int>(0);
  auto model = std::make_shared<session::Model>();
  model->plugin = "empty_plugin";
  model->generation = 1;
  model->step = step_model;
  model->descriptor = plugin::make_descriptor(plugin::read_model_tables(&table).value()).value();
  return model;
}

}  // namespace simhost::support
