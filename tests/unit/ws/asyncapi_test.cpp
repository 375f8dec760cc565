// The description of the stream against what it obeys.
#include <api/ws/ops.hpp>

#include <gtest/gtest.h>

#include <tests/unit/ws/stream_rig.hpp>

namespace simhost::ws {
namespace {

const Value& at(const Value& value, std::initializer_list<std::string_view> keys) {
  const Value* here = &value;
  for (const auto key : keys) here = here->find(key);
  return *here;
}

TEST(AsyncApi, DescribesEveryOperationAndEveryAnswer) {
  const Value document = asyncapi();
  EXPECT_EQ(document.find("asyncapi")->string(), "3.0.0");
  const Value& messages = at(document, {"channels", "stream", "messages"});
  for (const auto& op : ops()) {
    ASSERT_NE(messages.find(op.name), nullptr) << op.name;
    EXPECT_EQ(at(document, {"operations", op.name, "action"}).string(), "receive");
    EXPECT_NE(messages.find(op.answer), nullptr) << op.answer;
  }
  for (const auto& said : sayings()) EXPECT_EQ(at(document, {"operations", said.name, "action"}).string(), "send");
}

// Each member a schema names is one the parser knows, and each one it demands is demanded.
TEST(AsyncApi, AgreesWithTheParsers) {
  StreamRig rig;
  auto socket = rig.connect();
  const auto s = rig.create(R"({"model":"counter","name":"bench","pace":{"mode":"manual"}})").value();
  const Value document = asyncapi();
  for (const auto& op : ops()) {
    const Value& payload = at(document, {"channels", "stream", "messages", op.name, "payload"});
    Value all = Value::object({{"op", op.name}, {"session", "bench"}, {"name", "add"}});
    for (const auto& [key, schema] : payload.find("properties")->members())
      if (all.find(key) == nullptr && key != "ref") all.set(key, Value());
    if (payload.find("properties")->find("session") == nullptr)
      std::erase_if(all.members(), [](auto& m) { return m.key == "session"; });
    if (payload.find("properties")->find("name") == nullptr)
      std::erase_if(all.members(), [](auto& m) { return m.key == "name"; });
    const Value full = socket.ask(to_json(all));
    EXPECT_EQ(to_json(full).find("unknown_key"), std::string::npos) << to_json(full);
    const Value bare = socket.ask(to_json(Value::object({{"op", op.name}, {"session", "bench"}})));
    for (const auto& key : payload.find("required")->items()) {
      if (key.string() == "op" || key.string() == "session") continue;
      EXPECT_NE(to_json(bare).find("\"/" + key.string() + "\",\"code\":\"missing\""), std::string::npos)
          << op.name << " " << key.string() << " " << to_json(bare);
    }
  }
}

}  // namespace
}  // namespace simhost::ws
