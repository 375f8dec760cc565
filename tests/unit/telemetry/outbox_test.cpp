// Order, bounds, losses and wake-ups of an outbox.
#include <host/telemetry/outbox.hpp>

#include <gtest/gtest.h>

#include <tests/unit/telemetry/frames.hpp>

namespace simhost::telemetry {
namespace {

using Took = Outbox::Took;

SlotPointer slot(std::uint32_t id, Policy policy) { return std::make_shared<Slot>(Slot{id, policy}); }
Plain text(std::string bytes) { return {MessageKind::text, std::make_shared<const std::string>(std::move(bytes))}; }

std::string pull(Outbox& outbox) {
  Outgoing out;
  if (!outbox.next(out)) return "nothing";
  if (out.close) return "close " + std::to_string(out.close->code);
  return out.head + (out.body ? *out.body : "");
}

TEST(Outbox, KeepsTheOrderOfDataAndControl) {
  Outbox outbox;
  const auto s = slot(1, Policy::drop_oldest);
  outbox.send(text("first"));
  outbox.offer(s, message_of(2));
  outbox.send(text("third"));
  EXPECT_EQ(pull(outbox), "first");
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":1,xx)");
  EXPECT_EQ(pull(outbox), "third");
  EXPECT_EQ(pull(outbox), "nothing");
}

TEST(Outbox, ReplacesAWaitingFrameByANewerOne) {
  Outbox outbox;
  const auto s = slot(9, Policy::newest);
  EXPECT_EQ(outbox.offer(s, message_of(1, 1, Mode::latest)).took, Took::queued);
  EXPECT_EQ(outbox.offer(s, message_of(3, 1, Mode::latest)).took, Took::replaced);
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":9,xxx)");
  EXPECT_EQ(pull(outbox), "nothing");
  EXPECT_EQ(outbox.offer(s, message_of(1, 1, Mode::latest)).took, Took::queued);
}

TEST(Outbox, ReplacesInItsPlaceAmongOthers) {
  Outbox outbox;
  const auto first = slot(1, Policy::newest), second = slot(2, Policy::newest), all = slot(3, Policy::drop_oldest);
  outbox.offer(all, message_of(1));
  outbox.offer(first, message_of(1, 1, Mode::latest));
  outbox.offer(all, message_of(1));
  outbox.offer(second, message_of(1, 1, Mode::latest));
  outbox.offer(first, message_of(2, 1, Mode::latest));
  outbox.offer(second, message_of(3, 1, Mode::latest));
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":3,x)");
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":1,xx)");
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":3,x)");
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":2,xxx)");
  EXPECT_EQ(outbox.bytes(), 0U);
}

TEST(Outbox, DropsTheOldestAndTellsTheGap) {
  Outbox outbox(1000);
  auto lost = std::make_shared<std::atomic<std::uint64_t>>(0);
  const auto s = std::make_shared<Slot>(Slot{3, Policy::drop_oldest, lost});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(outbox.offer(s, message_of(400, 10)).took, Took::queued);
  EXPECT_EQ(*lost, 20U);
  EXPECT_LE(outbox.bytes(), 1000U);
  EXPECT_EQ(pull(outbox).substr(0, 31), R"({"op":"data","id":3,"gap":20,xx)");
  EXPECT_EQ(pull(outbox).substr(0, 22), R"({"op":"data","id":3,xx)");
}

TEST(Outbox, CountsWhatADroppedMessageHadLostItself) {
  Outbox outbox(1000);
  const auto s = slot(3, Policy::drop_oldest);
  auto torn = std::make_shared<Message>(*message_of(600, 10));
  torn->lost = 5;
  outbox.offer(s, torn);
  outbox.offer(s, message_of(600, 10));
  EXPECT_EQ(pull(outbox).substr(0, 29), R"({"op":"data","id":3,"gap":15,)");
}

TEST(Outbox, TakesOneMessageThatIsLargerThanAllOfIt) {
  Outbox outbox(1000);
  const auto s = slot(1, Policy::newest);
  EXPECT_EQ(outbox.offer(s, message_of(5000, 1, Mode::latest)).took, Took::queued);
  EXPECT_EQ(outbox.offer(slot(2, Policy::newest), message_of(10, 1, Mode::latest)).took, Took::refused);
}

TEST(Outbox, LetsDataGiveWayToAnswers) {
  Outbox outbox(1000);
  const auto s = slot(1, Policy::drop_oldest);
  outbox.offer(s, message_of(800, 7));
  outbox.send(text(std::string(500, 'a')));
  EXPECT_EQ(pull(outbox), std::string(500, 'a'));
  outbox.offer(s, message_of(1, 1));
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":1,"gap":7,x)");
}

TEST(Outbox, ClosesWith1013WhenAnswersPileUp) {
  Outbox outbox(1000);
  for (int i = 0; i < 20; ++i) outbox.send(text(std::string(100, 'a')));
  EXPECT_EQ(pull(outbox), "close 1013");
  EXPECT_EQ(pull(outbox), "nothing");
  outbox.send(text("late"));
  EXPECT_EQ(pull(outbox), "nothing");
}

TEST(Outbox, SendsWhatWaitsBeforeItCloses) {
  Outbox outbox;
  outbox.send(text("last"));
  outbox.close(1000, "over");
  outbox.send(text("too late"));
  EXPECT_EQ(pull(outbox), "last");
  EXPECT_EQ(pull(outbox), "close 1000");
}

TEST(Outbox, AsksForOneWakeUpPerSleep) {
  Outbox outbox;
  const auto s = slot(1, Policy::drop_oldest);
  EXPECT_TRUE(outbox.offer(s, message_of(1)).wake);
  EXPECT_FALSE(outbox.offer(s, message_of(1)).wake);
  EXPECT_FALSE(outbox.send(text("a")));
  while (pull(outbox) != "nothing") {
  }
  EXPECT_TRUE(outbox.send(text("b")));
}

TEST(Outbox, ForgetsASubscription) {
  Outbox outbox;
  const auto gone = slot(1, Policy::newest), stays = slot(2, Policy::drop_oldest);
  outbox.offer(gone, message_of(5, 1, Mode::latest));
  outbox.offer(stays, message_of(1));
  outbox.forget(*gone);
  EXPECT_EQ(pull(outbox), R"({"op":"data","id":2,x)");
  EXPECT_EQ(outbox.bytes(), 0U);
}

// The bound holds whatever comes, and putting in stays cheap: a client that never reads costs the pump nothing more.
TEST(Outbox, StaysBoundedUnderAFlood) {
  Outbox outbox(4 << 20);
  const auto s = slot(1, Policy::drop_oldest);
  const auto message = message_of(300);
  std::size_t most = 0;
  for (int i = 0; i < 200'000; ++i) {
    outbox.offer(s, message);
    if (i % 1000 == 0) most = std::max(most, outbox.bytes());
  }
  EXPECT_LE(most, std::size_t{4} << 20);
}

}  // namespace
}  // namespace simhost::telemetry
