/// The SDK's mathematics: within 2 ulp of a wide reference, exact at its edges, a pack with the bits of a scalar.
/// pack.
#include <sim/cpp/math.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

struct Range {
  double low, high;
  enum class Spread { Linear, Logarithmic } spread = Spread::Linear;
};
constexpr auto logarithmic = Range::Spread::Logarithmic;

struct Function {
  std::string name;
  double (*scalar)(double);
  sim::Pack (*pack)(sim::Pack);
  long double (*reference)(long double);
  std::vector<Range> ranges;
  double allowed_ulp = 2;
};
struct Function2 {
  std::string name;
  double (*scalar)(double, double);
  sim::Pack (*pack)(sim::Pack, sim::Pack);
  long double (*reference)(long double, long double);
  std::vector<std::pair<Range, Range>> ranges;
};

/// Distance of `got` from `wanted` in units of the last place of the double next to `wanted`.
double ulp_error(double got, long double wanted) {
  const double rounded = static_cast<double>(wanted);
  if (std::isnan(rounded)) return std::isnan(got) ? 0 : inf;
  if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : inf;
  const double a = std::fabs(rounded);
  const double ulp = std::max(std::nextafter(a, inf) - a, 0x1p-1074);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - wanted) / static_cast<long double>(ulp));
}

double draw(std::mt19937_64& random, const Range& range) {
  std::uniform_real_distribution<double> unit(0, 1);
  if (range.spread == Range::Spread::Linear) return range.low + (range.high - range.low) * unit(random);
  return std::exp2(std::log2(range.low) + (std::log2(range.high) - std::log2(range.low)) * unit(random));
}

const std::vector<double> edges = {0.0,
                                   -0.0,
                                   1.0,
                                   -1.0,
                                   0.5,
                                   -0.5,
                                   2.0,
                                   3.0,
                                   -2.0,
                                   -3.0,
                                   0.1,
                                   inf,
                                   -inf,
                                   nan_value,
                                   0x1p-1074,
                                   -0x1p-1074,
                                   0x1p-1022,
                                   0x1.fffffffffffffp1023,
                                   -0x1.fffffffffffffp1023,
                                   0x1p52,
                                   0x1p53,
                                   -0x1p53,
                                   0x1p-54,
                                   0x1.0000000000001p0,
                                   0x1.fffffffffffffp-1,
                                   709.782712893384,
                                   709.7827128933841,
                                   -745.1332191019411,
                                   -745.2,
                                   -708.4,
                                   1e6,
                                   1000001.5,
                                   1e22,
                                   0x1.921fb54442d18p0,
                                   0x1.921fb54442d18p-1,
                                   0x1.921fb54442d18p1,
                                   0x1.6ac5b262ca1ffp849,
                                   1e300,
                                   1e-300,
                                   0.9,
                                   1.5,
                                   -1.5,
                                   0.49999999999999994,
                                   0.625,
                                   0.34657359027997264,
                                   22.5,
                                   -37.5,
                                   710.4,
                                   1e-10,
                                   4503599627370497.5,
                                   2.5,
                                   -2.5,
                                   0.7071067811865476};

std::uint64_t bits_of(double x) { return std::isnan(x) ? 0x7ff8000000000000u : std::bit_cast<std::uint64_t>(x); }

#define SIM_BOTH(f) [](double x) { return sim::f(x); }, [](sim::Pack x) { return sim::f(x); }
#define SIM_BOTH2(f) \
  [](double x, double y) { return sim::f(x, y); }, [](sim::Pack x, sim::Pack y) { return sim::f(x, y); }

