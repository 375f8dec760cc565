// A reader that may miss nothing: sessions without a clock wait for it, those of real time do not, sockets never count.
#include <gtest/gtest.h>

#include <host/telemetry/reader.hpp>
#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::telemetry {
namespace {

using session::Action;

// What a recorder is to the pump: takes every frame while it has room, keeps the ticks and what it was told of losses.
struct Notes {
  std::mutex mutex;
  std::vector<std::uint64_t> ticks;
  std::vector<double> sums;
  std::uint64_t lost = 0;
  bool ended = false;
  std::atomic<std::size_t> room{0};
  std::atomic<bool> holds_pump{false};

  std::size_t count() {
    const std::lock_guard lock(mutex);
    return ticks.size();
  }
};

class Recorder final : public Cursor {
 public:
  Recorder(std::shared_ptr<Notes> notes, std::uint32_t lanes)
      : Cursor({{{support::sum_id}, tiles_of({}, lanes)}, Reads::every, 1, Loss::none}), notes_(std::move(notes)) {}

  [[nodiscard]] bool has_room() const override {
    notes_->holds_pump.wait(true);
    return notes_->room.load() > 0;
  }
  [[nodiscard]] std::int64_t due_ns() const override { return std::numeric_limits<std::int64_t>::max(); }
  void take(const Sample& sample) override {
    const std::lock_guard lock(notes_->mutex);
    if (notes_->room > 0) --notes_->room;
    notes_->lost += sample.lost;
    notes_->ticks.push_back(sample.tick);
    notes_->sums.push_back(sample.values[0]);
  }
  void serve(std::int64_t, const Newest&) override {}
  After end(Ending) override {
    const std::lock_guard lock(notes_->mutex);
    notes_->ended = true;
    return After::gone;
  }

 private:
  std::shared_ptr<Notes> notes_;
};

constexpr const char* free_pace = R"({"model":"counter","pace":{"mode":"free"},"start":false})";

struct LosslessRig : PumpRig {
  std::shared_ptr<Notes> notes = std::make_shared<Notes>();
  const Cursor* cursor = nullptr;

