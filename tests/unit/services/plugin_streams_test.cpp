// Sockets of a plugin's stream: let in or refused, answered in order, fed by the pump, kept through a reload.
#include <gmock/gmock.h>

#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

using testing::HasSubstr;

struct Wire final : net::Connection {
  void wake() noexcept override { ++wakes; }
  void pull() override { wake(); }
  std::atomic<int> wakes{0};
};

// A socket as net would hold it: pulls what is there, remembers the close.
struct Peer {
  explicit Peer(std::unique_ptr<net::Application> application) : app(std::move(application)) { app->opened(wire); }
  ~Peer() { app->closed(1006); }
  void pull() {
    net::OutMessage out;
    while (!closed && app->next(out)) {
      if (out.close) {
        closed = out.close->code;
      } else {
        got.push_back(out.head + (out.body == nullptr ? "" : *out.body));
      }
      out = {};
    }
  }
  void say(const std::string& text) { app->received(net::FrameKind::text, text); }

  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
  std::unique_ptr<net::Application> app;
  std::vector<std::string> got;
  std::optional<std::uint16_t> closed;
};

class PluginStreamsTest : public House {
 protected:
  PluginStreamsTest() { EXPECT_TRUE(load()); }

  http::Upgrade knock(http::Pairs query) {
    const auto rows = routes::plugin_stream_routes(services, plugins->current("tenant"), "", {});
    http::Request request;
    request.method = "GET";
    request.path = rows.at(0).path;
    request.query = std::move(query);
    std::promise<http::Upgrade> answer;
    rows.at(0).upgrade(request, [&](http::Upgrade upgrade) { answer.set_value(std::move(upgrade)); });
    return answer.get_future().get();
  }
  std::unique_ptr<Peer> enter(const std::string& session_name) {
    auto upgrade = knock({{"session", session_name}});
    auto* accepted = std::get_if<http::Accepted>(&upgrade);
    if (accepted == nullptr) return nullptr;
    return std::make_unique<Peer>(std::move(accepted->application));
  }
  static bool sees(Peer& peer, const std::string& text) {
    return until([&] {
      peer.pull();
      return std::ranges::any_of(peer.got,
                                 [&](const auto& message) { return message.find(text) != std::string::npos; });
    });
  }
  static bool is_closed(Peer& peer, std::uint16_t code) {
    return until([&] {
             peer.pull();
             return peer.closed.has_value();
           }) &&
           *peer.closed == code;
  }
};

TEST_F(PluginStreamsTest, RefuseBeforeTheyAccept) {
  auto nobody = knock({{"session", "nobody"}});
  ASSERT_TRUE(std::holds_alternative<http::Response>(nobody));
  EXPECT_EQ(std::get<http::Response>(nobody).error->code, "not_found");
  auto nothing = knock({});
  EXPECT_EQ(std::get<http::Response>(nothing).error->code, "forbidden");
  EXPECT_TRUE(until([&] { return services.streams().count("tenant", 0) == 0; }));
}

TEST_F(PluginStreamsTest, GreetThenFeedTheFramesOfTheSession) {
  const auto handle = make(running_tank);
  const auto peer = enter("one");
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(sees(*peer, "1.0.0 plain 1 "));
  EXPECT_EQ(peer->got[0], "hello");
  EXPECT_EQ(table<sim_stream_clients>(SIM_STREAMS).count(host(), handle), 1u);
  sim_session_info info{};
  info.size = sizeof(info);
  EXPECT_TRUE(until([&] { return sessions().info(host(), handle, &info) == SIM_OK && info.clients == 1; }));
}

TEST_F(PluginStreamsTest, AreToldOfTheAlertsOfThePluginsOwnRules) {
  const auto& own = table<sim_rules>(SIM_RULES);
  constexpr std::string_view body = R"({"name":"own","model":"tank","variable":"shown","when":{"above":-1}})";
  ASSERT_EQ(own.put(host(), {body.data(), body.size()}, &error), SIM_OK);
  const auto foreign = R"({"name":"foreign","model":"tank","variable":"shown","when":{"above":-1}})";
  ASSERT_TRUE(rules.create(parse_json(foreign).value(), ""));
  make(manual_tank);
  const auto peer = enter("one");
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(sees(*peer, "hello"));
  ASSERT_TRUE(support::await<session::Nothing>([&](auto done) { registry.advance(registry.find("one"), 3, done); }));
  ASSERT_TRUE(until([&] { return rules.alerts().size() == 2; }));
  EXPECT_TRUE(sees(*peer, "alert of own, seen: 1, variant 0"));
  EXPECT_EQ(std::ranges::count_if(peer->got, [](const auto& one) { return one.starts_with("alert"); }), 1);
}

