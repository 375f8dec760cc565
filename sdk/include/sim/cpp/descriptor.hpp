/// The C tables of a model, made at compile time from its field tables: descriptor, units, commands, functions.
#pragma once

#include <sim/cpp/check.hpp>

namespace sim::inline sdk_v1_0::detail {

/// Which of `known_units` a model uses.
using Used = std::array<bool, std::size(known_units)>;

template <std::size_t N>
constexpr void mark_units(Used& used, const std::array<AnyField, N>& fields) {
  for (const AnyField& f : fields) {
    if (f.unit < used.size()) used[f.unit] = true;
    if (f.display_unit < used.size()) used[f.display_unit] = true;
  }
}

/// Arguments and results of command I of M.
template <class M, std::size_t I>
struct CommandTables {
  static constexpr auto args = std::get<I>(M::commands).args;
  static constexpr auto results = std::get<I>(M::commands).results;
  static constexpr auto any_args = any_fields(args, SIM_INPUT);
  static constexpr auto any_results = any_fields(results, SIM_OUTPUT);
  static_assert(list_is_good<any_args>() && list_is_good<any_results>());
};
template <class M>
constexpr std::size_t command_count() {
  if constexpr (HasCommands<M>)
    return std::tuple_size_v<std::remove_cvref_t<decltype(M::commands)>>;
  else
    return 0;
}

template <class M>
constexpr Used used_units() {
  Used used{};
  mark_units(used, variables<M>);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (mark_units(used, CommandTables<M, I>::any_args), ...);
    (mark_units(used, CommandTables<M, I>::any_results), ...);
  }
  (std::make_index_sequence<command_count<M>()>{});
  return used;
}
template <class M>
inline constexpr Used used = used_units<M>();

/// Place of a unit in the model's own table.
template <class M>
constexpr std::uint32_t unit_place(std::uint32_t known) {
  if (known == SIM_NO_UNIT) return SIM_NO_UNIT;
  std::uint32_t place = 0;
  for (std::uint32_t i = 0; i < known; ++i) place += used<M>[i] ? 1 : 0;
  return place;
}
template <class M>
constexpr std::size_t unit_count() {
  std::size_t n = 0;
  for (bool u : used<M>) n += u ? 1 : 0;
  return n;
}
template <class M>
constexpr auto make_units() {
  std::array<sim_unit, unit_count<M>()> units{};
  [[maybe_unused]] std::size_t at = 0;
  for (std::size_t i = 0; i < std::size(known_units); ++i) {
    if (!used<M>[i]) continue;
    sim_unit& unit = units[at++];
    unit = {sizeof(sim_unit), {}, 0, known_units[i].name, known_units[i].factor, known_units[i].offset};
    for (std::size_t e = 0; e < std::size(unit.exponents); ++e) unit.exponents[e] = known_units[i].exponents[e];
  }
  return units;
}

template <class M, std::size_t N>
constexpr auto make_vars(const std::array<AnyField, N>& fields) {
  std::array<sim_var, N> vars{};
  for (std::size_t i = 0; i < N; ++i) {
    const AnyField& f = fields[i];
    vars[i] = {sizeof(sim_var),
               f.id,
               f.type,
               f.causality,
               f.variability,
               f.flags,
               unit_place<M>(f.unit),
               unit_place<M>(f.display_unit),
               f.min,
               f.max,
               f.nominal,
               f.start,
               f.name,
               f.title,
               f.description,
               f.group,
               f.choices,
               f.n_choices,
               0};
  }
  return vars;
}

/// Arrays of nothing have no address: NULL stands for them.
template <class T, std::size_t N>
constexpr const T* data_of(const std::array<T, N>& array) {
  if constexpr (N == 0)
    return nullptr;
  else
    return array.data();
}

