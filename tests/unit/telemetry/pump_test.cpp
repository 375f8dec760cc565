// Subscriptions on real sessions: what comes, in which order, and how it ends.
#include <host/telemetry/pump.hpp>

#include <gtest/gtest.h>

#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::telemetry {
namespace {

using session::Action;
constexpr const char* manual = R"({"model":"counter","pace":{"mode":"manual"}})";

std::int64_t tick_of(const Value& message) { return message.find("tick")->integer(); }

TEST(Pump, SendsThePresentFrameOfASessionThatStands) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.advance(s, 7));
  Receiver socket(rig.pump.open());
  const auto granted = rig.subscribe(socket, rig.request(s, 5)).value();
  EXPECT_EQ(granted.tick, 7U);
  EXPECT_EQ(granted.lanes, std::vector<std::uint32_t>{0});
  EXPECT_EQ(socket.text(), R"({"op":"data","id":5,"tick":7,"time_s":0.007,"values":{"sum":[0.007],"seen":[7]}})");
}

TEST(Pump, SendsNoFrameTwice) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, Mode::latest, 500)));
  EXPECT_EQ(tick_of(socket.json()), 0);
  for (std::int64_t n = 1; n <= 5; ++n) {
    ASSERT_TRUE(rig.advance(s, 1));
    EXPECT_EQ(tick_of(socket.json()), n);
  }
}

TEST(Pump, ShowsAWriteToASessionThatStands) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  Receiver socket(rig.pump.open());
  auto request = rig.request(s, 1);
  request.ids = {support::rate_id, support::label_id};
  ASSERT_TRUE(rig.subscribe(socket, request));
  EXPECT_EQ(to_json(*socket.json().find("values")), R"({"rate":[1.0],"label":["zero"]})");
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":3,"label":"two"}})"));
  const auto message = socket.json();
  EXPECT_EQ(tick_of(message), 0);
  EXPECT_EQ(to_json(*message.find("values")), R"({"rate":[3.0],"label":["two"]})");
}

TEST(Pump, GivesEveryTickOnceInModeAll) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter"})").value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, Mode::all, 50)));
  std::int64_t last = -1;
  std::size_t messages = 0;
  while (last < 300) {
    const auto message = socket.json();
    EXPECT_EQ(message.find("gap"), nullptr);
    const auto& ticks = message.find("ticks")->items();
    const auto& seen = message.find("values")->find("seen")->items();
    ASSERT_EQ(ticks.size(), seen.size());
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      EXPECT_TRUE(last < 0 || ticks[i].integer() == last + 1) << last;
      last = ticks[i].integer();
      EXPECT_EQ(seen[i].items()[0].integer(), last);
    }
    ++messages;
  }
  EXPECT_LT(messages, 60U);  // 50 a second, not 1000
}

// The answer comes when the session publishes what is wanted, so that nothing goes by between it and the first row.
TEST(Pump, BeginsModeAllAtTheTickItAnswersWith) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter"})").value();
  for (std::uint32_t id = 1; id < 10; ++id) {
    Receiver socket(rig.pump.open());
    auto request = rig.request(s, id, Mode::all, 100);
    if (id % 2 == 0) request.ids = {support::rate_id, support::sum_id + id % 3};
    const auto granted = rig.subscribe(socket, request).value();
    EXPECT_EQ(socket.json().find("ticks")->items().front().integer(), static_cast<std::int64_t>(granted.tick));
    rig.pump.drop(socket.client());
  }
  const auto standing = rig.create(manual).value();
  Receiver socket(rig.pump.open());
  EXPECT_EQ(rig.subscribe(socket, rig.request(standing, 1, Mode::all)).value().tick, 0U);
  ASSERT_TRUE(rig.advance(standing, 5));
  std::vector<std::int64_t> ticks;  // in one message or more
  while (ticks.size() < 6)
    for (const auto message = socket.json(); const auto& tick : message.find("ticks")->items())
      ticks.push_back(tick.integer());
  EXPECT_EQ(ticks, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
}

