// What a plugin stream says when its session ends: to each variant, after the last frame and before the close.
#include <gmock/gmock.h>

#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::telemetry {
namespace {

using testing::StartsWith;

constexpr const char* manual = R"({"model":"counter","name":"bench","pace":{"mode":"manual"}})";

// Writes "end <variant> <state> <session> <reason code>".
class LastWords final : public StreamEncoder {
 public:
  void encode(const sim_view*, const sim_view& now, std::uint32_t, MessageList& out) override {
    out.add(MessageKind::text, "tick " + std::to_string(now.tick));
  }
  void idle(std::uint32_t, MessageList&) override {}
  void ended(const sim_ending& ending, std::uint32_t variant, MessageList& out) override {
    EXPECT_EQ(ending.size, sizeof(sim_ending));
    EXPECT_GT(ending.at_wall_ns, 0);
    const auto text = [](sim_text from) { return std::string(from.data == nullptr ? "" : from.data, from.size); };
    out.add(MessageKind::text, "end " + std::to_string(variant) + " " + std::to_string(ending.state) + " " +
                                   text(ending.session) + " " + text(ending.reason_code));
    EXPECT_EQ(ending.reason_detail.size > 0, ending.state == SIM_STATE_FAILED);
  }
};

struct EndRig : PumpRig {
  StreamSpec spec(StreamSpec::AtEnd at_end) {
    StreamSpec made;
    made.vars = {support::seen_id};
    made.period_ns = 1'000'000;
    made.variants = 2;
    made.sees = StreamSpec::Sees::each;
    made.at_end = at_end;
    return made;
  }
  std::unique_ptr<Receiver> join(const StreamPointer& stream, const session::SessionPointer& s, std::uint32_t variant) {
    auto client = pump.join(stream, variant);
    EXPECT_TRUE(pump.follow(stream, client, s));
    return std::make_unique<Receiver>(client);
  }
  // What comes after the frames.
  static std::string words(Receiver& receiver) {
    std::string text = receiver.text();
    while (text.starts_with("tick")) text = receiver.text();
    return text;
  }
};

TEST(StreamEnd, IsToldToEachVariantWithTheReasonOfAFailure) {
  EndRig rig;
  const auto s = rig.create(manual).value();
  const auto stream = rig.pump.open_stream(rig.spec(StreamSpec::AtEnd::close), std::make_shared<LastWords>());
  auto one = rig.join(stream, s, 0), two = rig.join(stream, s, 1);
  ASSERT_TRUE(rig.write(s, R"({"values":{"fault":1}})"));
  ASSERT_TRUE(rig.advance(s, 1));
  ASSERT_TRUE(s->info().reason || rig.until([&] { return s->info().reason.has_value(); }));
  const std::string rest = " 16 bench " + s->info().reason->code;
  EXPECT_EQ(EndRig::words(*one), "end 0" + rest);
  EXPECT_EQ(EndRig::words(*two), "end 1" + rest);
  EXPECT_EQ(one->text(), "close 1000");
  EXPECT_EQ(two->text(), "close 1000");
}

TEST(StreamEnd, TellsStoppedFromDeleted) {
  EndRig rig;
  const auto stream = rig.pump.open_stream(rig.spec(StreamSpec::AtEnd::close), std::make_shared<LastWords>());
  const auto stopped = rig.create(manual).value();
  auto one = rig.join(stream, stopped, 0);
  EXPECT_EQ(one->text(), "tick 0");
  ASSERT_TRUE(rig.control(stopped, session::Action::stop));
  EXPECT_EQ(EndRig::words(*one), "end 0 8 bench ");
  EXPECT_EQ(one->text(), "close 1000");
  ASSERT_TRUE(rig.remove(stopped));

  const auto deleted = rig.create(manual).value();
  auto two = rig.join(stream, deleted, 0);
  EXPECT_EQ(two->text(), "tick 0");
  ASSERT_TRUE(rig.remove(deleted));
  EXPECT_EQ(EndRig::words(*two), "end 0 0 bench ");
  EXPECT_EQ(two->text(), "close 1000");
}

TEST(StreamEnd, IsToldToClientsThatStay) {
  EndRig rig;
  const auto stream = rig.pump.open_stream(rig.spec(StreamSpec::AtEnd::follow), std::make_shared<LastWords>());
  const auto s = rig.create(manual).value();
  auto one = rig.join(stream, s, 1);
  EXPECT_EQ(one->text(), "tick 0");
  ASSERT_TRUE(rig.control(s, session::Action::stop));
  EXPECT_EQ(EndRig::words(*one), "end 1 8 bench ");
  ASSERT_TRUE(rig.remove(s));
  EXPECT_THAT(EndRig::words(*one), StartsWith("end 1 0"));
}

class Goodbye final : public StreamEncoder {
 public:
  void encode(const sim_view*, const sim_view&, std::uint32_t, MessageList&) override {}
  void idle(std::uint32_t, MessageList&) override {}
  void ended(const sim_ending&, std::uint32_t variant, MessageList& out) override {
    out.add(MessageKind::text, "goodbye");
    if (variant == 1) out.close(4001, "go elsewhere");
  }
};

TEST(StreamEnd, LetsItsLastWordsCloseWhomTheyAreFor) {
  EndRig rig;
  const auto stream = rig.pump.open_stream(rig.spec(StreamSpec::AtEnd::close), std::make_shared<Goodbye>());
  const auto s = rig.create(manual).value();
  auto one = rig.join(stream, s, 0), two = rig.join(stream, s, 1);
  ASSERT_TRUE(rig.control(s, session::Action::stop));
  EXPECT_EQ(one->text(), "goodbye");
  EXPECT_EQ(one->text(), "close 1000");
  EXPECT_EQ(two->text(), "goodbye");
  EXPECT_EQ(two->text(), "close 4001");
}

// One that is still being greeted has had no frame; it has the last words all the same, and its first frame after.
TEST(StreamEnd, IsToldToThoseWhoHaveHadNoFrame) {
  EndRig rig;
  const auto stream = rig.pump.open_stream(rig.spec(StreamSpec::AtEnd::follow), std::make_shared<LastWords>());
  const auto s = rig.create(manual).value();
  const auto client = rig.pump.join(stream, 0);
  client->keep_outside();
  ASSERT_TRUE(rig.pump.follow(stream, client, s));
  Receiver receiver(client);
  ASSERT_TRUE(rig.advance(s, 1));
  ASSERT_TRUE(rig.control(s, session::Action::stop));
  EXPECT_EQ(receiver.text(), "end 0 8 bench ");
  client->let_in();
  EXPECT_EQ(receiver.text(), "tick 1");
}

}  // namespace
}  // namespace simhost::telemetry
