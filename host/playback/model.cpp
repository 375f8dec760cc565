// Reads a shown descriptor back, as far as players need it.
#include <host/playback/model.hpp>

#include <algorithm>
#include <limits>

namespace simhost::playback {

namespace {

constexpr std::string_view causality_names[] = {"", "parameter", "input", "output", "state"};
constexpr std::string_view variability_names[] = {"", "constant", "fixed", "tunable", "continuous", "discrete"};

std::string text_of(const Value& object, std::string_view key, std::string otherwise = {}) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_string() ? value->string() : std::move(otherwise);
}

double number_of(const Value& object, std::string_view key, double otherwise) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_number() ? value->number() : otherwise;
}

std::uint64_t count_of(const Value& object, std::string_view key, std::uint64_t otherwise) {
  const Value* value = object.find(key);
  const bool counts = value != nullptr && value->is_integer() && value->integer() >= 0;
  return counts ? static_cast<std::uint64_t>(value->integer()) : otherwise;
}

std::uint32_t place_of(std::span<const std::string_view> names, const std::string& name, std::uint32_t otherwise) {
  const auto at = std::ranges::find(names, std::string_view(name));
  return at == names.end() || name.empty() ? otherwise : static_cast<std::uint32_t>(at - names.begin());
}

const Value* shown_variable(const Value& descriptor, std::uint32_t id) {
  const Value* list = descriptor.find("variables");
  if (list == nullptr || !list->is_array()) return nullptr;
  const auto is_it = [id](const Value& v) {
    const Value* shown = v.find("id");
    return shown != nullptr && shown->is_integer() && shown->integer() == std::int64_t{id};
  };
  const auto at = std::ranges::find_if(list->items(), is_it);
  return at == list->items().end() ? nullptr : &*at;
}

plugin::Variable make_variable(const record::Column& column, const Value& descriptor, std::uint32_t place) {
  static const Value nothing{Object{}};
  const Value* found = shown_variable(descriptor, column.id);
  const Value& shown = found != nullptr ? *found : nothing;
  plugin::Variable v;
  v.id = column.id;
  v.name = column.name;
  v.title = text_of(shown, "title", column.name);
  v.description = text_of(shown, "description");
  v.group = text_of(shown, "group");
  v.unit = column.unit;
  v.display_unit = text_of(shown, "display_unit");
  v.type = column.type;
  v.causality = place_of(causality_names, text_of(shown, "causality"), SIM_OUTPUT);
  v.variability = place_of(variability_names, text_of(shown, "variability"), SIM_CONTINUOUS);
  const bool counts = column.type == SIM_ENUM || column.type == SIM_BOOLEAN;
  const double largest = column.type == SIM_ENUM ? static_cast<double>(column.enum_names.size()) - 1 : 1;
  v.min = number_of(shown, "min", counts ? 0 : std::numeric_limits<double>::lowest());
  v.max = number_of(shown, "max", counts ? largest : std::numeric_limits<double>::max());
  v.nominal = number_of(shown, "nominal", 1);
  v.start = number_of(shown, "start", 0);
  v.enum_names = column.enum_names;
  v.column = place;
  return v;
}

// All columns are outputs to the engine, whatever they were: nothing but the step writes them.
std::shared_ptr<const engine::StepModel> make_step(const plugin::Descriptor& descriptor, std::shared_ptr<Deck> deck) {
  auto step = std::make_shared<engine::StepModel>();
  step->id = descriptor.id;
  step->schema_version = descriptor.schema_version;
  step->flags = SIM_MODEL_FLAT | SIM_MODEL_CHECKED | SIM_MODEL_DETERMINISTIC;
  step->table.size = sizeof(sim_model);
  step->table.step = &Deck::step;
  step->instance = deck.get();
  for (const auto& v : descriptor.variables) step->columns.push_back({v.id, SIM_OUTPUT, v.start});
  step->n_out = static_cast<std::uint32_t>(step->columns.size());
  step->generation = std::move(deck);
  return step;
}

}  // namespace

std::vector<double> starts_of(const record::About& about) {
  std::vector<double> starts;
  for (const auto& column : about.columns) starts.push_back(make_variable(column, about.descriptor, 0).start);
  return starts;
}

session::ModelPointer make_model(const record::About& about, std::shared_ptr<Deck> deck) {
  auto model = std::make_shared<session::Model>();
  auto& d = model->descriptor;
  model->plugin = text_of(about.made_of, "plugin");
  model->generation = count_of(about.made_of, "generation", 0);
  d.id = about.model;
  d.version = text_of(about.descriptor, "version");
  d.title = text_of(about.descriptor, "title", about.model);
  d.description = text_of(about.descriptor, "description");
  d.schema_version = static_cast<std::uint32_t>(count_of(about.descriptor, "schema_version", 1));
  d.flags = SIM_MODEL_FLAT;
  d.step_default_ns = d.step_min_ns = d.step_max_ns = about.step_ns;
  d.max_lanes = static_cast<std::uint32_t>(about.lanes.size());
  for (std::uint32_t c = 0; c < about.columns.size(); ++c)
    d.variables.push_back(make_variable(about.columns[c], about.descriptor, c));
  model->recorded = true;
  model->step = make_step(d, std::move(deck));
  return model;
}

}  // namespace simhost::playback
