// Subscriptions over the stream: defaults, faults, formats, modes, endings.
#include <api/ws/parse_subscribe.hpp>

#include <cstring>

#include <gtest/gtest.h>

#include <host/base/msgpack.hpp>
#include <tests/unit/ws/stream_rig.hpp>

namespace simhost::ws {
namespace {

constexpr const char* manual = R"({"model":"counter","name":"bench","lanes":2,"pace":{"mode":"manual"}})";

TEST(Subscribe, HasDefaultsForAllButIdAndSession) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.advance(s, 3));
  auto socket = rig.connect();
  const auto answer = socket.ask(R"({"op":"subscribe","id":1,"ref":"a","session":"bench"})");
  EXPECT_EQ(
      to_json(answer),
      R"({"op":"subscribed","id":1,"ref":"a","session":")" + s->id() +
          R"(","fields":[{"name":"sum","unit":null,"type":"real"},{"name":"sum_state","unit":null,"type":"real"},)"
          R"({"name":"seen","unit":null,"type":"integer"}],"lanes":[0,1],"rate_hz":60.0,"mode":"latest",)"
          R"("format":"json","step_s":0.001,"tick":3})");
  EXPECT_EQ(to_json(socket.receive().json),
            R"({"op":"data","id":1,"tick":3,"time_s":0.003,)"
            R"("values":{"sum":[0.003,0.003],"sum_state":[0.003,0.003],"seen":[3,3]}})");
}

TEST(Subscribe, TakesFieldsInTheOrderGivenAndEnumsByName) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  const auto answer = socket.ask(R"({"op":"subscribe","id":0,"session":"bench","fields":["label","sum"],"lanes":[1]})");
  EXPECT_EQ(to_json(answer.find("fields")->items()[0]),
            R"({"name":"label","unit":null,"type":"enum","enum":["zero","one","two"]})");
  EXPECT_EQ(to_json(*answer.find("lanes")), "[1]");
  EXPECT_EQ(to_json(*socket.receive().json.find("values")), R"({"label":["zero"],"sum":[0.0]})");
}

TEST(Subscribe, ListsAllFaultsAtOnce) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  const auto answer = socket.ask(R"({"op":"subscribe","id":-1,"session":"bench","fields":["sum","smu",5],"lanes":[2],)"
                                 R"("rate_hz":0,"mode":"some","fromat":"json"})");
  EXPECT_EQ(pointers_of(answer),
            "/id:value_out_of_range /fields/1:unknown_variable /fields/2:wrong_type /lanes/0:value_out_of_range "
            "/rate_hz:value_out_of_range /mode:not_in_enum /fromat:unknown_key");
  EXPECT_EQ(code_of(answer), "validation_failed");
  EXPECT_EQ(pointers_of(socket.ask(R"({"op":"subscribe","session":"nobody","format":5})")),
            "/id:missing /session:unknown_session /format:wrong_type");
  EXPECT_EQ(pointers_of(socket.ask(R"({"op":"subscribe","id":1,"session":"bench","rate_hz":1001,"fields":[]})")),
            "/fields:wrong_type /rate_hz:value_out_of_range");
}

TEST(Subscribe, RefusesAnIdInUse) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  socket.say(R"({"op":"subscribe","id":7,"session":"bench"})");
  socket.op("data");
  const auto answer = socket.ask(R"({"op":"subscribe","id":7,"session":"bench"})");
  EXPECT_EQ(pointers_of(answer), "/id:id_taken");
  EXPECT_EQ(answer.find("problem")->find("status")->integer(), 409);
  EXPECT_EQ(to_json(socket.ask(R"({"op":"unsubscribe","id":7,"ref":"x"})")),
            R"({"op":"unsubscribed","ref":"x","id":7})");
  EXPECT_EQ(socket.ask(R"({"op":"subscribe","id":7,"session":"bench"})").find("op")->string(), "subscribed");
}

TEST(Subscribe, SendsMessagePackInBinaryFrames) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  socket.ask(R"({"op":"subscribe","id":300,"session":"bench","fields":["sum","label"],"format":"msgpack"})");
  const auto data = parse_msgpack(socket.receive().binary);
  ASSERT_TRUE(data);
  EXPECT_EQ(to_json(*data),
            R"({"op":"data","id":300,"tick":0,"time_s":0.0,"values":{"sum":[0.0,0.0],"label":["zero","zero"]}})");
}

TEST(Subscribe, SendsEveryTickInBinaryRows) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  socket.ask(
      R"({"op":"subscribe","id":2,"session":"bench","fields":["seen"],"format":"binary","mode":"all","rate_hz":500})");
  std::vector<double> rows;
  ASSERT_TRUE(rig.advance(s, 40));
  while (rows.size() < 2 * 41) {
    const auto frame = socket.receive().binary;
    ASSERT_GE(frame.size(), 40U);
    std::uint32_t count = 0, columns = 0;
    std::memcpy(&count, frame.data() + 32, 4);
    std::memcpy(&columns, frame.data() + 36, 4);
    EXPECT_EQ(columns, 2U);
    ASSERT_EQ(frame.size(), 40 + 8U * count * columns);
    const auto before = rows.size();
    rows.resize(before + count * columns);
    std::memcpy(rows.data() + before, frame.data() + 40, 8U * count * columns);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], static_cast<double>(i / 2));
}

TEST(Subscribe, SaysWhichRateIsGranted) {
  StreamRig rig;
  const auto s = rig.create(R"({"model":"counter","name":"wide","lanes":50000,"pace":{"mode":"manual"}})").value();
  auto socket = rig.connect();
  const auto answer = socket.ask(R"({"op":"subscribe","id":1,"session":"wide","fields":["sum","seen"],"rate_hz":100})");
  EXPECT_EQ(answer.find("rate_hz")->number(), 20);
}

TEST(Subscribe, RefusesEveryTickOfTooMuch) {
  StreamRig rig;
  const auto s = rig.create(R"({"model":"counter","name":"wide","lanes":5000})").value();
  auto socket = rig.connect();
  const auto answer = socket.ask(R"({"op":"subscribe","id":1,"session":"wide","mode":"all"})");
  EXPECT_EQ(pointers_of(answer), "/mode:limit_reached");
  EXPECT_EQ(answer.find("problem")->find("status")->integer(), 422);
}

TEST(Subscribe, EndsWithItsSession) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  socket.say(R"({"op":"subscribe","id":4,"session":"bench"})");
  socket.op("data");
  ASSERT_TRUE(rig.remove(s));
  EXPECT_EQ(to_json(socket.op("ended")), R"({"op":"ended","id":4,"reason":"deleted"})");
}

TEST(Subscribe, KeepsItsDataApartFromItsNeighbours) {
  StreamRig rig;
  const auto s = rig.create(manual).value();
  auto socket = rig.connect();
  for (int id = 1; id <= 3; ++id)
    socket.say(R"({"op":"subscribe","id":)" + std::to_string(id) + R"(,"session":"bench","lanes":[)" +
               std::to_string(id % 2) + "]}");
  std::vector<int> seen(4);
  for (int i = 0; i < 6; ++i) {
    const auto message = socket.receive().json;
    if (message.find("op")->string() == "data") ++seen[static_cast<std::size_t>(message.find("id")->integer())];
  }
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 1, 1}));
}

}  // namespace
}  // namespace simhost::ws
