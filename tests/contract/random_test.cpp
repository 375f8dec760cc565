/// Philox against its authors' known answers, and the numbers drawn from it.
#include <sim/cpp/random.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace {

using Words = sim::detail::PhiloxWords<double>;

void expect_words(const Words& got, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  EXPECT_EQ(got.c0, a);
  EXPECT_EQ(got.c1, b);
  EXPECT_EQ(got.c2, c);
  EXPECT_EQ(got.c3, d);
}

TEST(Philox, GivesTheKnownAnswersOfItsAuthors) {
  expect_words(sim::detail::philox<double>({0, 0, 0, 0}, 0, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  const std::uint64_t f = 0xffffffff;
  expect_words(sim::detail::philox<double>({f, f, f, f}, f, f), 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  expect_words(sim::detail::philox<double>({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
               0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
}

TEST(Random, GivesEachLaneOfAPackTheNumbersOfItsScalar) {
  const std::uint64_t seed[4] = {1, 0xfedcba9876543210u, 3, 4}, tick[4] = {7, 1u << 31, 0x123456789abcdefu, 0};
  const std::uint32_t lane[4] = {0, 1, 0xffffffffu, 9};
  using sim::detail::load_words;
  const sim::Random<sim::Pack> four(load_words<sim::Pack>(seed), load_words<sim::Pack>(lane),
                                    load_words<sim::Pack>(tick));
  for (std::uint32_t stream : {0u, 1u, 77u}) {
    for (std::uint32_t k = 0; k < 4; ++k) {
      const sim::Random<double> one(seed[k], lane[k], tick[k]);
      EXPECT_EQ(sim::lane_of(four.uniforms(stream).first, k), one.uniforms(stream).first);
      EXPECT_EQ(sim::lane_of(four.uniforms(stream).second, k), one.uniforms(stream).second);
      EXPECT_EQ(sim::lane_of(four.normals(stream).first, k), one.normals(stream).first);
      EXPECT_EQ(sim::lane_of(four.normals(stream).second, k), one.normals(stream).second);
    }
  }
}

TEST(Random, GivesAnIndexOfOnesOwnTheNumbersOfThatTick) {
  for (const double index : {0.0, 1.0, 77.0, 0x1p40 + 3}) {
    const sim::Random<double> random(5, 2, 123456);
    const sim::Random<double> same(5, 2, static_cast<std::uint64_t>(index));
    EXPECT_EQ(random.at(index).uniform(3), same.uniform(3));
    EXPECT_EQ(random.at(index).normals(1).second, same.normals(1).second);
  }
  const std::uint64_t seed[4] = {1, 2, 3, 4}, tick[4] = {9, 9, 9, 9};
  const std::uint32_t lane[4] = {0, 1, 2, 3};
  using sim::detail::load_words;
  const sim::Random<sim::Pack> four(load_words<sim::Pack>(seed), load_words<sim::Pack>(lane),
                                    load_words<sim::Pack>(tick));
  const double at[4] = {0, 5, 1e9, 0x1p51};
  const auto numbers = four.at(sim::load<sim::Pack>(at)).uniform(0);
  for (std::uint32_t k = 0; k < 4; ++k)
    EXPECT_EQ(sim::lane_of(numbers, k), sim::Random<double>(seed[k], lane[k], 0).at(at[k]).uniform(0));
}

TEST(Random, DiffersWithEachPartOfItsKey) {
  std::set<double> seen;
  for (std::uint64_t seed : {1u, 2u}) {
    for (std::uint64_t lane : {0u, 1u}) {
      for (std::uint64_t tick : {0u, 1u}) {
        for (std::uint32_t stream : {0u, 1u}) seen.insert(sim::Random<double>(seed, lane, tick).uniform(stream));
      }
    }
  }
  EXPECT_EQ(seen.size(), 16u);
}

TEST(Random, HasTheMomentsOfItsDistributions) {
  constexpr int n = 200'000;
  double uniform_sum = 0, normal_sum = 0, normal_square = 0, normal_fourth = 0, product = 0;
  for (std::uint64_t tick = 0; tick < n; ++tick) {
    const sim::Random<double> random(42, 3, tick);
    const double u = random.uniform(0);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    uniform_sum += u;
    const auto [a, b] = random.normals(1);
    normal_sum += a;
    normal_square += a * a;
    normal_fourth += a * a * a * a;
    product += a * b;
  }
  const double tolerance = 5 / std::sqrt(n);
  EXPECT_NEAR(uniform_sum / n, 0.5, 0.29 * tolerance);
  EXPECT_NEAR(normal_sum / n, 0, tolerance);
  EXPECT_NEAR(normal_square / n, 1, 1.5 * tolerance);
  EXPECT_NEAR(normal_fourth / n, 3, 10 * tolerance);
  EXPECT_NEAR(product / n, 0, tolerance);
}

}  // namespace
