// What one reader of a session finds in a frame is told to its plugin streams: after that frame, to each variant.
#include <future>

#include <gtest/gtest.h>

#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::telemetry {
namespace {

constexpr const char* manual = R"({"model":"counter","name":"bench","pace":{"mode":"manual"}})";

// Writes "tick <n>", and of what it is told "<variant> <content> at <tick>".
class Scribe final : public StreamEncoder {
 public:
  void encode(const sim_view*, const sim_view& now, std::uint32_t, MessageList& out) override {
    out.add(MessageKind::text, "tick " + std::to_string(now.tick));
  }
  void idle(std::uint32_t, MessageList&) override {}
  void notice(const sim_view& now, const Notice& notice, std::uint32_t variant, MessageList& out) override {
    out.add(MessageKind::text, std::to_string(variant) + " " + notice.owner + " " + notice.content->string() + " at " +
                                   std::to_string(now.tick));
  }
};

// Finds something in each frame.
class Finder final : public Cursor {
 public:
  Finder() : Cursor({{{support::seen_id}, tiles_of({}, 1)}, Reads::every, 1, Loss::none}) {}
  [[nodiscard]] std::int64_t due_ns() const override { return INT64_MAX; }
  void take(const Sample& sample) override {
    tell({{"me", std::make_shared<const Value>("found " + std::to_string(sample.tick))}});
  }
  void serve(std::int64_t, const Newest&) override {}
  After end(Ending) override { return After::gone; }
};

// Writes down the ticks it is given.
class Diary final : public Cursor {
 public:
  explicit Diary(std::shared_ptr<std::vector<std::uint64_t>> ticks)
      : Cursor({{{support::seen_id}, tiles_of({}, 1)}, Reads::every, 1, Loss::none}), ticks_(std::move(ticks)) {}
  [[nodiscard]] std::int64_t due_ns() const override { return INT64_MAX; }
  void take(const Sample& sample) override { ticks_->push_back(sample.tick); }
  void serve(std::int64_t, const Newest&) override {}
  After end(Ending) override { return After::gone; }

 private:
  std::shared_ptr<std::vector<std::uint64_t>> ticks_;
};

struct NoticeRig : PumpRig {
  session::SessionPointer s = create(manual).value();

  void add_finder() {
    std::promise<Outcome> added;
    pump.add(s, std::make_unique<Finder>(), [&](const Outcome& outcome) { added.set_value(outcome); });
    EXPECT_TRUE(added.get_future().get());
  }
  StreamPointer open() {
    StreamSpec spec;
    spec.vars = {support::seen_id};
    spec.period_ns = 1'000'000;
    spec.variants = 2;
    spec.sees = StreamSpec::Sees::each;
    return pump.open_stream(spec, std::make_shared<Scribe>());
  }
  std::unique_ptr<Receiver> join(const StreamPointer& stream, std::uint32_t variant) {
    auto client = pump.join(stream, variant);
    EXPECT_TRUE(pump.follow(stream, client, s));
    return std::make_unique<Receiver>(client);
  }
};

TEST(Notices, FollowTheirFramesAndThoseOfTheFirstOneComeAfterTheSecond) {
  for (const bool finder_first : {true, false}) {
    NoticeRig rig;
    const auto stream = rig.open();
    if (finder_first) rig.add_finder();
    auto one = rig.join(stream, 0), two = rig.join(stream, 1);
    EXPECT_EQ(one->text(), "tick 0");
    EXPECT_EQ(two->text(), "tick 0");
    if (!finder_first) rig.add_finder();
    ASSERT_TRUE(rig.until([&] { return rig.s->tap() != nullptr && rig.s->tap()->wanted().lossless; }));
    ASSERT_TRUE(rig.advance(rig.s, 2));
    for (const auto& [receiver, variant] : {std::pair{one.get(), "0"}, std::pair{two.get(), "1"}}) {
      const std::string me = std::string(variant) + " me found ";
      EXPECT_EQ(receiver->text(), "tick 1");
      std::string notice = receiver->text();
      const bool told_nobody = finder_first && notice != me + "0 at 1";  // it may have looked before they were there
      if (!told_nobody) {
        EXPECT_EQ(notice, me + "0 at 1");
        notice = receiver->text();
      }
      EXPECT_EQ(notice, me + "1 at 1");
      EXPECT_EQ(receiver->text(), "tick 2");
      EXPECT_EQ(receiver->text(), me + "2 at 2");
    }
  }
}

TEST(Readers, OfEachFrameBeginWithThePresentOneThoughOthersWereThereBefore) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  const auto read_and_leave = [&](std::uint64_t ticks_more) {
    auto ticks = std::make_shared<std::vector<std::uint64_t>>();
    auto diary = std::make_unique<Diary>(ticks);
    const Cursor* const cursor = diary.get();
    std::promise<void> added, published, dropped;
    rig.pump.add(s, std::move(diary), [&](const Outcome&) { added.set_value(); });
    added.get_future().get();
    rig.pump.when_published(s, [&] { published.set_value(); });
    published.get_future().get();
    EXPECT_TRUE(rig.advance(s, ticks_more));
    rig.pump.remove(s, cursor, [&] { dropped.set_value(); });
    dropped.get_future().get();
    return *ticks;
  };
  EXPECT_EQ(read_and_leave(2), (std::vector<std::uint64_t>{0, 1, 2}));
  ASSERT_TRUE(rig.advance(s, 20));
  EXPECT_EQ(read_and_leave(2), (std::vector<std::uint64_t>{22, 23, 24}));
}

TEST(Notices, OfAllTicksAreThereOnceThePumpHasCaughtUp) {
  NoticeRig rig;
  const auto stream = rig.open();
  rig.add_finder();
  auto one = rig.join(stream, 0);
  EXPECT_EQ(one->text(), "tick 0");
  ASSERT_TRUE(rig.advance(rig.s, 3));
  std::promise<void> done;
  rig.pump.catch_up(rig.s, [&] { done.set_value(); });
  done.get_future().get();
  std::string last;
  for (int i = 0; i < 7; ++i) last = one->text();  // three frames, four notices
  EXPECT_EQ(last, "0 me found 3 at 3");
}

}  // namespace
}  // namespace simhost::telemetry
