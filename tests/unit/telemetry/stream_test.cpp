// Plugin streams: one encode per session, due frame and variant; joins, changes, endings, slow encoders, reloads.
#include <host/telemetry/stream_cursor.hpp>

#include <future>
#include <thread>

#include <gtest/gtest.h>

#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::telemetry {
namespace {

constexpr const char* manual = R"({"model":"counter","name":"bench","pace":{"mode":"manual"}})";

// Writes "<variant>:<tick>:<seen of lane 0>:<tick of prev or ->", and counts its calls.
class Echo : public StreamEncoder {
 public:
  explicit Echo(std::string mark = "") : mark_(std::move(mark)) {}
  void encode(const sim_view* prev, const sim_view& now, std::uint32_t variant, MessageList& out) override {
    ++calls;
    name = std::string(now.session.data, now.session.size);
    out.add(MessageKind::text, mark_ + std::to_string(variant) + ":" + std::to_string(now.tick) + ":" +
                                   std::to_string(static_cast<int>(now.value[0][0])) + ":" +
                                   (prev != nullptr ? std::to_string(prev->tick) : "-"));
  }
  void idle(std::uint32_t variant, MessageList& out) override {
    out.add(MessageKind::text, "idle" + std::to_string(variant));
  }
  std::atomic<int> calls{0};
  std::string name;

 private:
  std::string mark_;
};

StreamSpec each(std::int64_t period_ns) {
  StreamSpec spec;
  spec.vars = {support::seen_id};
  spec.period_ns = period_ns;
  spec.variants = 2;
  spec.sees = StreamSpec::Sees::each;
  return spec;
}

struct StreamRig : PumpRig {
  std::shared_ptr<Echo> echo = std::make_shared<Echo>();

  std::unique_ptr<Receiver> join(const StreamPointer& stream, const session::SessionPointer& s,
                                 std::uint32_t variant = 0) {
    auto client = pump.join(stream, variant);
    static_cast<void>(pump.follow(stream, client, s));  // refused where the stream has been closed meanwhile
    return std::make_unique<Receiver>(client);
  }
  static StreamClient& of(Receiver& receiver) { return static_cast<StreamClient&>(*receiver.client()); }
};

TEST(IsDue, HoldsAtEveryTickThatReachesAMultipleOfThePeriod) {
  std::vector<std::uint64_t> due;
  for (std::uint64_t tick = 0; tick < 25; ++tick)
    if (is_due(tick, 1'000'000, 10'000'000)) due.push_back(tick);
  EXPECT_EQ(due, (std::vector<std::uint64_t>{0, 10, 20}));
  due.clear();
  for (std::uint64_t tick = 0; tick < 12; ++tick)
    if (is_due(tick, 3'000'000, 10'000'000)) due.push_back(tick);
  EXPECT_EQ(due, (std::vector<std::uint64_t>{0, 4, 7, 10}));
  EXPECT_TRUE(is_due(17, 20'000'000, 10'000'000));
}

TEST(Stream, ShowsEachDueFrameToAllSocketsAlike) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
  auto a = rig.join(stream, s), b = rig.join(stream, s);
  EXPECT_EQ(a->text(), "0:0:0:-");
  EXPECT_EQ(b->text(), "0:0:0:-");
  ASSERT_TRUE(rig.advance(s, 35));
  for (const auto* text : {"0:10:10:0", "0:20:20:10", "0:30:30:20"}) {
    EXPECT_EQ(a->text(), text);
    EXPECT_EQ(b->text(), text);
  }
  EXPECT_EQ(rig.echo->calls, 4);
  EXPECT_EQ(rig.echo->name, "bench");
}

