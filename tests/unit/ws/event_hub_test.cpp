// Patterns of event types.
#include <api/ws/event_hub.hpp>

#include <gtest/gtest.h>

namespace simhost::ws {
namespace {

TEST(EventHub, MatchesTypesByNameByWordAndAll) {
  EXPECT_TRUE(matches("session.state", "session.state"));
  EXPECT_TRUE(matches("session.*", "session.state"));
  EXPECT_TRUE(matches("*", "plugin.loaded"));
  EXPECT_FALSE(matches("session.*", "sessions.state"));
  EXPECT_FALSE(matches("session.*", "session"));
  EXPECT_FALSE(matches("session", "session.state"));
  EXPECT_FALSE(matches("", "session.state"));
}

TEST(EventHub, SharesOneTextAmongAllListeners) {
  EventHub hub;
  std::vector<telemetry::ClientPointer> clients;
  for (int i = 0; i < 3; ++i) hub.listen(clients.emplace_back(std::make_shared<telemetry::Client>()), {"plugin.*"});
  hub.publish({"plugin.loaded", 0, "", Value::object({{"plugin", "p"}})});
  std::vector<const std::string*> texts;
  for (const auto& client : clients) {
    telemetry::Outgoing out;
    ASSERT_TRUE(client->outbox().next(out));
    texts.push_back(out.body.get());
    EXPECT_EQ(*out.body,
              R"({"op":"event","type":"plugin.loaded","at":"1970-01-01T00:00:00.000Z","data":{"plugin":"p"}})");
  }
  EXPECT_EQ(texts[0], texts[2]);
}

}  // namespace
}  // namespace simhost::ws
