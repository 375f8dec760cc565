// Messages in, answers out: refs, errors that close nothing, writes, commands, events.
#include <api/ws/conversation.hpp>

#include <gtest/gtest.h>

#include <tests/unit/ws/stream_rig.hpp>

namespace simhost::ws {
namespace {

constexpr const char* manual = R"({"model":"counter","name":"bench","pace":{"mode":"manual"}})";

TEST(Conversation, TakesTheSubprotocolOrNone) {
  StreamRig rig;
  EXPECT_EQ(rig.connect({{"sec-websocket-protocol", "chat, simhost.v1"}}).subprotocol, "simhost.v1");
  EXPECT_EQ(rig.connect({{"sec-websocket-protocol", "chat"}}).subprotocol, "");
  EXPECT_EQ(rig.connect().subprotocol, "");
}

TEST(Conversation, AnswersAPingWithItsRef) {
  StreamRig rig;
  auto socket = rig.connect();
  const auto pong = socket.ask(R"({"op":"ping","ref":"e"})");
  EXPECT_EQ(pong.find("op")->string(), "pong");
  EXPECT_EQ(pong.find("ref")->string(), "e");
  EXPECT_EQ(pong.find("at")->string().back(), 'Z');
  EXPECT_EQ(socket.ask(R"({"op":"ping","ref":7})").find("ref")->integer(), 7);
  EXPECT_EQ(socket.ask(R"({"op":"ping"})").find("ref"), nullptr);
}

TEST(Conversation, RefusesWhatChangesASessionWhileTheStoreIsAway) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  rig.store_is_away = true;
  for (const auto* message : {R"({"op":"set","ref":1,"session":"bench","values":{"rate":4}})",
                              R"({"op":"command","ref":1,"session":"bench","name":"add","args":{"amount":2}})"}) {
    const auto answer = socket.ask(message);
    EXPECT_EQ(code_of(answer), "store_unavailable");
    EXPECT_EQ(answer.find("ref")->integer(), 1);
    EXPECT_EQ(answer.find("problem")->find("status")->integer(), 503);
    EXPECT_EQ(answer.find("problem")->find("retry_after_s")->integer(), 5);
  }
  EXPECT_EQ(s->journal(engine::no_tick).size(), 0U);
  EXPECT_EQ(socket.ask(R"({"op":"ping"})").find("op")->string(), "pong");
  EXPECT_EQ(socket.ask(R"({"op":"subscribe","id":1,"session":"bench"})").find("op")->string(), "subscribed");
  rig.store_is_away = false;
  socket.say(R"({"op":"set","session":"bench","values":{"rate":4}})");
  EXPECT_EQ(socket.op("ack").find("applied_tick")->integer(), 0);
}

TEST(Conversation, AnswersFaultyMessagesAndStaysOpen) {
  StreamRig rig;
  auto socket = rig.connect();
  const struct {
    const char* message;
    const char* code;
  } table[] = {
      {"", "invalid_json"},
      {"{\"op\":", "invalid_json"},
      {"[1]", "wrong_type"},
      {"\"ping\"", "wrong_type"},
      {"{}", "missing"},
      {R"({"op":"pnig"})", "not_in_enum"},
      {R"({"op":5})", "wrong_type"},
      {R"({"op":"ping","op":"ping"})", "duplicate_key"},
      {R"({"op":"ping","extra":1})", "unknown_key"},
      {R"({"op":"ping","ref":{}})", "wrong_type"},
      {R"({"op":"unsubscribe"})", "missing"},
      {R"({"op":"unsubscribe","id":3})", "unknown_reference"},
      {R"({"op":"set","values":{}})", "missing"},
      {R"({"op":"set","session":"nobody","values":{}})", "unknown_session"},
      {R"({"op":"events","types":"all"})", "wrong_type"},
  };
  for (const auto& row : table) {
    const auto answer = socket.ask(row.message);
    EXPECT_EQ(answer.find("op")->string(), "error") << row.message;
    EXPECT_EQ(code_of(answer), row.code) << row.message;
  }
  socket.say_binary("{\"op\":\"ping\"}");
  EXPECT_EQ(code_of(socket.receive().json), "invalid_json");
  EXPECT_EQ(socket.ask(R"({"op":"ping"})").find("op")->string(), "pong");
}

TEST(Conversation, NamesTheRequestAndTheRefInAProblem) {
  StreamRig rig;
  auto socket = rig.connect();
  const auto answer = socket.ask(R"({"op":"nothing","ref":"d"})");
  EXPECT_EQ(answer.find("ref")->string(), "d");
  const Value& problem = *answer.find("problem");
  EXPECT_EQ(problem.find("status")->integer(), 422);
  EXPECT_EQ(problem.find("request_id")->string(), "req-1");
  EXPECT_EQ(problem.find("instance")->string(), "/v1/stream");
  EXPECT_EQ(pointers_of(answer), "/op:not_in_enum");
}

TEST(Conversation, WritesAsTheRoutesDo) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.advance(s, 5));
  auto socket = rig.connect();
  const auto ack = socket.ask(R"({"op":"set","ref":"b","session":"bench","values":{"rate":3}})");
  EXPECT_EQ(to_json(ack), R"({"op":"ack","ref":"b","applied_tick":5})");
  EXPECT_EQ(rig.read(s, {support::rate_id}).value().values[0], 3);
  const auto later = socket.ask(R"({"op":"set","session":"bench","values":{"rate":4},"at_tick":9})");
  EXPECT_EQ(later.find("applied_tick")->integer(), 9);
  EXPECT_EQ(code_of(socket.ask(R"({"op":"set","session":"bench","values":{"rate":4},"at_tick":2})")), "tick_passed");
  const auto refused = socket.ask(R"({"op":"set","session":"bench","values":{"sum":1,"label":"five"},"lane":[0]})");
  EXPECT_EQ(pointers_of(refused), "/values/sum:not_writable /values/label:not_in_enum /lane:unknown_key");
}

