/// The tables that tie the members of a model's structs to variables: id, name, unit, range, start and the rest.
#pragma once

#include <sim/cpp/units.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sim::inline sdk_v1_0 {

/// No end of the range (all ranges are finite numbers). Parameters and inputs should have one; outputs and state need
/// not.
inline constexpr double unbounded = 0x1.fffffffffffffp1023;

/// One member of `Struct` as a variable. Write `{&In::current, 1, "current_a", "A", -500, 500, 0}`, or one of the
/// makers below where more is to be said: `sim::number(&In::current, 1, "current_a", "A", -500, 500,
/// 0).titled("Current")`.
template <class Struct>
struct Field {
  double Struct::*member;
  std::uint32_t id;  ///< stable for ever: unique in the model, never reused
  const char* name;  ///< snake_case, the unit last
  const char* unit;  ///< of `known_units`; "" for none
  double min, max, start;
  std::uint32_t type = SIM_REAL, variability = 0, flags = 0, n_choices = 0;
  const char* const* choices = nullptr;
  const char *title = "", *description = "", *group = "", *display_unit = "";
  double nominal = 0;

  constexpr Field(double Struct::*member_, std::uint32_t id_, const char* name_, const char* unit_, double min_,
                  double max_, double start_)
      : member(member_), id(id_), name(name_), unit(unit_), min(min_), max(max_), start(start_) {}

  constexpr Field titled(const char* text) const { return with(&Field::title, text); }
  constexpr Field described(const char* text) const { return with(&Field::description, text); }
  constexpr Field grouped(const char* text) const { return with(&Field::group, text); }
  constexpr Field displayed_in(const char* unit_) const { return with(&Field::display_unit, unit_); }
  constexpr Field nominally(double value) const { return with(&Field::nominal, value); }
  constexpr Field constant() const { return with(&Field::variability, std::uint32_t{SIM_CONSTANT}); }
  constexpr Field fixed() const { return with(&Field::variability, std::uint32_t{SIM_FIXED}); }
  constexpr Field tunable() const { return with(&Field::variability, std::uint32_t{SIM_TUNABLE}); }
  constexpr Field continuous() const { return with(&Field::variability, std::uint32_t{SIM_CONTINUOUS}); }
  constexpr Field discrete() const { return with(&Field::variability, std::uint32_t{SIM_DISCRETE}); }
  constexpr Field hidden() const { return with(&Field::flags, flags | SIM_VAR_HIDDEN); }
  constexpr Field log_scale() const { return with(&Field::flags, flags | SIM_VAR_LOG_SCALE); }

  template <class T>
  constexpr Field with(T Field::*what, T value) const {
    Field copy = *this;
    copy.*what = value;
    return copy;
  }
};

/// A real number.
template <class S>
constexpr Field<S> number(double S::*member, std::uint32_t id, const char* name, const char* unit, double min,
                          double max, double start) {
  return {member, id, name, unit, min, max, start};
}
/// A whole number, carried as a double.
template <class S>
constexpr Field<S> integer(double S::*member, std::uint32_t id, const char* name, const char* unit, double min,
                           double max, double start) {
  return Field<S>{member, id, name, unit, min, max, start}.with(&Field<S>::type, std::uint32_t{SIM_INTEGER});
}
/// A truth, carried as 0 or 1.
template <class S>
constexpr Field<S> flag(double S::*member, std::uint32_t id, const char* name, bool start) {
  return Field<S>{member, id, name, "", 0, 1, start ? 1.0 : 0.0}.with(&Field<S>::type, std::uint32_t{SIM_BOOLEAN});
}
/// One of a list, carried as its place; the list must be a static array.
template <class S, std::size_t N>
constexpr Field<S> choice(double S::*member, std::uint32_t id, const char* name, const char* const (&choices)[N],
                          std::uint32_t start) {
  Field<S> field{member, id, name, "", 0, static_cast<double>(N - 1), static_cast<double>(start)};
  field.type = SIM_ENUM;
  field.choices = choices;
  field.n_choices = static_cast<std::uint32_t>(N);
  return field;
}

namespace detail {

/// How many numbers a struct of numbers has.
template <class Struct, class Real = double>
consteval std::size_t member_count() {
  if constexpr (std::is_empty_v<Struct>) {
    return 0;
  } else {
    static_assert(std::is_trivially_copyable_v<Struct> && std::is_aggregate_v<Struct>, "a plain struct of numbers");
    static_assert(sizeof(Struct) % sizeof(Real) == 0, "members are numbers only");
    return sizeof(Struct) / sizeof(Real);
  }
}

/// Which number of its struct a member is.
template <class Struct>
constexpr std::size_t column_of(double Struct::*member) {
  constexpr std::size_t n = member_count<Struct>();
  Struct probe = std::bit_cast<Struct>(std::array<double, n>{});
  probe.*member = 1;
  const auto columns = std::bit_cast<std::array<double, n>>(probe);
  std::size_t i = 0;
  while (columns[i] == 0) ++i;
  return i;
}

}  // namespace detail

/// The table of one struct, with the column of each field.
template <class Struct_, std::size_t N>
struct Fields {
  using Struct = Struct_;
  static constexpr std::size_t count = N;
  std::array<Field<Struct>, N> list;
  std::array<std::size_t, N> column;
};
template <class Struct_>
struct Fields<Struct_, 0> {
  using Struct = Struct_;
  static constexpr std::size_t count = 0;
};

/// `sim::fields<In>({{&In::current, 1, "current_a", "A", -500, 500, 0}, ...})`: every member of In once, in the order
/// in which the host shall list them.
template <class Struct, std::size_t N>
consteval Fields<Struct, N> fields(const Field<Struct> (&list)[N]) {
  static_assert(N == detail::member_count<Struct>(), "every member of the struct stands in its table once");
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return Fields<Struct, N>{{list[I]...}, {detail::column_of<Struct>(list[I].member)...}};
  }
  (std::make_index_sequence<N>{});
}
template <class Struct>
consteval Fields<Struct, 0> fields() {
  static_assert(std::is_empty_v<Struct>, "every member of the struct stands in its table once");
  return {};
}

/// The row of a member: a constant, so that a member that is in no row does not compile.
template <class Struct, std::size_t N>
consteval const Field<Struct>& row_in(const Fields<Struct, N>& table, double Struct::*member) {
  for (const auto& field : table.list)
    if (field.member == member) return field;
  throw "no row has this member";
}

}  // namespace sim::inline sdk_v1_0