TEST(Stream, EncodesOncePerVariant) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
  auto a = rig.join(stream, s, 0), b = rig.join(stream, s, 1), c = rig.join(stream, s, 1);
  ASSERT_TRUE(rig.until([&] { return stream->count(s->handle()) == 3 && s->info().stats.clients == 3; }));
  ASSERT_TRUE(rig.advance(s, 10));
  const auto last = [](Receiver& r) {
    for (;;)
      if (const auto text = r.text(); text.find(":10:") != std::string::npos) return text;
  };
  EXPECT_EQ(last(*a).substr(0, 5), "0:10:");
  EXPECT_EQ(last(*b).substr(0, 5), "1:10:");
  EXPECT_EQ(last(*c).substr(0, 5), "1:10:");
  ASSERT_TRUE(stream->set_variant(StreamRig::of(*a), 1));
  EXPECT_FALSE(stream->set_variant(StreamRig::of(*a), 2));
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(a->text(), "1:20:20:10");
}

TEST(Stream, ShowsWhoComesBetweenTwoFramesTheOneBefore) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
  auto a = rig.join(stream, s);
  EXPECT_EQ(a->text(), "0:0:0:-");
  auto b = rig.join(stream, s, 1);
  EXPECT_EQ(b->text(), "1:0:0:-");
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(a->text(), "0:10:10:0");
  EXPECT_EQ(b->text(), "1:10:10:0");
}

TEST(Stream, IsFollowedOnceItsVariablesArePublished) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(1'000'000), rig.echo);
  auto a = rig.join(stream, s);
  std::promise<void> published;
  rig.pump.when_published(s, [&] { published.set_value(); });
  published.get_future().get();
  ASSERT_NE(s->tap(), nullptr);
  EXPECT_EQ(s->tap()->wanted().ids, std::vector{support::seen_id});
  std::promise<void> at_once;
  rig.pump.when_published(rig.create(R"({"model":"counter"})").value(), [&] { at_once.set_value(); });
  at_once.get_future().get();
}

TEST(Stream, ShowsTheNewestFrameAtEachPeriodOfWallTime) {
  StreamRig rig;
  auto spec = each(5'000'000);
  spec.sees = StreamSpec::Sees::newest;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(spec, rig.echo);
  auto a = rig.join(stream, s);
  EXPECT_EQ(a->text(), "0:0:0:-");
  ASSERT_TRUE(rig.advance(s, 7));
  EXPECT_EQ(a->text(), "0:7:7:0");
  auto late = rig.join(stream, s);
  EXPECT_EQ(late->text(), "0:7:7:-");
}

TEST(Stream, MovesAClientFromSessionToSession) {
  StreamRig rig;
  const auto first = rig.create(manual).value();
  const auto second = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.advance(second, 10));
  const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
  auto a = rig.join(stream, first);
  EXPECT_EQ(a->text(), "0:0:0:-");
  const auto client = std::static_pointer_cast<StreamClient>(a->client());
  ASSERT_TRUE(rig.pump.follow(stream, client, second));
  EXPECT_EQ(stream->followed(*client), second->handle());
  EXPECT_EQ(stream->count(first->handle()), 0U);
  EXPECT_EQ(a->text(), "0:10:10:-");
}

TEST(Stream, PushesToOneOrToAllOfASession) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(1'000'000'000'000), rig.echo);
  auto a = rig.join(stream, s), b = rig.join(stream, nullptr);
  EXPECT_EQ(a->text(), "0:0:0:-");
  const Plain hello{MessageKind::text, std::make_shared<const std::string>("hello")};
  ASSERT_TRUE(stream->push(StreamRig::of(*b), hello));
  stream->push_session(s->handle(), {MessageKind::text, std::make_shared<const std::string>("all")});
  EXPECT_EQ(a->text(), "all");
  EXPECT_EQ(b->text(), "hello");
  stream->close(StreamRig::of(*a), 4001, "bye");
  EXPECT_EQ(a->text(), "close 4001");
  EXPECT_EQ(stream->push(StreamRig::of(*a), hello).error().code, "wrong_state");
  EXPECT_FALSE(rig.pump.follow(stream, std::static_pointer_cast<StreamClient>(a->client()), s));
}

TEST(Stream, ClosesItsClientsWithTheirSession) {
  StreamRig rig;
  for (const bool by_stop : {false, true}) {
    const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
    const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
    auto a = rig.join(stream, s);
    EXPECT_EQ(a->text(), "0:0:0:-");
    ASSERT_TRUE(by_stop ? rig.control(s, session::Action::stop) : rig.remove(s));
    EXPECT_EQ(a->text(), "close 1000");
    rig.pump.leave(stream, std::static_pointer_cast<StreamClient>(a->client()));
  }
  EXPECT_EQ(rig.pump.counts().clients, 0U);
}