TEST(Pump, LosesNoTickWhileWhatIsWantedGrows) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter","lanes":4})").value();
  Receiver socket(rig.pump.open());
  auto request = rig.request(s, 1, Mode::all, 100);
  request.lanes = {2};
  ASSERT_TRUE(rig.subscribe(socket, request));
  std::int64_t last = -1;
  for (std::uint32_t id = 2; id < 8; ++id) {
    Receiver other(rig.pump.open());
    auto wider = rig.request(s, 1);
    wider.ids = {id == 5 ? support::fault_id : support::gain_id};
    wider.lanes = {id % 4};
    ASSERT_TRUE(rig.subscribe(other, wider));
    other.op("data");
    for (const auto message = socket.json(); const auto& tick : message.find("ticks")->items()) {
      EXPECT_EQ(message.find("gap"), nullptr);
      EXPECT_TRUE(last < 0 || tick.integer() == last + 1) << last;
      last = tick.integer();
    }
  }
}

TEST(Pump, SharesOneEncodingAmongAllWhoWantTheSame) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  std::vector<std::unique_ptr<Receiver>> sockets;
  for (int i = 0; i < 50; ++i) {
    sockets.push_back(std::make_unique<Receiver>(rig.pump.open()));
    ASSERT_TRUE(rig.subscribe(*sockets.back(), rig.request(s, 1)));
    sockets.back()->op("data");
  }
  const auto before = rig.pump.counts();
  EXPECT_EQ(before.clients, 50U);
  EXPECT_EQ(s->info().stats.clients, 50U);
  ASSERT_TRUE(rig.advance(s, 1));
  for (auto& socket : sockets) EXPECT_EQ(tick_of(socket->op("data")), 1);
  const auto after = rig.pump.counts();
  EXPECT_EQ(after.encodes - before.encodes, 1U);
  EXPECT_EQ(after.messages - before.messages, 50U);
  for (auto& socket : sockets) rig.pump.drop(socket->client());
  EXPECT_EQ(rig.pump.counts().clients, 0U);
  EXPECT_TRUE(rig.until([&] { return s->info().stats.clients == 0; }));
}

TEST(Pump, RefusesAnIdThatIsInUseAndFreesItAgain) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1)));
  EXPECT_EQ(rig.subscribe(socket, rig.request(s, 1)).error().code, "id_taken");
  ASSERT_TRUE(rig.unsubscribe(socket, 1));
  EXPECT_EQ(rig.unsubscribe(socket, 1).error().code, "unknown_reference");
  EXPECT_TRUE(rig.subscribe(socket, rig.request(s, 1)));
}

TEST(Pump, SendsNothingAfterUnsubscribing) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter"})").value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, Mode::latest, 500)));
  socket.op("data");
  ASSERT_TRUE(rig.unsubscribe(socket, 1));
  socket.client()->send(R"({"op":"mark"})");
  EXPECT_EQ(socket.json().find("op")->string(), "mark");
  const auto tick = s->tick();
  ASSERT_TRUE(rig.until([&] { return s->tick() > tick + 50; }));
  Outgoing out;
  EXPECT_FALSE(socket.client()->outbox().next(out));
}

TEST(Pump, BoundsTheSubscriptionsOfASocket) {
  PumpRig rig;
  const auto s = rig.create(manual).value();
  Receiver socket(rig.pump.open());
  for (std::uint32_t id = 0; id < limits::ws_subscriptions; ++id)
    ASSERT_TRUE(rig.subscribe(socket, rig.request(s, id)));
  EXPECT_EQ(rig.subscribe(socket, rig.request(s, 1000)).error().code, "limit_reached");
}

TEST(Pump, KeepsTheLimitsItWasGiven) {
  session::Rig rig;
  Pump pump(*rig.registry, {}, {.subscriptions = 1, .send_queue_bytes = 1000});
  const auto s = rig.create(manual).value();
  Receiver socket(pump.open());
  const auto subscribe = [&](std::uint32_t id) {
    SubscribeRequest request;
    request.id = id;
    request.session = s;
    request.ids = {support::sum_id};
    return support::await<Granted>([&](auto done) { pump.subscribe(socket.client(), request, done); });
  };
  EXPECT_TRUE(subscribe(1));
  EXPECT_EQ(subscribe(2).error().code, "limit_reached");
  for (int i = 0; i < 20; ++i) socket.client()->send(std::string(100, 'a'));
  EXPECT_EQ(socket.text(), "close 1013");
}