TEST_F(PluginStreamsTest, HandOnMessagesInOrder) {
  make(manual_tank);
  const auto peer = enter("one");
  for (int i = 0; i < 10; ++i) peer->say(std::to_string(i));
  ASSERT_TRUE(sees(*peer, "9"));
  std::vector<std::string> echoes;
  for (const auto& message : peer->got)
    if (message.size() == 1) echoes.push_back(message);
  EXPECT_EQ(echoes, (std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
  peer->say("{");
  EXPECT_TRUE(sees(*peer, "invalid_json"));
  peer->app->received(net::FrameKind::binary, "raw");
  EXPECT_TRUE(sees(*peer, "raw"));
  peer->say("\"bye\"");
  EXPECT_TRUE(is_closed(*peer, 4000));
}

TEST_F(PluginStreamsTest, TellThePluginOfMessagesAboveTheRateOfTheSession) {
  make(manual_tank);
  const auto first = enter("one"), second = enter("one");
  for (int i = 0; i < 15; ++i) {
    first->say("1");
    second->say("1");
  }
  ASSERT_TRUE(until([&] {
    first->pull();
    second->pull();
    return first->got.size() + second->got.size() >= 32;
  }));
  EXPECT_GE(
      std::ranges::count(first->got, "rate_limit_exceeded") + std::ranges::count(second->got, "rate_limit_exceeded"),
      5);
  EXPECT_LE(
      std::ranges::count(first->got, "rate_limit_exceeded") + std::ranges::count(second->got, "rate_limit_exceeded"),
      10);
}

TEST_F(PluginStreamsTest, AreReachedByTheHostFunctions) {
  const auto handle = make(manual_tank);
  const auto peer = enter("one");
  const auto& clients = table<sim_stream_clients>(SIM_STREAMS);
  std::uint64_t id = 0, session = 0;
  while (clients.session(host(), ++id, &session) != SIM_OK) ASSERT_LT(id, 1000u);
  EXPECT_EQ(session, handle);
  std::uint64_t listed = 0;
  EXPECT_EQ(clients.list(host(), "/ws", &listed, 1), 1u);
  EXPECT_EQ(listed, id);
  EXPECT_EQ(clients.list(host(), "/ws", nullptr, 0), 1u);
  EXPECT_EQ(clients.list(host(), "/nowhere", &listed, 1), 0u);
  EXPECT_EQ(clients.list(host(), nullptr, &listed, 1), 0u);
  EXPECT_EQ(clients.push(host(), id, SIM_TEXT, "to one", 6), SIM_OK);
  EXPECT_EQ(clients.push_session(host(), handle, SIM_TEXT, "to all", 6), SIM_OK);
  EXPECT_TRUE(sees(*peer, "to all"));
  EXPECT_TRUE(sees(*peer, "to one"));
  EXPECT_EQ(clients.variant(host(), id, 1), SIM_OK);
  EXPECT_EQ(clients.variant(host(), id, 2), SIM_INVALID_ARG);
  EXPECT_EQ(clients.push(host(), id, 7, "x", 1), SIM_INVALID_ARG);
  EXPECT_EQ(clients.push(host(), id, SIM_TEXT, nullptr, 1), SIM_INVALID_ARG);
  EXPECT_EQ(clients.follow(host(), id, handle + 100), SIM_WRONG_STATE);
  EXPECT_EQ(clients.follow(host(), id, 0), SIM_OK);
  EXPECT_TRUE(until([&] { return clients.session(host(), id, &session) == SIM_OK && session == 0; }));
  peer->app->closed(1000);
  EXPECT_EQ(clients.push(host(), id, SIM_TEXT, "x", 1), SIM_WRONG_STATE);
  EXPECT_EQ(clients.follow(host(), id, handle), SIM_WRONG_STATE);
}

TEST_F(PluginStreamsTest, StayThroughAReloadAndSpeakTheNewCode) {
  make(running_tank);
  const auto peer = enter("one");
  ASSERT_TRUE(sees(*peer, "1.0.0 plain"));
  const auto report = reload("next.so");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->old, plugin::Retired::gone) << "sockets do not keep the old library";
  EXPECT_TRUE(sees(*peer, "1.1.0 plain"));
  peer->say("7");
  EXPECT_TRUE(sees(*peer, "7"));
  EXPECT_FALSE(peer->closed);
}

TEST_F(PluginStreamsTest, CloseWith1012WhenTheirVariantOrPathIsGone) {
  make(running_tank);
  const auto first = enter("one");
  ASSERT_TRUE(sees(*first, "1.0.0"));
  ASSERT_TRUE(reload("other_variant.so"));
  EXPECT_TRUE(is_closed(*first, 1012));
  const auto second = enter("one");
  ASSERT_TRUE(sees(*second, "1.2.0 fancy"));
  const auto report = reload("other_stream.so");
  ASSERT_TRUE(report);
  EXPECT_TRUE(is_closed(*second, 1012));
  EXPECT_EQ(report->old, plugin::Retired::gone);
}

TEST_F(PluginStreamsTest, CloseWhenTheirSessionEnds) {
  const auto handle = make(running_tank);
  const auto peer = enter("one");
  ASSERT_TRUE(sees(*peer, "1.0.0"));
  ASSERT_EQ(sessions().control(host(), handle, SIM_DELETE, &error), SIM_OK);
  EXPECT_TRUE(is_closed(*peer, 1000));
}

}  // namespace
}  // namespace simhost::services