TEST(Stream, KeepsItsClientsWhereItFollows) {
  StreamRig rig;
  auto spec = each(10'000'000);
  spec.at_end = StreamSpec::AtEnd::follow;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(spec, rig.echo);
  auto a = rig.join(stream, s);
  EXPECT_EQ(a->text(), "0:0:0:-");
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(a->text(), "0:10:10:0");
  ASSERT_TRUE(rig.control(s, session::Action::stop));
  ASSERT_TRUE(rig.control(s, session::Action::reset));
  EXPECT_EQ(a->text(), "0:0:0:-");
  ASSERT_TRUE(rig.remove(s));
  ASSERT_TRUE(rig.until([&] { return stream->followed(StreamRig::of(*a)) == 0; }));
  ASSERT_TRUE(stream->push(StreamRig::of(*a), {MessageKind::text, std::make_shared<const std::string>("still here")}));
  EXPECT_EQ(a->text(), "still here");
}

TEST(Stream, SpeaksUpWhenNothingWasSentForAWhile) {
  StreamRig rig;
  auto spec = each(10'000'000);
  spec.idle_ns = 150'000'000;
  const auto stream = rig.pump.open_stream(spec, rig.echo);
  auto a = rig.join(stream, nullptr, 1);
  EXPECT_EQ(a->text(), "idle1");
  EXPECT_EQ(a->text(), "idle1");
}

// Takes 6 ms of a processor, however often it is interrupted.
class Slow final : public Echo {
  void encode(const sim_view* prev, const sim_view& now, std::uint32_t variant, MessageList& out) override {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(6);
    while (std::chrono::steady_clock::now() < end) {
    }
    Echo::encode(prev, now, variant, out);
  }
};

TEST(Stream, ClosesAfterThreeSlowEncodesAndIsMendedByAReload) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(1'000'000), std::make_shared<Slow>());
  auto a = rig.join(stream, s);
  EXPECT_EQ(a->text(), "0:0:0:-");
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(a->text(), "0:1:1:0");
  EXPECT_EQ(a->text(), "0:2:2:1");
  EXPECT_EQ(a->text(), "close 1011");
  EXPECT_EQ(rig.join(stream, s)->text(), "close 1011");
  rig.pump.exchange_stream(stream, {each(10'000'000), rig.echo, {0, 1}}, [] {});
  auto b = rig.join(stream, s);
  EXPECT_EQ(b->text(), "0:10:10:-");
}

TEST(Stream, CarriesItsClientsOverAReload) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
  auto a = rig.join(stream, s, 0), b = rig.join(stream, s, 1);
  EXPECT_EQ(a->text(), "0:0:0:-");
  EXPECT_EQ(b->text(), "1:0:0:-");
  auto spec = each(20'000'000);
  spec.variants = 1;
  std::promise<void> done;
  auto next = std::make_shared<Echo>("new ");
  rig.pump.exchange_stream(stream, {spec, next, {std::nullopt, 0}}, [&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_EQ(a->text(), "close 1012");
  EXPECT_EQ(b->text(), "new 0:0:0:-");
  const int before = rig.echo->calls;
  ASSERT_TRUE(rig.advance(s, 20));
  EXPECT_EQ(b->text(), "new 0:20:20:0");
  EXPECT_EQ(rig.echo->calls, before);
}

TEST(Stream, ClosesEveryoneWhenItIsTakenAway) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(each(10'000'000), rig.echo);
  auto a = rig.join(stream, s), b = rig.join(stream, nullptr);
  EXPECT_EQ(a->text(), "0:0:0:-");
  rig.pump.close_stream(stream, 1001, "the plugin is unloaded", [] {});
  EXPECT_EQ(a->text(), "close 1001");
  EXPECT_EQ(b->text(), "close 1001");
}

}  // namespace
}  // namespace simhost::telemetry
