/// A block of lanes as a host would hold it.
#include <tests/contract/block.hpp>

#include <dlfcn.h>

#include <cstdlib>
#include <stdexcept>

namespace contract {

Library::Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw std::runtime_error(dlerror());
  const auto function = reinterpret_cast<sim_entry_function>(dlsym(handle_, SIM_ENTRY_SYMBOL));
  if (function == nullptr) throw std::runtime_error("no " SIM_ENTRY_SYMBOL " in " + path);
  entry_ = function();
}
Library::~Library() {
  if (handle_ != nullptr) dlclose(handle_);
}
const sim_model& Library::model(std::string_view id) const {
  const auto* factory = static_cast<const sim_model_factory*>(entry_->get_factory(SIM_MODEL_FACTORY));
  for (std::uint32_t i = 0; i < factory->count; ++i) {
    if (factory->models[i]->desc->id == id) return *factory->models[i];
  }
  throw std::runtime_error("no model " + std::string(id));
}

void Block::Free::operator()(double* p) const { std::free(p); }

Block::Block(const sim_model& model, std::uint32_t n, double dt_s) : model_(model) {
  const std::uint32_t capacity = n == 0 ? 8 : (n + 7) / 8 * 8;
  const std::size_t columns = model.desc->n_vars + model.desc->n_work;
  memory_.reset(static_cast<double*>(std::aligned_alloc(64, (columns + 1) * capacity * sizeof(double))));
  double* next = memory_.get();
  for (std::uint32_t v = 0; v < model.desc->n_vars; ++v, next += capacity) {
    for (std::uint32_t k = 0; k < capacity; ++k) next[k] = model.desc->vars[v].start;
    by_causality_[model.desc->vars[v].causality].push_back(next);
    vars_.push_back(next);
  }
  for (std::uint32_t w = 0; w < model.desc->n_work; ++w, next += capacity) {
    for (std::uint32_t k = 0; k < capacity; ++k) next[k] = 0;
    work_.push_back(next);
  }
  tick.assign(capacity, 0);
  seed.assign(capacity, 42);
  time_s.assign(capacity, 0);
  lane.resize(capacity);
  active.assign(capacity, 0);
  status.assign(capacity, -1);
  for (std::uint32_t k = 0; k < n; ++k) {
    active[k] = -1;
    lane[k] = k;
  }
  lanes_ = {sizeof(sim_lanes),
            n,
            capacity,
            0,
            by_causality_[SIM_INPUT].data(),
            by_causality_[SIM_OUTPUT].data(),
            by_causality_[SIM_PARAMETER].data(),
            by_causality_[SIM_STATE].data(),
            work_.data(),
            tick.data(),
            time_s.data(),
            seed.data(),
            lane.data(),
            active.data(),
            status.data()};
  step_ = {sizeof(sim_step), 0, static_cast<std::int64_t>(dt_s * 1e9), dt_s, 0};
}

std::int32_t Block::step() {
  const std::int32_t result = model_.step(nullptr, &step_, &lanes_);
  for (std::uint32_t k = 0; k < n(); ++k) {
    if (active[k] != 0) time_s[k] = static_cast<double>(++tick[k]) * step_.dt_s;
  }
  return result;
}

std::int32_t Block::command(std::string_view name, std::uint32_t k, const double* args, double* results) {
  const auto* commands = static_cast<const sim_commands*>(model_.get_extension(SIM_COMMANDS));
  for (std::uint32_t i = 0; commands != nullptr && i < commands->count; ++i) {
    const sim_command& command = commands->commands[i];
    if (command.name == name) return command.run(nullptr, &step_, &lanes_, k, args, results);
  }
  throw std::runtime_error("no command " + std::string(name));
}

double* Block::column(std::string_view variable) {
  for (std::uint32_t v = 0; v < model_.desc->n_vars; ++v) {
    if (model_.desc->vars[v].name == variable) return vars_[v];
  }
  throw std::runtime_error("no variable " + std::string(variable));
}

std::vector<double> Block::results(std::uint32_t k) const {
  std::vector<double> all;
  for (const double* column : by_causality_[SIM_STATE]) all.push_back(column[k]);
  for (const double* column : by_causality_[SIM_OUTPUT]) all.push_back(column[k]);
  return all;
}

}  // namespace contract