TEST(Conversation, RunsCommandsAndShowsTheirResults) {
  StreamRig rig;
  const auto s = rig.create(R"({"model":"counter","name":"bench","lanes":2,"pace":{"mode":"manual"}})").value();
  auto socket = rig.connect();
  const auto ack = socket.ask(R"({"op":"command","ref":"c","session":"bench","name":"add","args":{"amount":2.5}})");
  EXPECT_EQ(to_json(ack), R"({"op":"ack","ref":"c","applied_tick":0,"result":{"sum":[2.5,2.5]}})");
  const auto one = socket.ask(R"({"op":"command","session":"bench","name":"add","lanes":[1]})");
  EXPECT_EQ(to_json(*one.find("result")), R"({"sum":[3.5]})");
  const auto unknown = socket.ask(R"({"op":"command","session":"bench","name":"ad"})");
  EXPECT_EQ(pointers_of(unknown), "/name:unknown_command");
  EXPECT_EQ(unknown.find("problem")->find("status")->integer(), 422);
}

TEST(Conversation, TellsTheEventsThatWereAskedFor) {
  StreamRig rig;
  auto all = rig.connect(), states = rig.connect(), none = rig.connect();
  EXPECT_EQ(to_json(all.ask(R"({"op":"events","ref":1,"types":["session.*"]})")), R"({"op":"ack","ref":1})");
  states.ask(R"({"op":"events","types":["session.state"]})");
  none.ask(R"({"op":"events","types":["session.*"]})");
  none.ask(R"({"op":"events","types":[]})");
  const auto s = rig.create(R"({"model":"counter","name":"bench"})").value();
  ASSERT_TRUE(rig.control(s, session::Action::pause));
  EXPECT_EQ(all.op("event").find("type")->string(), "session.created");
  const auto event = states.op("event");
  EXPECT_EQ(event.find("type")->string(), "session.state");
  EXPECT_EQ(event.find("session")->string(), s->id());
  EXPECT_EQ(event.find("data")->find("to")->string(), "paused");
  EXPECT_EQ(event.find("at")->string().back(), 'Z');
  EXPECT_EQ(none.ask(R"({"op":"ping"})").find("op")->string(), "pong");
}

TEST(Conversation, ClosesWith1013WhenItsAnswersAreNotRead) {
  StreamRig rig;
  auto socket = rig.connect();
  const std::string ping = R"({"op":"ping","ref":")" + std::string(200, 'r') + R"("})";
  for (int i = 0; i < 30'000; ++i) socket.say(ping);
  std::optional<std::uint16_t> close;
  while (!close) close = socket.receive().close;
  EXPECT_EQ(*close, 1013);
}

TEST(Conversation, LeavesNothingBehind) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  {
    auto socket = rig.connect();
    socket.ask(R"({"op":"events","types":["*"]})");
    socket.ask(R"({"op":"subscribe","id":1,"session":"bench"})");
    EXPECT_EQ(rig.pump.counts().clients, 1U);
  }
  EXPECT_EQ(rig.pump.counts().clients, 0U);
  EXPECT_TRUE(rig.until([&] { return s->info().stats.clients == 0; }));
}

}  // namespace
}  // namespace simhost::ws
