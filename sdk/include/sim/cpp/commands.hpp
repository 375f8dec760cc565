/// Commands of a model: typed handlers that act on one lane at a tick boundary.
///
/// ```cpp
/// struct KickArgs { double torque; };
/// static sim_status kick(const KickArgs& args, sim::Lane<Motor>& lane) noexcept { lane.state.speed += ...; return
/// SIM_OK; } static constexpr auto commands = sim::commands(
///     sim::command<&kick>(1, "kick", sim::fields<KickArgs>({{&KickArgs::torque, 1, "torque_nm", "N.m", -1, 1, 0}}))
///         .titled("Kick the shaft"));
/// ```
/// A handler takes its arguments (if it has any), then `Results&` (if it has any), then the lane. With another return
/// than SIM_OK, or where a number turns out not finite, nothing of the lane changes.
#pragma once

#include <sim/ext/commands.h>
#include <sim/cpp/lanes.hpp>

#include <tuple>

namespace sim::inline sdk_v1_0 {

/// One lane as a command sees it. It may change state and out.
template <class M>
struct Lane {
  using K = detail::Kind<M, double>;
  const typename K::In& in;
  const typename K::Param& param;
  const typename K::Work& work;
  typename K::State& state;
  typename K::Out& out;
  const Context<double>& context;
};

namespace detail {

struct Nothing {};
template <class H>
struct HandlerTypes;
template <class M>
struct HandlerTypes<sim_status (*)(Lane<M>&) noexcept> {
  using Model = M;
  using Args = Nothing;
  using Results = Nothing;
};
template <class M, class A>
struct HandlerTypes<sim_status (*)(const A&, Lane<M>&) noexcept> {
  using Model = M;
  using Args = A;
  using Results = Nothing;
};
template <class M, class R>
struct HandlerTypes<sim_status (*)(R&, Lane<M>&) noexcept> {
  using Model = M;
  using Args = Nothing;
  using Results = R;
};
template <class M, class A, class R>
struct HandlerTypes<sim_status (*)(const A&, R&, Lane<M>&) noexcept> {
  using Model = M;
  using Args = A;
  using Results = R;
};

}  // namespace detail

/// One command: made by `sim::command`.
template <auto Handler, class ArgsTable, class ResultsTable>
struct Command {
  using Types = detail::HandlerTypes<decltype(Handler)>;
  static constexpr auto handler = Handler;
  std::uint32_t id;
  const char* name;
  ArgsTable args;
  ResultsTable results;
  const char *title = "", *description = "";
  std::uint32_t flags = 0, states = 0;

  constexpr Command titled(const char* text) const { return with(&Command::title, text); }
  constexpr Command described(const char* text) const { return with(&Command::description, text); }
  constexpr Command hazardous() const { return with(&Command::flags, flags | SIM_COMMAND_HAZARDOUS); }
  constexpr Command idempotent() const { return with(&Command::flags, flags | SIM_COMMAND_IDEMPOTENT); }
  /// Legal session states, as SIM_STATE_ bits.
  constexpr Command legal_in(std::uint32_t mask) const { return with(&Command::states, mask); }

  template <class T>
  constexpr Command with(T Command::*what, T value) const {
    Command copy = *this;
    copy.*what = value;
    return copy;
  }
};

template <auto Handler>
consteval auto command(std::uint32_t id, const char* name) {
  using None = Fields<detail::Nothing, 0>;
  return Command<Handler, None, None>{id, name, {}, {}};
}
/// With a table of its arguments, or, if it has none, of its results.
template <auto Handler, class Struct, std::size_t N>
consteval auto command(std::uint32_t id, const char* name, const Fields<Struct, N>& table) {
  using None = Fields<detail::Nothing, 0>;
  if constexpr (std::is_same_v<typename detail::HandlerTypes<decltype(Handler)>::Args, Struct>)
    return Command<Handler, Fields<Struct, N>, None>{id, name, table, {}};
  else
    return Command<Handler, None, Fields<Struct, N>>{id, name, {}, table};
}
template <auto Handler, class A, std::size_t N, class R, std::size_t K>
consteval auto command(std::uint32_t id, const char* name, const Fields<A, N>& args, const Fields<R, K>& results) {
  return Command<Handler, Fields<A, N>, Fields<R, K>>{id, name, args, results};
}
template <class... C>
consteval std::tuple<C...> commands(C... list) {
  return {list...};
}

namespace detail {

template <class M>
concept HasCommands = requires {
  std::tuple_size<std::remove_cvref_t<decltype(M::commands)>>::value;
};

/// Places of a table's columns, and the struct's numbers in the host's order.
template <const auto& Table, class Struct>
void fill_struct(Struct& s, const double* values) noexcept {
  if constexpr (std::remove_cvref_t<decltype(Table)>::count > 0)
    for_each<Table.count>([&](std::size_t i) { set_member<double>(s, Table.column[i], values[i]); });
}
template <const auto& Table, class Struct>
bool read_struct(const Struct& s, double* values) noexcept {
  double sum = 0;
  if constexpr (std::remove_cvref_t<decltype(Table)>::count > 0) {
    for_each<Table.count>([&](std::size_t i) { sum += member<double>(s, Table.column[i]) * 0.0; });
    if (sum == 0.0) for_each<Table.count>([&](std::size_t i) { values[i] = member<double>(s, Table.column[i]); });
  }
  return sum == 0.0;
}

template <class M, auto Handler, class Args, class Results>
sim_status call_handler(const Args& args, Results& results, Lane<M>& lane) noexcept {
  constexpr bool no_args = std::is_same_v<Args, Nothing>, no_results = std::is_same_v<Results, Nothing>;
  if constexpr (no_args && no_results)
    return Handler(lane);
  else if constexpr (no_results)
    return Handler(args, lane);
  else if constexpr (no_args)
    return Handler(results, lane);
  else
    return Handler(args, results, lane);
}

/// The C entry of a command.
template <class M, auto Handler, const auto& ArgsTable, const auto& ResultsTable>
int32_t run_command(void*, const sim_step* step, const sim_lanes* lanes, std::uint32_t k, const double* values,
                    double* answers) noexcept {
  using Types = HandlerTypes<decltype(Handler)>;
  static_assert(std::is_same_v<typename Types::Model, M>, "a command acts on sim::Lane of its own model");
  if (step == nullptr || lanes == nullptr || k >= lanes->n) return SIM_INVALID_ARG;
  Registers<M, double> r;
  r.read(*lanes, k);
  const Context<double> context = context_at<double>(*step, *lanes, k);
  Lane<M> lane{r.in, r.param, r.work, r.state, r.out, context};
  typename Types::Args args;
  typename Types::Results results;
  fill_struct<ArgsTable>(args, values);
  const sim_status status = call_handler<M, Handler>(args, results, lane);
  if (status != SIM_OK && status != SIM_WARNING) return status;
  if (faulty<Step>(r) || !read_struct<ResultsTable>(results, answers)) return SIM_ERROR;
  keep<Step>(r, *lanes, k);
  return status;
}

}  // namespace detail
}  // namespace sim::inline sdk_v1_0
