// The C functions of the counter model.
#include <tests/support/counter_model.hpp>

#include <array>
#include <atomic>
#include <limits>

namespace simhost::support {

namespace {

constexpr double big = 1e9;
const char* const labels[] = {"zero", "one", "two"};

sim_var variable(std::uint32_t id, const char* name, std::uint32_t causality, std::uint32_t type, double start) {
  const auto variability = causality == SIM_PARAMETER ? SIM_TUNABLE : type == SIM_REAL ? SIM_CONTINUOUS : SIM_DISCRETE;
  return {sizeof(sim_var),
          id,
          type,
          causality,
          static_cast<std::uint32_t>(variability),
          0,
          SIM_NO_UNIT,
          SIM_NO_UNIT,
          -big,
          big,
          1,
          start,
          name,
          name,
          "of the counter",
          "",
          nullptr,
          0,
          0};
}

const std::array<sim_var, 7> variables = [] {
  std::array<sim_var, 7> vars{variable(rate_id, "rate", SIM_INPUT, SIM_REAL, 1),
                              variable(fault_id, "fault", SIM_INPUT, SIM_INTEGER, 0),
                              variable(label_id, "label", SIM_INPUT, SIM_ENUM, 0),
                              variable(sum_id, "sum", SIM_OUTPUT, SIM_REAL, 0),
                              variable(gain_id, "gain", SIM_PARAMETER, SIM_REAL, 1),
                              variable(sum_state_id, "sum_state", SIM_STATE, SIM_REAL, 0),
                              variable(seen_id, "seen", SIM_STATE, SIM_INTEGER, 0)};
  vars[2].min = 0;
  vars[2].max = 2;
  vars[2].enum_names = labels;
  vars[2].n_enum = 3;
  return vars;
}();

std::atomic<int> prepared{0};

std::int32_t prepare(void*, const sim_step*, const sim_lanes* lanes) {
  for (std::uint32_t k = 0; k < lanes->n; ++k)
    if (lanes->active[k] != 0) {
      lanes->work[0][k] = 2 * lanes->param[0][k];
      ++prepared;
    }
  return SIM_OK;
}

std::int32_t step(void*, const sim_step* info, const sim_lanes* lanes) {
  for (std::uint32_t k = 0; k < lanes->n; ++k) {
    if (lanes->active[k] == 0) continue;
    const int fault = static_cast<int>(lanes->in[1][k]);
    lanes->status[k] = fault == 1 ? SIM_ERROR : fault == 2 ? SIM_DISCARD : SIM_OK;
    if (fault == 4) return SIM_FATAL;
    if (fault == 1 || fault == 2) continue;
    lanes->state[0][k] += lanes->in[0][k] * lanes->work[0][k] / 2 * info->dt_s;
    if (fault == 3) lanes->state[0][k] = std::numeric_limits<double>::quiet_NaN();
    lanes->state[1][k] = static_cast<double>(lanes->tick[k] + 1);
    lanes->out[0][k] = lanes->state[0][k];
  }
  return SIM_OK;
}

std::int32_t run_add(void*, const sim_step*, const sim_lanes* lanes, std::uint32_t k, const double* args,
                     double* results) {
  lanes->state[0][k] += args[0];
  lanes->out[0][k] = lanes->state[0][k];
  results[0] = lanes->state[0][k];
  return SIM_OK;
}

const sim_var add_args[] = {variable(1, "amount", 0, SIM_REAL, 1)};
const sim_var add_results[] = {variable(1, "sum", 0, SIM_REAL, 0)};
const sim_command commands_list[] = {
    {sizeof(sim_command), 1, 0, 0, "add", "Add", "adds to the sum", add_args, add_results, 1, 1, run_add}};
const sim_commands commands{sizeof(sim_commands), 1, commands_list};

const void* extension(const char* id) { return std::string_view(id) == SIM_COMMANDS ? &commands : nullptr; }

const sim_model_desc description{sizeof(sim_model_desc),
                                 SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC,
                                 1,
                                 variables.size(),
                                 0,
                                 1,
                                 0,
                                 0,
                                 "counter",
                                 "1.0.0",
                                 "Counter",
                                 "adds",
                                 variables.data(),
                                 nullptr,
                                 1'000'000,
                                 1'000,
                                 1'000'000'000'000};
const sim_model table{sizeof(sim_model), 0, &description, nullptr, nullptr, nullptr, prepare, step, extension};

}  // namespace

int prepare_calls() { return prepared.load(); }

std::shared_ptr<const engine::StepModel> make_counter_model() {
  auto model = std::make_shared<engine::StepModel>(engine::make_step_model(table));
  model->generation = std::make_shared<int>(0);
  return model;
}

session::ModelPointer make_counter(std::uint64_t generation) {
  auto model = std::make_shared<session::Model>();
  model->plugin = "counter_plugin";
  model->generation = generation;
  model->step = make_counter_model();
  auto tables = plugin::read_model_tables(&table);
  model->descriptor = plugin::make_descriptor(tables.value()).value();
  return model;
}

}  // namespace simhost::support
