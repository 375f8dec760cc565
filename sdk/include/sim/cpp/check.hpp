/// The rules of a model's tables, held at compile time, so that a descriptor the host would refuse does not build.
#pragma once

#include <sim/cpp/commands.hpp>

namespace sim::inline sdk_v1_0::detail {

/// A field without its struct, as the checks and the descriptor see it.
struct AnyField {
  std::uint32_t id, causality, type, variability, flags, n_choices, unit, display_unit;
  const char *name, *title, *description, *group;
  const char* const* choices;
  double min, max, start, nominal;
};

constexpr std::uint32_t default_variability(std::uint32_t causality, std::uint32_t type) {
  if (causality == SIM_PARAMETER) return SIM_TUNABLE;
  return type == SIM_REAL ? SIM_CONTINUOUS : SIM_DISCRETE;
}
constexpr double size_of(double x) { return x < 0 ? -x : x; }

template <class Struct>
constexpr AnyField any_field(const Field<Struct>& f, std::uint32_t causality) {
  AnyField a{};
  a.id = f.id;
  a.causality = causality;
  a.type = f.type;
  a.variability = f.variability != 0 ? f.variability : default_variability(causality, f.type);
  a.flags = f.flags;
  a.n_choices = f.n_choices;
  a.unit = find_unit(f.unit);
  a.display_unit = find_unit(f.display_unit);
  a.name = f.name;
  a.title = f.title;
  a.description = f.description;
  a.group = f.group;
  a.choices = f.choices;
  a.min = f.min;
  a.max = f.max;
  a.start = f.start;
  const double widest = size_of(f.min) > size_of(f.max) ? size_of(f.min) : size_of(f.max);
  a.nominal = f.nominal != 0 ? f.nominal : (widest > 0 && widest < unbounded ? widest : 1.0);
  return a;
}

template <class Table>
constexpr auto any_fields(const Table& table, std::uint32_t causality) {
  std::array<AnyField, Table::count> list{};
  if constexpr (Table::count > 0) {
    for (std::size_t i = 0; i < Table::count; ++i) list[i] = any_field(table.list[i], causality);
  }
  return list;
}
template <std::size_t... N>
constexpr auto joined(const std::array<AnyField, N>&... parts) {
  std::array<AnyField, (N + ... + 0)> all{};
  [[maybe_unused]] std::size_t at = 0;
  [[maybe_unused]] const auto add = [&](const auto& part) {
    for (const AnyField& field : part) all[at++] = field;
  };
  (add(parts), ...);
  return all;
}
/// The variables of M in the order of its descriptor.
template <class M>
constexpr auto variables_of() {
  return joined(any_fields(param_table<M>(), SIM_PARAMETER), any_fields(in_table<M>(), SIM_INPUT),
                any_fields(out_table<M>(), SIM_OUTPUT), any_fields(state_table<M>(), SIM_STATE));
}

constexpr bool well_named(std::string_view name) {
  if (name.empty() || name.size() > 63 || name[0] < 'a' || name[0] > 'z') return false;
  for (char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}
constexpr bool finite(double x) { return x - x == 0; }
constexpr bool whole_number(double x) {
  return size_of(x) <= 0x1p53 && static_cast<double>(static_cast<std::int64_t>(x)) == x;
}

template <std::size_t N>
constexpr bool names_are_good(const std::array<AnyField, N>& all) {
  for (const AnyField& f : all) {
    if (!well_named(f.name)) return false;
  }
  return true;
}
template <std::size_t N>
constexpr bool names_are_unique(const std::array<AnyField, N>& all) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string_view(all[i].name) == all[j].name) return false;
    }
  }
  return true;
}
template <std::size_t N>
constexpr bool ids_are_good(const std::array<AnyField, N>& all) {
  for (std::size_t i = 0; i < N; ++i) {
    if (all[i].id < 1 || all[i].id > 0x80000000u) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (all[i].id == all[j].id) return false;
    }
  }
  return true;
}
template <std::size_t N>
constexpr bool ranges_are_good(const std::array<AnyField, N>& all) {
  for (const AnyField& f : all) {
    if (!finite(f.min) || !finite(f.max) || !finite(f.start) || !finite(f.nominal)) return false;
    if (!(f.min <= f.start && f.start <= f.max)) return false;
  }
  return true;
}
template <std::size_t N>
constexpr bool types_are_good(const std::array<AnyField, N>& all) {
  for (const AnyField& f : all) {
    if (f.type == SIM_REAL) continue;
    if (!whole_number(f.min) || !whole_number(f.max) || !whole_number(f.start)) return false;
  }
  return true;
}
template <std::size_t N>
constexpr bool units_are_known(const std::array<AnyField, N>& all) {
  for (const AnyField& f : all) {
    if (f.unit == unknown_unit || f.display_unit == unknown_unit) return false;
  }
  return true;
}
template <std::size_t N>
constexpr bool display_units_fit(const std::array<AnyField, N>& all) {
  for (const AnyField& f : all) {
    if (f.display_unit == SIM_NO_UNIT) continue;
    if (f.unit == SIM_NO_UNIT || !same_dimension(known_units[f.unit], known_units[f.display_unit])) return false;
  }
  return true;
}
template <std::size_t N>
constexpr bool variabilities_are_legal(const std::array<AnyField, N>& all) {
  for (const AnyField& f : all) {
    const std::uint32_t v = f.variability;
    const bool varies = v == SIM_CONTINUOUS || v == SIM_DISCRETE;
    if (f.type != SIM_REAL && v == SIM_CONTINUOUS) return false;
    if (f.causality == SIM_PARAMETER ? (v != SIM_FIXED && v != SIM_TUNABLE)
                                     : (!varies && !(f.causality == SIM_OUTPUT && v == SIM_CONSTANT)))
      return false;
  }
  return true;
}

