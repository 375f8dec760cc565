// Frames: what is copied, when, and what a late reader sees.
#include <host/engine/tap.hpp>

#include <gtest/gtest.h>

#include <tests/support/counter_model.hpp>

namespace simhost::engine {
namespace {

struct Rig {
  std::shared_ptr<const StepModel> model = support::make_counter_model();
  Block a{model, 8, 1'000'000}, b{model, 8, 1'000'000};
  Track track;
  Rig() {
    track.parts = {{&a, 2, 4, 0}, {&b, 0, 3, 4}};
    for (std::uint32_t k = 0; k < 8; ++k) {
      a.column(3)[k] = 100 + k;
      b.column(3)[k] = 200 + k;
    }
  }
  void beat(Tap& tap, std::uint64_t tick) const {
    tap.begin(tick);
    for (const Block* block : {&a, &b})
      for (TapPart* p = block->taps; p != nullptr; p = p->next) tap.copy(*p);
    tap.end(tick, static_cast<double>(tick) * 1e-3, 0);
  }
};

TEST(Tap, CopiesTheWantedLanesOfEveryPart) {
  Rig rig;
  Tap tap({{support::sum_id}, {{3, 3}}, 1, 4});
  tap.place(rig.track);
  tap.attach(rig.track);
  rig.beat(tap, 1);
  Frame frame;
  ASSERT_TRUE(tap.read(0, frame));
  EXPECT_EQ(frame.tick, 1U);
  EXPECT_EQ(frame.values, (std::vector<double>{105, 200, 201}));
}

TEST(Tap, PublishesEveryKthTickOfTheSession) {
  Rig rig;
  Tap tap({{support::sum_id}, {{0, 1}}, 3, 4});
  tap.place(rig.track);
  tap.attach(rig.track);
  for (std::uint64_t tick = 1; tick <= 7; ++tick) rig.beat(tap, tick);
  EXPECT_EQ(tap.frames(), 2U);
  Frame frame;
  ASSERT_TRUE(tap.read(1, frame));
  EXPECT_EQ(frame.tick, 6U);
}

TEST(Tap, TellsALateReaderThatItsFrameIsGone) {
  Rig rig;
  Tap tap({{support::sum_id}, {{0, 1}}, 1, 4});
  tap.place(rig.track);
  tap.attach(rig.track);
  for (std::uint64_t tick = 1; tick <= 6; ++tick) rig.beat(tap, tick);
  Frame frame;
  EXPECT_FALSE(tap.read(1, frame));
  EXPECT_TRUE(tap.read(2, frame));
  EXPECT_FALSE(tap.read(6, frame));
}

TEST(Tap, IsFullWhenOneMoreFrameWouldCoverAnUnreadOne) {
  Rig rig;
  Tap tap({{support::sum_id}, {{0, 1}}, 1, 4, true});
  tap.place(rig.track);
  tap.attach(rig.track);
  for (std::uint64_t tick = 1; tick <= 4; ++tick) {
    EXPECT_FALSE(tap.full()) << tick;
    rig.beat(tap, tick);
  }
  EXPECT_TRUE(tap.full());
  tap.set_floor(1);
  EXPECT_FALSE(tap.full());
  rig.beat(tap, 5);
  EXPECT_TRUE(tap.full());
  Frame frame;
  for (std::uint64_t number = 1; number <= 4; ++number) EXPECT_TRUE(tap.read(number, frame)) << number;
  tap.set_floor(Tap::no_floor);
  EXPECT_FALSE(tap.full()) << "whoever read it is gone";
  EXPECT_FALSE(Tap({{support::sum_id}, {{0, 1}}, 1, 4}).full());
}

TEST(Tap, LeavesNoPartBehindWhenDetached) {
  Rig rig;
  Tap first({{support::sum_id}, {{0, 7}}, 1, 4}), second({{support::sum_id}, {{0, 2}}, 1, 4});
  for (Tap* tap : {&first, &second}) {
    tap->place(rig.track);
    tap->attach(rig.track);
  }
  first.detach();
  EXPECT_NE(rig.a.taps, nullptr);
  EXPECT_EQ(rig.b.taps, nullptr);
  second.detach();
  EXPECT_EQ(rig.a.taps, nullptr);
}

}  // namespace
}  // namespace simhost::engine