template <class M, std::size_t I>
struct CommandVars {
  static constexpr auto args = make_vars<M>(CommandTables<M, I>::any_args);
  static constexpr auto results = make_vars<M>(CommandTables<M, I>::any_results);
};
template <class M, std::size_t I>
constexpr sim_command make_command() {
  constexpr auto& from = std::get<I>(M::commands);
  static_assert(well_named(from.name), "the name of a command is snake_case");
  using Type = std::remove_cvref_t<decltype(from)>;
  using Tables = CommandTables<M, I>;
  static_assert(std::is_same_v<typename Type::Types::Args, typename decltype(Type::args)::Struct> &&
                    std::is_same_v<typename Type::Types::Results, typename decltype(Type::results)::Struct>,
                "the tables of a command are those of its handler's Args and Results");
  return {sizeof(sim_command),
          from.id,
          from.flags,
          from.states,
          from.name,
          from.title,
          from.description,
          data_of(CommandVars<M, I>::args),
          data_of(CommandVars<M, I>::results),
          static_cast<std::uint32_t>(CommandVars<M, I>::args.size()),
          static_cast<std::uint32_t>(CommandVars<M, I>::results.size()),
          &run_command<M, Type::handler, Tables::args, Tables::results>};
}
template <class M>
constexpr auto make_commands() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<sim_command, sizeof...(I)>{make_command<M, I>()...};
  }
  (std::make_index_sequence<command_count<M>()>{});
}
template <std::size_t N>
constexpr bool commands_are_unique(const std::array<sim_command, N>& all) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (all[i].id == all[j].id || std::string_view(all[i].name) == all[j].name) return false;
    }
  }
  return true;
}

/// The C functions of a model. `flatten` draws the author's functions into the loops, where they become vectors.
template <class F, class M>
__attribute__((flatten)) int32_t lanes_entry(void*, const sim_step* step, const sim_lanes* lanes) noexcept {
  if (step == nullptr || lanes == nullptr || step->size < sizeof(sim_step) || lanes->size < sizeof(sim_lanes))
    return SIM_INVALID_ARG;
  run_lanes<F, M>(*step, *lanes);
  return SIM_OK;
}

template <class M>
struct Tables {
  static_assert(model_is_good<M>());
  static constexpr auto units = make_units<M>();
  static constexpr auto vars = make_vars<M>(variables<M>);
  static constexpr auto command_list = make_commands<M>();
  static_assert(commands_are_unique(command_list), "ids and names of commands are unique");
  static constexpr sim_commands commands{sizeof(sim_commands), static_cast<std::uint32_t>(command_list.size()),
                                         data_of(command_list)};

  static constexpr std::uint32_t max_lanes() {
    if constexpr (requires { M::max_lanes; })
      return M::max_lanes;
    else
      return 0;
  }
  static constexpr sim_model_desc desc{sizeof(sim_model_desc),
                                       SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC | SIM_MODEL_CHECKED,
                                       M::schema,
                                       static_cast<std::uint32_t>(vars.size()),
                                       static_cast<std::uint32_t>(units.size()),
                                       static_cast<std::uint32_t>(Kind<M, double>::n_work),
                                       max_lanes(),
                                       0,
                                       M::id,
                                       M::version,
                                       M::title,
                                       M::description,
                                       data_of(vars),
                                       data_of(units),
                                       step_default_of<M>(),
                                       step_min_of<M>(),
                                       step_max_of<M>()};

  static const void* extension(const char* id) noexcept {
    if (command_list.size() > 0 && id != nullptr && std::string_view(id) == SIM_COMMANDS) return &commands;
    return nullptr;
  }
  using Function = int32_t (*)(void*, const sim_step*, const sim_lanes*);
  static constexpr Function reset_entry() {
    if constexpr (Kind<M, double>::has_reset)
      return &lanes_entry<Reset, M>;
    else
      return nullptr;
  }
  static constexpr Function prepare_entry() {
    if constexpr (Kind<M, double>::has_work)
      return &lanes_entry<Prepare, M>;
    else
      return nullptr;
  }
  static constexpr sim_model model{
      sizeof(sim_model), 0, &desc, nullptr, nullptr, reset_entry(), prepare_entry(), &lanes_entry<Step, M>, &extension};
};

}  // namespace sim::inline sdk_v1_0::detail