/// What holds for every list of fields: variables, arguments, results.
template <const auto& All>
constexpr bool list_is_good() {
  static_assert(names_are_good(All), "names are snake_case: a-z, 0-9 and _, from a letter on, at most 63 characters");
  static_assert(names_are_unique(All), "a name stands for one variable only");
  static_assert(ids_are_good(All), "ids are unique in the model and lie in 1..2^31");
  static_assert(ranges_are_good(All), "min <= start <= max does not hold, or one of them is not finite");
  static_assert(types_are_good(All), "min, max and start of integers, booleans and enums are whole numbers");
  static_assert(units_are_known(All), "a unit is none of sim::known_units");
  static_assert(display_units_fit(All), "a display unit measures another quantity than its unit");
  static_assert(variabilities_are_legal(All),
                "a parameter is fixed or tunable, another variable continuous or discrete "
                "(continuous only if real), an output also constant");
  return true;
}

template <class M>
inline constexpr auto variables = variables_of<M>();

constexpr bool is_model_id(std::string_view id) {
  if (id.empty() || id.size() > 63 || id[0] < 'a' || id[0] > 'z') return false;
  for (char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.')) return false;
  }
  return true;
}

template <class M>
constexpr std::int64_t step_default_of() {
  if constexpr (requires { M::step_default_ns; })
    return M::step_default_ns;
  else
    return 1'000'000;
}
template <class M>
constexpr std::int64_t step_min_of() {
  if constexpr (requires { M::step_min_ns; })
    return M::step_min_ns;
  else
    return 1'000;
}
template <class M>
constexpr std::int64_t step_max_of() {
  if constexpr (requires { M::step_max_ns; })
    return M::step_max_ns;
  else
    return 3'600'000'000'000;
}

/// All that is asked of a model before anything is made of it.
template <class M>
constexpr bool model_is_good() {
  using K = Kind<M, double>;
  static_assert(is_model_id(M::id), "id: a-z, 0-9, _, - and ., from a letter on, at most 63 characters");
  static_assert(!std::string_view(M::version).empty() && std::string_view(M::version).size() < 32, "version");
  static_assert(M::schema >= 1, "schema counts from 1");
  static_assert(
      0 < step_min_of<M>() && step_min_of<M>() <= step_default_of<M>() && step_default_of<M>() <= step_max_of<M>(),
      "0 < step_min_ns <= step_default_ns <= step_max_ns");
  static_assert(
      K::has_step,
      "step is static, noexcept and takes (double dt, const In&, const Param&, [const Work&,] State&, Out& [, "
      "const sim::Context<Real>&])");
  static_assert(!K::has_work || K::has_prepare, "a model with Work has prepare(double dt, const Param&, Work&)");
  static_assert(std::is_same_v<decltype(M::id), const char* const>, "id is a static constexpr const char*");
  static_assert(list_is_good<variables<M>>());
  return true;
}

}  // namespace sim::inline sdk_v1_0::detail
