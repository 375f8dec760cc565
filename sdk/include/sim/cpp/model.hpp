/// What the skin finds out about a model: how its structs are spelled, which functions it has and what they take.
///
/// A model is a struct with
///   - `id`, `version`, `title`, `description`, `schema` constants (and optionally `step_default_ns`, `step_min_ns`,
///     `step_max_ns`, `max_lanes`),
///   - structs of numbers `In`, `Out`, `Param`, `State` and optionally `Work`: plain with `double` members, or
///     `template <class R> struct In { R a, b; };` with `R` members,
///   - a table `in`, `out`, `param`, `state` for each that is not empty, made by `sim::fields`,
///   - `static void step(double dt, const In&, const Param&, [const Work&,] State&, Out& [, const sim::Context<R>&])
///     noexcept`, a template over R for the generic spelling; it may return `sim::Outcome<R>` instead of void,
///   - optionally `prepare(double dt, const Param&, Work&)`, `reset(double dt, const In&, const Param&, State&, Out&
///     [, context])`, both spelled like step, and `commands`.
#pragma once

#include <sim/cpp/context.hpp>
#include <sim/cpp/fields.hpp>

namespace sim::inline sdk_v1_0::detail {

template <class M>
concept Generic = requires {
  typename M::template In<double>;
};
template <class M>
concept HasPlainWork = requires {
  typename M::Work;
};
template <class M>
concept HasGenericWork = requires {
  typename M::template Work<double>;
};

struct NoWork {};

/// The structs of model M in number type R, and its functions, whatever their spelling.
template <class M, class R>
struct Spelled {
  static_assert(std::is_same_v<R, double>, "a plain model knows only double");
  using In = typename M::In;
  using Out = typename M::Out;
  using Param = typename M::Param;
  using State = typename M::State;
  template <class... A>
  static constexpr bool can_step = requires(A... a) {
    M::step(a...);
  };
  template <class... A>
  static constexpr bool can_prepare = requires(A... a) {
    M::prepare(a...);
  };
  template <class... A>
  static constexpr bool can_reset = requires(A... a) {
    M::reset(a...);
  };
  template <class... A>
  SIM_INLINE static auto step(A&... a) noexcept {
    static_assert(noexcept(M::step(a...)), "step must be noexcept");
    return M::step(a...);
  }
  template <class... A>
  SIM_INLINE static auto prepare(A&... a) noexcept {
    static_assert(noexcept(M::prepare(a...)), "prepare must be noexcept");
    return M::prepare(a...);
  }
  template <class... A>
  SIM_INLINE static auto reset(A&... a) noexcept {
    static_assert(noexcept(M::reset(a...)), "reset must be noexcept");
    return M::reset(a...);
  }
};
template <Generic M, class R>
struct Spelled<M, R> {
  using In = typename M::template In<R>;
  using Out = typename M::template Out<R>;
  using Param = typename M::template Param<R>;
  using State = typename M::template State<R>;
  template <class... A>
  static constexpr bool can_step = requires(A... a) {
    M::template step<R>(a...);
  };
  template <class... A>
  static constexpr bool can_prepare = requires(A... a) {
    M::template prepare<R>(a...);
  };
  template <class... A>
  static constexpr bool can_reset = requires(A... a) {
    M::template reset<R>(a...);
  };
  template <class... A>
  SIM_INLINE static auto step(A&... a) noexcept {
    static_assert(noexcept(M::template step<R>(a...)), "step must be noexcept");
    return M::template step<R>(a...);
  }
  template <class... A>
  SIM_INLINE static auto prepare(A&... a) noexcept {
    static_assert(noexcept(M::template prepare<R>(a...)), "prepare must be noexcept");
    return M::template prepare<R>(a...);
  }
  template <class... A>
  SIM_INLINE static auto reset(A&... a) noexcept {
    static_assert(noexcept(M::template reset<R>(a...)), "reset must be noexcept");
    return M::template reset<R>(a...);
  }
};

template <class M, class R>
struct WorkOf {
  using type = NoWork;
};
template <HasPlainWork M, class R>
struct WorkOf<M, R> {
  using type = typename M::Work;
};
template <HasGenericWork M, class R>
struct WorkOf<M, R> {
  using type = typename M::template Work<R>;
};

/// Everything of M in number type R.
template <class M, class R>
struct Kind : Spelled<M, R> {
  using Base = Spelled<M, R>;
  using typename Base::In, typename Base::Out, typename Base::Param, typename Base::State;
  using Work = typename WorkOf<M, R>::type;
  using Ctx = const Context<R>&;
  static constexpr std::size_t n_work = member_count<Work, R>();
  static constexpr bool has_work = n_work > 0;

  static constexpr bool step_work = Base::template can_step<double, const In&, const Param&, const Work&, State&, Out&>;
  static constexpr bool step_work_context =
      Base::template can_step<double, const In&, const Param&, const Work&, State&, Out&, Ctx>;
  static constexpr bool step_bare = Base::template can_step<double, const In&, const Param&, State&, Out&>;
  static constexpr bool step_context = Base::template can_step<double, const In&, const Param&, State&, Out&, Ctx>;
  static constexpr bool has_step = step_work || step_work_context || step_bare || step_context;
  static constexpr bool has_prepare = Base::template can_prepare<double, const Param&, Work&>;
  static constexpr bool reset_bare = Base::template can_reset<double, const In&, const Param&, State&, Out&>;
  static constexpr bool reset_context = Base::template can_reset<double, const In&, const Param&, State&, Out&, Ctx>;
  static constexpr bool has_reset = reset_bare || reset_context;
  static constexpr bool step_wants_context = step_work_context || step_context;
};

/// The table of one struct of M: its own, or none where the struct is empty.
#define SIM_TABLE(name, Struct)                    \
  template <class M>                               \
  consteval auto name##_table() {                  \
    using S = typename Spelled<M, double>::Struct; \
    if constexpr (std::is_empty_v<S>)              \
      return fields<S>();                          \
    else                                           \
      return M::name;                              \
  }
SIM_TABLE(in, In)
SIM_TABLE(out, Out)
SIM_TABLE(param, Param)
SIM_TABLE(state, State)
#undef SIM_TABLE

/// Which member each column of the host belongs to.
template <class Table>
inline constexpr std::array<std::size_t, 0> no_columns{};
template <class M>
struct Columns {
  template <class Table>
  static consteval auto of(const Table& table) {
    if constexpr (Table::count == 0)
      return std::array<std::size_t, 0>{};
    else
      return table.column;
  }
  static constexpr auto in = of(in_table<M>());
  static constexpr auto out = of(out_table<M>());
  static constexpr auto param = of(param_table<M>());
  static constexpr auto state = of(state_table<M>());
};

}  // namespace sim::inline sdk_v1_0::detail