const std::vector<Function>& functions() {
  static const std::vector<Function> all = {
      {"exp", SIM_BOTH(exp), std::exp, {{-1, 1}, {-708, 709.7}, {-745, -708}, {0x1p-60, 1, logarithmic}}},
      {"exp2", SIM_BOTH(exp2), std::exp2, {{-1, 1}, {-1021, 1023.9}, {-1074, -1022}}},
      {"expm1", SIM_BOTH(expm1), std::expm1, {{-1, 1}, {-60, 709}, {0x1p-70, 1, logarithmic}}},
      {"log", SIM_BOTH(log), std::log, {{0.5, 2}, {0.99, 1.01}, {0x1p-1074, 0x1p1023, logarithmic}}},
      {"log1p", SIM_BOTH(log1p), std::log1p, {{-0.999, 2}, {0x1p-80, 1e3, logarithmic}, {-1e-3, 1e-3}}},
      {"log2", SIM_BOTH(log2), std::log2, {{0.5, 2}, {0.999, 1.001}, {0x1p-1074, 0x1p1023, logarithmic}}},
      {"log10", SIM_BOTH(log10), std::log10, {{0.5, 2}, {0.999, 1.001}, {0x1p-1074, 0x1p1023, logarithmic}}},
      {"sin",
       SIM_BOTH(sin),
       std::sin,
       {{-7, 7}, {-1e3, 1e3}, {-1e6, 1e6}, {1e5, 0x1p1023, logarithmic}, {1e-30, 1, logarithmic}}},
      {"cos", SIM_BOTH(cos), std::cos, {{-7, 7}, {-1e3, 1e3}, {-1e6, 1e6}, {1e5, 0x1p1023, logarithmic}}},
      {"tan",
       SIM_BOTH(tan),
       std::tan,
       {{-7, 7}, {-1e3, 1e3}, {-1e6, 1e6}, {1e5, 0x1p1023, logarithmic}, {1e-30, 1, logarithmic}}},
      {"asin", SIM_BOTH(asin), std::asin, {{-1, 1}, {0.999, 1}, {1e-30, 1, logarithmic}}},
      {"acos", SIM_BOTH(acos), std::acos, {{-1, 1}, {0.999, 1}, {-1, -0.999}, {-1e-9, 1e-9}}},
      {"atan", SIM_BOTH(atan), std::atan, {{-3, 3}, {1e-30, 1e30, logarithmic}}},
      {"sinh", SIM_BOTH(sinh), std::sinh, {{-3, 3}, {-710, 710}, {1e-30, 1, logarithmic}}},
      {"cosh", SIM_BOTH(cosh), std::cosh, {{-3, 3}, {-710, 710}}},
      {"tanh", SIM_BOTH(tanh), std::tanh, {{-3, 3}, {-30, 30}, {1e-30, 1, logarithmic}}},
      {"sqrt", SIM_BOTH(sqrt), std::sqrt, {{0, 2}, {0x1p-1074, 0x1p1023, logarithmic}}, 0.5},
      {"floor", SIM_BOTH(floor), std::floor, {{-3, 3}, {-1e9, 1e9}, {0x1p50, 0x1p54, logarithmic}}, 0},
      {"ceil", SIM_BOTH(ceil), std::ceil, {{-3, 3}, {-1e9, 1e9}, {0x1p50, 0x1p54, logarithmic}}, 0},
      {"trunc", SIM_BOTH(trunc), std::trunc, {{-3, 3}, {-1e9, 1e9}, {0x1p50, 0x1p54, logarithmic}}, 0},
      {"round", SIM_BOTH(round), std::round, {{-3, 3}, {-1e9, 1e9}, {0x1p50, 0x1p54, logarithmic}}, 0},
      {"abs", SIM_BOTH(abs), std::fabs, {{-3, 3}}, 0},
  };
  return all;
}
const std::vector<Function2>& functions2() {
  const Range wide{1e-300, 1e300, logarithmic};
  static const std::vector<Function2> all = {
      {"pow",
       SIM_BOTH2(pow),
       std::pow,
       {{{0.1, 10}, {-10, 10}},
        {{0.9, 1.1}, {-7000, 7000}},
        {wide, {-1.02, 1.02}},
        {{0.999999, 1.000001}, {-7e8, 7e8}}}},
      {"atan2",
       SIM_BOTH2(atan2),
       std::atan2,
       {{{-1, 1}, {-1, 1}}, {wide, wide}, {{-1, 1}, {-1e-3, 1e-3}}, {{1e-3, 1}, {-1, 0}}}},
      {"hypot", SIM_BOTH2(hypot), std::hypot, {{{-1, 1}, {-1, 1}}, {wide, wide}, {{1e300, 1e307}, {1e300, 1e307}}}},
  };
  return all;
}

constexpr int draws = 100'000;

class Math : public testing::TestWithParam<Function> {};
class Math2 : public testing::TestWithParam<Function2> {};

TEST_P(Math, StaysWithinItsErrorOfAWideReference) {
  const Function& f = GetParam();
  std::mt19937_64 random(7);
  double worst = 0, at = 0;
  const auto check = [&](double x) {
    const double error = ulp_error(f.scalar(x), f.reference(static_cast<long double>(x)));
    if (error > worst) worst = error, at = x;
  };
  for (const Range& range : f.ranges) {
    for (int i = 0; i < draws; ++i) check(draw(random, range));
  }
  RecordProperty("worst_ulp", std::to_string(worst));
  for (double x : edges) check(x);
  EXPECT_LE(worst, f.allowed_ulp) << f.name << " at " << std::hexfloat << at << ": " << f.scalar(at) << " for "
                                  << static_cast<double>(f.reference(static_cast<long double>(at)));
}

