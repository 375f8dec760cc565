/// The lane loops: from the host's columns into the model's structs, one step, and back where a lane was stepped well.
#pragma once

#include <sim/cpp/model.hpp>

namespace sim::inline sdk_v1_0::detail {

/// Number `place` of a struct of numbers.
template <class R, class Struct>
SIM_INLINE R member(const Struct& s, std::size_t place) noexcept {
  R value;
  std::memcpy(&value, reinterpret_cast<const std::byte*>(&s) + place * sizeof(R), sizeof value);
  return value;
}
template <class R, class Struct>
SIM_INLINE void set_member(Struct& s, std::size_t place, R value) noexcept {
  std::memcpy(reinterpret_cast<std::byte*>(&s) + place * sizeof(R), &value, sizeof value);
}

/// Calls f(i) for 0..N-1, unrolled in the language and not left to the optimiser.
template <std::size_t N, class F>
SIM_INLINE void for_each(F f) noexcept {
  [&]<std::size_t... I>(std::index_sequence<I...>) { (f(I), ...); }
  (std::make_index_sequence<N>{});
}

/// Reads the lanes from k on of all columns.
template <class R, const auto& Places, class Struct, class Column>
SIM_INLINE void gather(Struct& s, Column const* columns, std::size_t k) noexcept {
  for_each<Places.size()>([&](std::size_t i) { set_member<R>(s, Places[i], load<R>(columns[i] + k)); });
}
template <class R, const auto& Places, class Struct>
SIM_INLINE void scatter(const Struct& s, double* const* columns, std::size_t k) noexcept {
  for_each<Places.size()>([&](std::size_t i) { store(columns[i] + k, member<R>(s, Places[i])); });
}
template <class R, const auto& Places, class Struct>
SIM_INLINE void scatter_where(mask_t<R> good, const Struct& s, double* const* columns, std::size_t k) noexcept {
  for_each<Places.size()>([&](std::size_t i) {
    double* at = columns[i] + k;
    store(at, select(good, member<R>(s, Places[i]), load<R>(at)));
  });
}
struct AsItIs {
  template <class R>
  SIM_INLINE R operator()(R x) const noexcept {
    return x;
  }
};
/// 0 for a number, NaN for what is not finite.
struct TimesZero {
  template <class R>
  SIM_INLINE R operator()(R x) const noexcept {
    return x * 0.0;
  }
};
/// In four sums, so that none waits long for the one before.
template <class Term, class R, std::size_t N, class Struct>
SIM_INLINE R sum_of(const Struct& s) noexcept {
  R sum[4] = {R(0.0), R(0.0), R(0.0), R(0.0)};
  for_each<N>([&](std::size_t i) { sum[i % 4] += Term()(member<R>(s, i)); });
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

SIM_INLINE bool active_mask(double, const std::int64_t* active) noexcept { return *active != 0; }
SIM_INLINE Mask active_mask(Pack, const std::int64_t* active) noexcept {
  I64x4 lanes;  // not the Mask itself: g++ would copy that through halves, and the load stall on them
  std::memcpy(&lanes, active, sizeof lanes);
  return Mask(lanes);
}

SIM_INLINE bool either(bool a, bool b) noexcept { return a || b; }
SIM_INLINE Mask either(Mask a, Mask b) noexcept { return a | b; }

/// What a function that returns nothing says.
struct Silent {};
template <class F>
SIM_INLINE auto outcome_of(F call) noexcept {
  if constexpr (std::is_void_v<decltype(call())>) {
    call();
    return Silent{};
  } else {
    return call();
  }
}

/// The identity column of work: its members are in no table.
template <std::size_t N>
inline constexpr auto in_order = [] {
  std::array<std::size_t, N> places{};
  for (std::size_t i = 0; i < N; ++i) places[i] = i;
  return places;
}();

/// The structs of one lane (or four), in registers.
template <class M, class R>
struct Registers {
  using K = Kind<M, R>;
  typename K::In in;
  typename K::Param param;
  typename K::Work work;
  typename K::State state;
  typename K::Out out;

  SIM_INLINE void read(const sim_lanes& lanes, std::size_t k) noexcept {
    read_parameters(lanes, k);
    read_values(lanes, k);
  }
  SIM_INLINE void read_parameters(const sim_lanes& lanes, std::size_t k) noexcept {
    gather<R, Columns<M>::param>(param, lanes.param, k);
    gather<R, in_order<K::n_work>>(work, lanes.work, k);
  }
  SIM_INLINE void read_values(const sim_lanes& lanes, std::size_t k) noexcept {
    gather<R, Columns<M>::in>(in, lanes.in, k);
    gather<R, Columns<M>::state>(state, lanes.state, k);
    gather<R, Columns<M>::out>(out, lanes.out, k);
  }
};

struct NoContext {};
template <class R, bool Wanted>
SIM_INLINE auto wanted_context([[maybe_unused]] const sim_step& step, [[maybe_unused]] const sim_lanes& lanes,
                               [[maybe_unused]] std::size_t k) noexcept {
  if constexpr (Wanted)
    return context_at<R>(step, lanes, k);
  else
    return NoContext{};
}

// `flatten` does not reach into a big lambda, and a call would have all columns read, also those the model never uses.
#define SIM_INLINE_LAMBDA noexcept __attribute__((always_inline))

/// What the three functions of a model have in common: which lanes turned out well, and what is stored of them.
struct Step {
  static constexpr bool reads_work = true;
  template <class M, class R>
  SIM_INLINE static auto run(Registers<M, R>& r, const sim_step& step, const sim_lanes& lanes, std::size_t k) noexcept {
    using K = Kind<M, R>;
    const double dt = step.dt_s;
    const auto context = wanted_context<R, K::step_wants_context>(step, lanes, k);
    return outcome_of([&]() SIM_INLINE_LAMBDA {
      if constexpr (K::step_work_context)
        return K::step(dt, std::as_const(r.in), std::as_const(r.param), std::as_const(r.work), r.state, r.out, context);
      else if constexpr (K::step_work)
        return K::step(dt, std::as_const(r.in), std::as_const(r.param), std::as_const(r.work), r.state, r.out);
      else if constexpr (K::step_context)
        return K::step(dt, std::as_const(r.in), std::as_const(r.param), r.state, r.out, context);
      else
        return K::step(dt, std::as_const(r.in), std::as_const(r.param), r.state, r.out);
    });
  }
};
struct Reset {
  static constexpr bool reads_work = false;
  template <class M, class R>
  SIM_INLINE static auto run(Registers<M, R>& r, const sim_step& step, const sim_lanes& lanes, std::size_t k) noexcept {
    using K = Kind<M, R>;
    const double dt = step.dt_s;
    const auto context = wanted_context<R, K::reset_context>(step, lanes, k);
    return outcome_of([&]() SIM_INLINE_LAMBDA {
      if constexpr (K::reset_context)
        return K::reset(dt, std::as_const(r.in), std::as_const(r.param), r.state, r.out, context);
      else
        return K::reset(dt, std::as_const(r.in), std::as_const(r.param), r.state, r.out);
    });
  }
};
struct Prepare {
  static constexpr bool reads_work = false;  // it fills the work of each lane
  template <class M, class R>
  SIM_INLINE static auto run(Registers<M, R>& r, const sim_step& step, const sim_lanes&, std::size_t) noexcept {
    const double dt = step.dt_s;
    return outcome_of([&]() SIM_INLINE_LAMBDA { return Kind<M, R>::prepare(dt, std::as_const(r.param), r.work); });
  }
};
#undef SIM_INLINE_LAMBDA

/// Of every number that is to be stored.
template <class Term, class F, class M, class R>
SIM_INLINE R sum_of_kept(const Registers<M, R>& r) noexcept {
  if constexpr (std::is_same_v<F, Prepare>)
    return sum_of<Term, R, Kind<M, R>::n_work>(r.work);
  else
    return sum_of<Term, R, Columns<M>::state.size()>(r.state) + sum_of<Term, R, Columns<M>::out.size()>(r.out);
}
/// The lanes with a number that is not finite. Where the plain sum is finite there is none; where it is not, it may
/// have overflowed.
template <class F, class M, class R>
SIM_INLINE mask_t<R> faulty(const Registers<M, R>& r) noexcept {
  const R sum = sum_of_kept<AsItIs, F>(r);
  const mask_t<R> suspect = sum - sum != R(0.0);
  if (!any(suspect)) [[likely]]
    return suspect;
  return sum_of_kept<TimesZero, F>(r) != R(0.0);
}
/// The lanes whose results are not to be kept: discarded, failed, or with a number that is not finite.
template <class F, class M, class R, class Said>
SIM_INLINE Outcome<R> judged(const Registers<M, R>& r, const Said& said) noexcept {
  const mask_t<R> bad = faulty<F>(r);
  if constexpr (std::is_same_v<Said, Silent>)
    return {false, bad};
  else
    return {said.discarded, either(said.failed, bad)};
}
template <class F, class M, class R>
SIM_INLINE void keep(const Registers<M, R>& r, const sim_lanes& lanes, std::size_t k) noexcept {
  if constexpr (std::is_same_v<F, Prepare>) {
    scatter<R, in_order<Kind<M, R>::n_work>>(r.work, lanes.work, k);
  } else {
    scatter<R, Columns<M>::state>(r.state, lanes.state, k);
    scatter<R, Columns<M>::out>(r.out, lanes.out, k);
  }
}
template <class F, class M, class R>
SIM_INLINE void keep_where(mask_t<R> good, const Registers<M, R>& r, const sim_lanes& lanes, std::size_t k) noexcept {
  if constexpr (std::is_same_v<F, Prepare>) {
    scatter_where<R, in_order<Kind<M, R>::n_work>>(good, r.work, lanes.work, k);
  } else {
    scatter_where<R, Columns<M>::state>(good, r.state, lanes.state, k);
    scatter_where<R, Columns<M>::out>(good, r.out, lanes.out, k);
  }
}

template <class R>
SIM_INLINE void set_status(const Outcome<R>& outcome, mask_t<R> active, std::int32_t* status) noexcept {
  for (std::uint32_t i = 0; i < Traits<R>::width; ++i) {
    const bool failed = lane_of(outcome.failed, i), discarded = lane_of(outcome.discarded, i);
    status[i] = !lane_of(active, i) ? SIM_OK : failed ? SIM_ERROR : discarded ? SIM_DISCARD : SIM_OK;
  }
}

/// Runs F on the lanes from k on, as many as R has, with the parameters and the work that are in r.
template <class F, class M, class R>
SIM_INLINE void run_at(Registers<M, R>& r, const sim_step& step, const sim_lanes& lanes, std::size_t k) noexcept {
  const mask_t<R> active = active_mask(R(0.0), lanes.active + k);
  std::int32_t* status = lanes.status + k;
  if (!any(active)) {
    std::memset(status, 0, sizeof(std::int32_t) * Traits<R>::width);
    return;
  }
  r.read_values(lanes, k);
  const Outcome<R> outcome = judged<F>(r, F::template run<M, R>(r, step, lanes, k));
  const mask_t<R> good = active & (!(outcome.failed | outcome.discarded));
  if (all(good)) [[likely]] {
    keep<F>(r, lanes, k);
    std::memset(status, 0, sizeof(std::int32_t) * Traits<R>::width);
  } else {
    keep_where<F, M, R>(good, r, lanes, k);
    set_status<R>(outcome, active, status);
  }
}

/// Runs F on all lanes of a generic model: four at a time, and one alone as a scalar.
template <class F, Generic M>
SIM_INLINE void run_lanes(const sim_step& step, const sim_lanes& lanes) noexcept {
  if (lanes.n == 1) {
    Registers<M, double> r;
    r.read_parameters(lanes, 0);
    return run_at<F>(r, step, lanes, 0);
  }
  const bool all_alike = F::reads_work && (lanes.flags & SIM_LANES_SAME_PARAMETERS) != 0;
  Registers<M, Pack> r;
  r.read_parameters(lanes, 0);
  for (std::size_t k = 0; k < lanes.n; k += Pack::width) {
    if (k > 0 && !all_alike) r.read_parameters(lanes, k);
    run_at<F>(r, step, lanes, k);
  }
}

/// `to` where mask is all ones, unchanged where it is 0.
template <const auto& Places, class Struct>
SIM_INLINE void blend_bits(std::uint64_t mask, const Struct& s, double* const* columns, std::size_t k) noexcept {
  for_each<Places.size()>([&](std::size_t i) {
    double* at = columns[i] + k;
    *at = real((bits(member<double>(s, Places[i])) & mask) | (bits(*at) & ~mask));
  });
}

/// Lane k of a plain model, with masks instead of branches, so that the compiler can turn the loop around it into
/// vectors. Gives the lane's status.
template <class F, class M>
SIM_INLINE std::uint64_t run_plain(const sim_step& step, const sim_lanes& lanes, std::size_t k) noexcept {
  Registers<M, double> r;
  r.read(lanes, k);
  const auto said = F::template run<M, double>(r, step, lanes, k);
  const auto active = static_cast<std::uint64_t>(lanes.active[k]);
  std::uint64_t failed = sum_of_kept<TimesZero, F>(r) == 0.0 ? 0 : ~std::uint64_t{0};
  std::uint64_t discarded = 0;
  if constexpr (!std::is_same_v<decltype(said), const Silent>) {
    failed |= said.failed ? ~std::uint64_t{0} : 0;
    discarded = said.discarded ? ~std::uint64_t{0} : 0;
  }
  const std::uint64_t good = active & ~failed & ~discarded;
  if constexpr (std::is_same_v<F, Prepare>) {
    blend_bits<in_order<Kind<M, double>::n_work>>(good, r.work, lanes.work, k);
  } else {
    blend_bits<Columns<M>::state>(good, r.state, lanes.state, k);
    blend_bits<Columns<M>::out>(good, r.out, lanes.out, k);
  }
  return active & ((failed & SIM_ERROR) | (~failed & discarded & SIM_DISCARD));
}
/// Runs F on all lanes of a plain model. Padding lanes take part, for whole vectors; they are not active.
template <class F, class M>
requires(!Generic<M>) SIM_INLINE void run_lanes(const sim_step& step, const sim_lanes& lanes) noexcept {
  constexpr std::size_t chunk = 64;
  const sim_step now = step;  // a copy that no store into a column can change
  const std::size_t end = lanes.n == 1 ? 1 : (std::size_t{lanes.n} + 7) / 8 * 8;
  for (std::size_t first = 0; first < end; first += chunk) {
    const std::size_t count = end - first < chunk ? end - first : chunk;
    std::uint64_t status[chunk];
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i) status[i] = run_plain<F, M>(now, lanes, first + i);
    for (std::size_t i = 0; i < count; ++i) lanes.status[first + i] = static_cast<std::int32_t>(status[i]);
  }
}

}  // namespace sim::inline sdk_v1_0::detail
