/// Every function of the SDK's mathematics as an output, to compare the libraries of two CPU levels.
#pragma once

#include <sim/cpp/plugin.hpp>

namespace probe {

struct Functions {
  static constexpr auto id = "probe_functions", version = "1.0.0", title = "Probe of mathematics", description = "";
  static constexpr std::uint32_t schema = 1;
  template <class R>
  struct In {
    R x, y;
  };
  template <class R>
  struct Out {
    R exp, exp2, expm1, log, log1p, log2, log10, pow, hypot, sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh;
    R sqrt, floor, round, uniform, normal;
  };
  template <class R>
  struct Param {};
  template <class R>
  struct State {};
  using I = In<double>;
  using O = Out<double>;
  static constexpr double u = sim::unbounded;
  static constexpr auto in = sim::fields<I>({{&I::x, 1, "x", "", -u, u, 0}, {&I::y, 2, "y", "", -u, u, 0}});
  static constexpr auto out =
      sim::fields<O>({{&O::exp, 11, "exp", "", -u, u, 0},         {&O::exp2, 12, "exp2", "", -u, u, 0},
                      {&O::expm1, 13, "expm1", "", -u, u, 0},     {&O::log, 14, "log", "", -u, u, 0},
                      {&O::log1p, 15, "log1p", "", -u, u, 0},     {&O::log2, 16, "log2", "", -u, u, 0},
                      {&O::log10, 17, "log10", "", -u, u, 0},     {&O::pow, 18, "pow", "", -u, u, 0},
                      {&O::hypot, 19, "hypot", "", -u, u, 0},     {&O::sin, 20, "sin", "", -u, u, 0},
                      {&O::cos, 21, "cos", "", -u, u, 0},         {&O::tan, 22, "tan", "", -u, u, 0},
                      {&O::asin, 23, "asin", "", -u, u, 0},       {&O::acos, 24, "acos", "", -u, u, 0},
                      {&O::atan, 25, "atan", "", -u, u, 0},       {&O::atan2, 26, "atan2", "", -u, u, 0},
                      {&O::sinh, 27, "sinh", "", -u, u, 0},       {&O::cosh, 28, "cosh", "", -u, u, 0},
                      {&O::tanh, 29, "tanh", "", -u, u, 0},       {&O::sqrt, 30, "sqrt", "", -u, u, 0},
                      {&O::floor, 31, "floor", "", -u, u, 0},     {&O::round, 32, "round", "", -u, u, 0},
                      {&O::uniform, 33, "uniform", "", -u, u, 0}, {&O::normal, 34, "normal", "", -u, u, 0}});

  /// Values beyond the finite are shown as 0: the skin would refuse them.
  template <class R>
  static R shown(R x) noexcept {
    return sim::select(sim::is_finite(x), x, 0.0);
  }
  template <class R>
  static void step(double, const In<R>& i, const Param<R>&, State<R>&, Out<R>& o,
                   const sim::Context<R>& context) noexcept {
    const R unit = i.x - sim::floor(i.x);
    o = {shown(sim::exp(i.x)),
         shown(sim::exp2(i.x)),
         shown(sim::expm1(i.x)),
         shown(sim::log(i.x)),
         shown(sim::log1p(i.x)),
         shown(sim::log2(i.x)),
         shown(sim::log10(i.x)),
         shown(sim::pow(i.x, i.y)),
         sim::hypot(i.x, i.y),
         sim::sin(i.x),
         sim::cos(i.x),
         sim::tan(i.x),
         sim::asin(unit),
         sim::acos(unit),
         sim::atan(i.x),
         sim::atan2(i.y, i.x),
         shown(sim::sinh(i.x)),
         shown(sim::cosh(i.x)),
         sim::tanh(i.x),
         sim::sqrt(sim::abs(i.x)),
         sim::floor(i.x),
         sim::round(i.y),
         context.random.uniform(3),
         context.random.normal(4)};
  }
};

}  // namespace probe