TEST_P(Math, GivesAPackTheBitsOfAScalar) {
  const Function& f = GetParam();
  std::mt19937_64 random(8);
  const auto check = [&](const double(&x)[4]) {
    double y[4];
    sim::store(y, f.pack(sim::load<sim::Pack>(x)));
    for (int k = 0; k < 4; ++k) ASSERT_EQ(bits_of(y[k]), bits_of(f.scalar(x[k]))) << f.name << std::hexfloat << x[k];
  };
  for (const Range& range : f.ranges) {
    for (int i = 0; i < draws / 4; ++i) {
      check({draw(random, range), draw(random, range), draw(random, range), draw(random, range)});
    }
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    check({edges[i], 0.3, edges[(i + 5) % edges.size()], edges[(i + 11) % edges.size()]});
  }
}

TEST_P(Math2, StaysWithinItsErrorOfAWideReference) {
  const Function2& f = GetParam();
  std::mt19937_64 random(9);
  double worst = 0, at_x = 0, at_y = 0;
  const auto check = [&](double x, double y) {
    const double error =
        ulp_error(f.scalar(x, y), f.reference(static_cast<long double>(x), static_cast<long double>(y)));
    if (error > worst) worst = error, at_x = x, at_y = y;
  };
  for (const auto& [xs, ys] : f.ranges) {
    for (int i = 0; i < draws; ++i) check(draw(random, xs), draw(random, ys));
  }
  RecordProperty("worst_ulp", std::to_string(worst));
  for (double x : edges) {
    for (double y : edges) check(x, y);
  }
  EXPECT_LE(worst, 2) << f.name << " at " << std::hexfloat << at_x << ", " << at_y << ": " << f.scalar(at_x, at_y);
}

TEST_P(Math2, GivesAPackTheBitsOfAScalar) {
  const Function2& f = GetParam();
  std::mt19937_64 random(10);
  const auto check = [&](const double(&x)[4], const double(&y)[4]) {
    double z[4];
    sim::store(z, f.pack(sim::load<sim::Pack>(x), sim::load<sim::Pack>(y)));
    for (int k = 0; k < 4; ++k) {
      ASSERT_EQ(bits_of(z[k]), bits_of(f.scalar(x[k], y[k]))) << f.name << std::hexfloat << x[k] << "," << y[k];
    }
  };
  for (const auto& [xs, ys] : f.ranges) {
    for (int i = 0; i < draws / 4; ++i) {
      check({draw(random, xs), draw(random, xs), draw(random, xs), draw(random, xs)},
            {draw(random, ys), draw(random, ys), draw(random, ys), draw(random, ys)});
    }
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (double y : edges) check({edges[i], 0.3, 0.7, edges[(i + 5) % edges.size()]}, {y, y, 2.5, y});
  }
}

const auto name_of = [](const auto& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Functions, Math, testing::ValuesIn(functions()), name_of);
INSTANTIATE_TEST_SUITE_P(Functions, Math2, testing::ValuesIn(functions2()), name_of);

TEST(Pack, ComparesAndSelectsLaneByLane) {
  const double a[4] = {1, 2, nan_value, -0.0}, b[4] = {2, 2, 1, 0.0};
  const auto x = sim::load<sim::Pack>(a), y = sim::load<sim::Pack>(b);
  double out[4];
  sim::store(out, sim::select(x < y, 10.0, sim::select(x == y, 20.0, 30.0)));
  EXPECT_EQ(std::vector<double>(out, out + 4), (std::vector<double>{10, 20, 30, 20}));
  EXPECT_TRUE(sim::any(x < y));
  EXPECT_FALSE(sim::all(x < y));
  EXPECT_TRUE(sim::all((x <= y) | (x != x)));
  EXPECT_FALSE(sim::any((x < y) & (!(x < y))));
}

TEST(Pack, MinimumAndMaximumTakeTheSecondWhereOneIsNotANumber) {
  EXPECT_EQ(sim::min(nan_value, 3.0), 3.0);
  EXPECT_TRUE(std::isnan(sim::max(3.0, nan_value)));
  EXPECT_TRUE(std::isnan(sim::clamp(nan_value, 0, 1)));
  EXPECT_EQ(sim::clamp(-2.0, 0, 1), 0.0);
  EXPECT_EQ(sim::lane_of(sim::max(sim::Pack(nan_value), sim::Pack(3.0)), 2), 3.0);
}

TEST(Pack, WrapsAPhaseIntoItsPeriod) {
  for (double x : {-7.3, -0.5, 0.0, 0.5, 123.25}) {
    const double w = sim::wrap(x, 2 * sim::pi);
    EXPECT_GE(w, 0);
    EXPECT_LT(w, 2 * sim::pi);
    EXPECT_NEAR(std::sin(w), std::sin(x), 1e-13);
    EXPECT_EQ(w, sim::lane_of(sim::wrap(sim::Pack(x), 2 * sim::pi), 3));
  }
}

}  // namespace