TEST(Pump, EndsASubscriptionAfterTheLastFrame) {
  PumpRig rig;
  for (const auto mode : {Mode::latest, Mode::all, Mode::minmax}) {
    const auto s = rig.create(R"({"model":"counter","stop_at_s":0.05})").value();
    Receiver socket(rig.pump.open());
    ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, mode, 20)));
    std::int64_t last = -1;
    for (;;) {
      const auto message = socket.json();
      if (message.find("op")->string() == "ended") {
        EXPECT_EQ(message.find("reason")->string(), "stopped");
        break;
      }
      last = mode == Mode::all ? message.find("ticks")->items().back().integer() : tick_of(message);
    }
    EXPECT_EQ(last, 50) << to_string(mode);
  }
}

TEST(Pump, TellsWhetherASessionWasDeletedOrFailed) {
  PumpRig rig;
  const auto deleted = rig.create(manual).value();
  const auto failed = rig.create(manual).value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(deleted, 1)));
  socket.op("data");
  ASSERT_TRUE(rig.remove(deleted));
  EXPECT_EQ(socket.op("ended").find("reason")->string(), "deleted");
  ASSERT_TRUE(rig.subscribe(socket, rig.request(failed, 1)));
  socket.op("data");
  ASSERT_TRUE(rig.write(failed, R"({"values":{"fault":1}})"));
  ASSERT_TRUE(rig.advance(failed, 1));
  EXPECT_EQ(socket.op("ended").find("reason")->string(), "failed");
}

TEST(Pump, ShowsAStoppedSessionOnceAndEnds) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter","stop_at_s":0.01,"pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.advance(s, 10));
  ASSERT_TRUE(rig.until([&] { return s->state() == session::State::stopped; }));
  for (const auto mode : {Mode::latest, Mode::all}) {
    Receiver socket(rig.pump.open());
    ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, mode)));
    EXPECT_EQ(socket.json().find("op")->string(), "data") << to_string(mode);
    EXPECT_EQ(socket.json().find("op")->string(), "ended") << to_string(mode);
  }
}

TEST(Pump, FollowsASessionThroughResetAndRestore) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  Receiver socket(rig.pump.open());
  ASSERT_TRUE(rig.subscribe(socket, rig.request(s, 1, Mode::latest, 500)));
  EXPECT_EQ(tick_of(socket.json()), 0);
  ASSERT_TRUE(rig.advance(s, 20));
  while (tick_of(socket.json()) < 20) {
  }
  const auto kept = rig.checkpoint(s).value();
  ASSERT_TRUE(rig.control(s, Action::reset));
  EXPECT_EQ(tick_of(socket.json()), 0);
  ASSERT_TRUE(rig.restore(s, kept->id));
  EXPECT_EQ(tick_of(socket.json()), 20);
}

TEST(Pump, LetsASocketThatNeverReadsHarmNobody) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter","lanes":2000,"step_s":0.002})").value();
  Receiver stalled(rig.pump.open()), reading(rig.pump.open());
  for (std::uint32_t id = 1; id <= 4; ++id) {
    auto request = rig.request(s, id, Mode::all, 100);
    request.ids = {support::sum_id};
    request.lanes = {};
    ASSERT_TRUE(rig.subscribe(stalled, request)) << id;
  }
  ASSERT_TRUE(rig.subscribe(reading, rig.request(s, 1, Mode::latest, 100)));
  ASSERT_TRUE(rig.until([&] { return rig.pump.counts().dropped > 0; }));
  EXPECT_LE(stalled.client()->outbox().bytes(), limits::ws_send_queue_bytes);
  EXPECT_GT(s->info().stats.dropped, 0U);
  for (int i = 0; i < 10; ++i) reading.op("data");
  bool told = false;
  for (int i = 0; i < 20 && !told; ++i) told = stalled.json().find("gap") != nullptr;
  EXPECT_TRUE(told);
}

TEST(Pump, GrantsALowerRateForVeryManyValues) {
  PumpRig rig;
  const auto s = rig.create(R"({"model":"counter","lanes":50000,"pace":{"mode":"manual"}})").value();
  Receiver socket(rig.pump.open());
  EXPECT_EQ(rig.subscribe(socket, rig.request(s, 1, Mode::latest, 60)).value().rate_hz, 20);
}

}  // namespace
}  // namespace simhost::telemetry