  Outcome record(const session::SessionPointer& s) {
    auto recorder = std::make_unique<Recorder>(notes, s->lanes());
    cursor = recorder.get();
    Outcome outcome;
    static_cast<void>(support::await<session::Nothing>([&](auto done) {
      pump.add(s, std::move(recorder), [&outcome, done](const Outcome& answered) {
        outcome = answered;
        done(session::Nothing{});
      });
    }));
    return outcome;
  }
  void forget(const session::SessionPointer& s) {
    static_cast<void>(support::await<session::Nothing>(
        [&](auto done) { pump.remove(s, cursor, [done] { done(session::Nothing{}); }); }));
  }
  // Its ring is full: it takes no step until there is room.
  static bool stands_still(const session::SessionPointer& s) {
    return until([&] { return s->tap()->full(); });
  }
  // Makes a session whose reader has it wait.
  void fill(session::SessionPointer& s) {
    s = create(free_pace).value();
    ASSERT_TRUE(record(s));
    ASSERT_TRUE(until([&] { return s->tap() != nullptr; }));
    ASSERT_TRUE(control(s, Action::resume));
    ASSERT_TRUE(stands_still(s));
  }
  // The pump has gone round that often.
  void turn(const Receiver& socket, int times) {
    for (int i = 0; i < times; ++i) static_cast<void>(unsubscribe(socket, 99));
  }
  void expect_no_hole() {
    const std::lock_guard lock(notes->mutex);
    EXPECT_EQ(notes->lost, 0U);
    for (std::size_t i = 0; i < notes->ticks.size(); ++i) {
      ASSERT_EQ(notes->ticks[i], notes->ticks[0] + i);
      ASSERT_NEAR(notes->sums[i], static_cast<double>(notes->ticks[i]) * 1e-3, 1e-6);
    }
  }
};

TEST(Lossless, AFreeSessionWaitsForItsReaderAndGoesOnWhenThereIsRoom) {
  LosslessRig rig;
  session::SessionPointer s;
  ASSERT_NO_FATAL_FAILURE(rig.fill(s));
  EXPECT_EQ(s->state(), session::State::running);
  const auto most = burst_ring_slots - s->tap()->reserve();
  EXPECT_EQ(s->tick(), most - 1) << "the ring is full: the frame of tick 0, and one of each tick";
  EXPECT_EQ(rig.notes->count(), 0U);
  rig.notes->room = 100;
  ASSERT_TRUE(LosslessRig::until([&] { return rig.notes->count() == 100; }));
  ASSERT_TRUE(LosslessRig::until([&] { return s->tick() == most + 99; }));
  rig.notes->room = 1'000'000'000;
  ASSERT_TRUE(LosslessRig::until([&] { return rig.notes->count() > 200'000; }));
  rig.expect_no_hole();
}

TEST(Lossless, NothingIsLostWhereASessionThatWaitsIsSetToRealTime) {
  LosslessRig rig;
  rig.notes->room = 1;  // it has begun
  session::SessionPointer s;
  ASSERT_NO_FATAL_FAILURE(rig.fill(s));
  const auto at = s->tick();
  rig.notes->holds_pump = true;  // it is late
  EXPECT_TRUE(rig.patch(s, R"({"pace":{"mode":"realtime"}})"));
  EXPECT_TRUE(LosslessRig::until([&] { return s->tick() > at + 50; }));
  rig.notes->holds_pump = false;
  rig.notes->holds_pump.notify_all();
  ASSERT_TRUE(LosslessRig::until([&] { return rig.notes->count() > at + 100; }));
  rig.expect_no_hole();
}

TEST(Lossless, AStepWaitsForTheReader) {
  LosslessRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  rig.notes->room = 1'000'000'000;
  ASSERT_TRUE(rig.record(s));
  ASSERT_TRUE(rig.advance(s, 100'000));
  EXPECT_EQ(s->tick(), 100'000U);
  ASSERT_TRUE(LosslessRig::until([&] { return rig.notes->count() == 100'001; }));
  rig.expect_no_hole();
}

TEST(Lossless, RequestsAreServedWhileItWaits) {
  LosslessRig rig;
  session::SessionPointer s;
  ASSERT_NO_FATAL_FAILURE(rig.fill(s));
  const auto at = s->tick();
  EXPECT_EQ(rig.write(s, R"({"values":{"rate":1}})")->tick, at);
  EXPECT_EQ(rig.read(s, {support::sum_id})->tick, at);
  ASSERT_TRUE(rig.control(s, Action::pause));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":2}})"));
  EXPECT_EQ(rig.read(s, {support::rate_id})->values[0], 2);
  EXPECT_FALSE(read_frame(*s, {{support::sum_id}, {{0, 1}}})) << "the newest frame is older than the write";
  rig.notes->room = 1'000'000'000;
  ASSERT_TRUE(LosslessRig::until([&] { return read_frame(*s, {{support::sum_id}, {{0, 1}}}).has_value(); }));
  EXPECT_EQ(s->tick(), at);
}

TEST(Lossless, NobodyWaitsForAReaderThatIsGone) {
  LosslessRig rig;
  session::SessionPointer s;
  ASSERT_NO_FATAL_FAILURE(rig.fill(s));
  rig.forget(s);
  EXPECT_TRUE(LosslessRig::until([&] { return s->tick() > 2 * burst_ring_slots; }));
}

TEST(Lossless, RealTimeDoesNotWait) {
  LosslessRig rig;
  const auto s = rig.create(R"({"model":"counter"})").value();
  ASSERT_TRUE(rig.record(s));
  EXPECT_TRUE(LosslessRig::until([&] { return s->tick() > 500; })) << "twice its ring";
  EXPECT_GT(rig.notes->count(), 0U) << "and its reader is given what comes, room or not";
}

TEST(Lossless, NoSocketIsWaitedFor) {
  LosslessRig rig;
  const auto s = rig.create(free_pace).value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, Mode::all, 50)));
  ASSERT_TRUE(rig.control(s, Action::resume));
  EXPECT_TRUE(LosslessRig::until([&] { return s->tick() > 10 * burst_ring_slots; }));
}

TEST(Lossless, TheEndComesAfterTheLastFrame) {
  LosslessRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"free"},"start":false,"stop_at_s":10})").value();
  ASSERT_TRUE(rig.record(s));
  ASSERT_TRUE(LosslessRig::until([&] { return s->tap() != nullptr; }));
  ASSERT_TRUE(rig.control(s, Action::resume));
  ASSERT_TRUE(LosslessRig::until([&] { return s->state() == session::State::stopped; }));
  rig.turn(Receiver(rig.pump.open()), 20);
  EXPECT_FALSE(rig.notes->ended) << "it has had nothing yet";
  rig.notes->room = 1'000'000'000;
  ASSERT_TRUE(LosslessRig::until([&] {
    const std::lock_guard lock(rig.notes->mutex);
    return rig.notes->ended;
  }));
  EXPECT_EQ(rig.notes->ticks.back(), 10'000U);
  EXPECT_EQ(rig.notes->count(), 10'001U);
  rig.expect_no_hole();
}

}  // namespace
}  // namespace simhost::telemetry
