// Reads out of frames: when they may be used, and that a write that was acknowledged shows.
#include <host/telemetry/reader.hpp>

#include <gtest/gtest.h>

#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::telemetry {
namespace {

struct ReaderRig : PumpRig {
  Reader reader{*registry, pump};

  Result<session::ReadResult> get(const session::SessionPointer& s, std::vector<std::uint32_t> ids,
                                  std::vector<std::uint32_t> lanes = {}) {
    return support::await<session::ReadResult>([&](auto done) { reader.read(s, {ids, lanes}, done); });
  }
  // Reads until the columns are published.
  bool warm(const session::SessionPointer& s, const std::vector<std::uint32_t>& ids) {
    return get(s, ids) && until([&] { return read_frame(*s, {ids, tiles_of({}, s->lanes())}).has_value(); });
  }
};

TEST(Reader, LeavesWhatWasReadWantedForASecond) {
  ReaderRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":3})").value();
  ASSERT_TRUE(rig.advance(s, 4));
  EXPECT_EQ(s->tap(), nullptr);
  ASSERT_TRUE(rig.warm(s, {support::seen_id}));
  const auto frame = read_frame(*s, {{support::seen_id}, {{1, 2}}});
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->tick, 4U);
  EXPECT_EQ(frame->values, (std::vector<double>{4, 4}));
  EXPECT_TRUE(rig.until([&] { return s->tap() == nullptr; }));
}

TEST(Reader, AnswersASessionThatStandsWithItsPresentTick) {
  ReaderRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.warm(s, {support::sum_id, support::rate_id}));
  for (std::uint64_t n = 1; n < 50; ++n) {
    ASSERT_TRUE(rig.advance(s, 1));
    ASSERT_TRUE(rig.write(s, R"({"values":{"rate":)" + std::to_string(n) + "}}"));
    const auto got = rig.get(s, {support::rate_id}).value();
    EXPECT_EQ(got.tick, n);
    EXPECT_EQ(got.values[0], static_cast<double>(n));
  }
}

TEST(Reader, ShowsAnAcknowledgedWriteOfARunningSession) {
  ReaderRig rig;
  for (const auto* body : {R"({"model":"counter"})", R"({"model":"counter","step_s":5})",
                           R"({"model":"counter","pace":{"mode":"free"}})"}) {
    const auto s = rig.create(body).value();
    ASSERT_TRUE(rig.get(s, {support::rate_id}));
    for (int n = 2; n < 30; ++n) {
      const auto applied = rig.write(s, R"({"values":{"rate":)" + std::to_string(n) + "}}").value();
      const auto got = rig.get(s, {support::rate_id}).value();
      EXPECT_GE(got.tick, applied.tick);
      EXPECT_EQ(got.values[0], n) << body;
    }
  }
}

TEST(RecentWishes, LetOneThroughPerQuarterOfASecond) {
  RecentWishes wishes;
  const Selection one{{1, 2}, {{0, 3}}}, other{{1}, {{0, 3}}};
  constexpr std::int64_t ms = 1'000'000, start = 5'000 * ms;
  EXPECT_TRUE(wishes.is_new(7, one, start));
  EXPECT_FALSE(wishes.is_new(7, one, start + 249 * ms));
  EXPECT_TRUE(wishes.is_new(8, one, start));
  EXPECT_TRUE(wishes.is_new(7, other, start));
  EXPECT_TRUE(wishes.is_new(7, one, start + 251 * ms));
}

TEST(Reader, SaysSoWhenTheSessionIsGone) {
  ReaderRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.warm(s, {support::sum_id}));
  ASSERT_TRUE(rig.remove(s));
  EXPECT_EQ(rig.get(s, {support::sum_id}).error().code, "not_found");
}

}  // namespace
}  // namespace simhost::telemetry
