// sim_reply.stream: a body made while it is sent, let go exactly once.
#include <gtest/gtest.h>

#include <api/http/content.hpp>
#include <api/routes/plugin_call.hpp>
#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

// What the handler of a test streams, and what became of it.
struct Body {
  int pieces = 3, fails_at = 0;
  int pulled = 0, dropped = 0;
  std::uint64_t wanted = 0;
  std::int32_t too_much = SIM_OK;

  static std::int32_t pull(void* self, std::uint64_t wanted, const sim_sink* sink) {
    auto& body = *static_cast<Body*>(self);
    body.wanted = wanted;
    if (++body.pulled == body.fails_at) return SIM_ERROR;
    if (body.pulled > body.pieces) return SIM_OK;
    body.too_much = sink->message(sink->context, SIM_BINARY, "", limits::plugin_reply_bytes + 1);
    const std::string piece(4, static_cast<char>('a' + body.pulled - 1));
    return sink->message(sink->context, SIM_BINARY, piece.data(), piece.size());
  }
  static void drop(void* self) { ++static_cast<Body*>(self)->dropped; }
  [[nodiscard]] sim_body as_table() { return {sizeof(sim_body), 0, this, pull, drop}; }
};

class StreamReplyTest : public House {
 protected:
  StreamReplyTest() { EXPECT_TRUE(load()); }

  // What a route answers whose handler does this.
  static inline std::function<std::int32_t(sim_reply&)> handler;
  http::Response answer(std::function<std::int32_t(sim_reply&)> does) {
    handler = std::move(does);
    sim_route route{};
    route.size = sizeof(route);
    route.handle = [](const sim_host*, const sim_request*, sim_reply* reply) { return handler(*reply); };
    http::Request request;
    http::Response given;
    std::make_shared<routes::PluginCall>(request, [&](http::Response response) {
      given = std::move(response);
    })->run(plugins->current("tenant"), route);
    return given;
  }
  http::Response stream(Body& body) {
    return answer([&](sim_reply& reply) {
      const auto table = body.as_table();
      return reply.stream(reply.context, "text/csv", &table);
    });
  }
  static http::Source& source(const http::Response& response) { return *std::get<http::Content>(response.body).source; }
};

TEST_F(StreamReplyTest, GivesThePiecesUntilThereIsNone) {
  Body body;
  auto response = stream(body);
  ASSERT_FALSE(response.error);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.media_type, "text/csv");
  EXPECT_FALSE(std::get<http::Content>(response.body).bytes) << "nobody knows how long it is";
  EXPECT_EQ(body.pulled, 0) << "only when it is sent";
  std::string out;
  for (const auto* all : {"aaaa", "aaaabbbb", "aaaabbbbcccc", "aaaabbbbcccc"}) {
    ASSERT_TRUE(source(response).next(out, 1000));
    EXPECT_EQ(out, all);
  }
  EXPECT_EQ(body.wanted, 1000u);
  EXPECT_EQ(body.too_much, SIM_INVALID_ARG) << "a piece is bounded";
  EXPECT_EQ(body.dropped, 0);
  response = {};
  EXPECT_EQ(body.dropped, 1);
}

TEST_F(StreamReplyTest, KeepsStatusAndHeaders) {
  Body body;
  const auto response = answer([&](sim_reply& reply) {
    reply.status(reply.context, 203);
    reply.header(reply.context, {"x-rows", 6}, {"12", 2});
    const auto table = body.as_table();
    return reply.stream(reply.context, "text/csv", &table);
  });
  EXPECT_EQ(response.status, 203);
  EXPECT_EQ(*response.header("x-rows"), "12");
}

TEST_F(StreamReplyTest, IsLetGoWhenTheClientLeavesEarly) {
  Body body;
  auto response = stream(body);
  std::string out;
  ASSERT_TRUE(source(response).next(out, 1));
  response = {};
  EXPECT_EQ(body.pulled, 1);
  EXPECT_EQ(body.dropped, 1);
}

TEST_F(StreamReplyTest, HoldsThePluginWhileItIsSent) {
  Body body;
  auto response = stream(body);
  const std::weak_ptr<const plugin::Generation> held = plugins->current("tenant");
  plugins->stop();
  plugins.reset();
  EXPECT_FALSE(held.expired());
  std::string out;
  EXPECT_TRUE(source(response).next(out, 1));
  response = {};
  EXPECT_EQ(body.dropped, 1);
  plugins = std::make_unique<PluginHost>(*catalogue, services, models);  // for the end of the house
}

TEST_F(StreamReplyTest, FailsWithThePlugin) {
  Body body;
  body.fails_at = 2;
  auto response = stream(body);
  std::string out;
  ASSERT_TRUE(source(response).next(out, 1));
  const auto failed = source(response).next(out, 1);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "plugin_error");
}

TEST_F(StreamReplyTest, OfAHandlerThatFailsIsNotSent) {
  Body body;
  const auto response = answer([&](sim_reply& reply) {
    const auto table = body.as_table();
    EXPECT_EQ(reply.stream(reply.context, "text/csv", &table), SIM_OK);
    return std::int32_t{SIM_ERROR};
  });
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, "plugin_error");
  EXPECT_EQ(body.pulled, 0);
  EXPECT_EQ(body.dropped, 1);
}

TEST_F(StreamReplyTest, TakesThePlaceOfTheOneBefore) {
  Body first, second;
  auto response = answer([&](sim_reply& reply) {
    for (Body* body : {&first, &second}) {
      const auto table = body->as_table();
      EXPECT_EQ(reply.stream(reply.context, "text/csv", &table), SIM_OK);
    }
    return std::int32_t{SIM_OK};
  });
  EXPECT_EQ(first.dropped, 1);
  EXPECT_EQ(second.dropped, 0);
  response = {};
  EXPECT_EQ(second.dropped, 1);
}

TEST_F(StreamReplyTest, IsRefusedWhereItCannotBe) {
  Body body;
  const auto refused = [&](auto&& change, const char* type, bool after_body = false) {
    std::int32_t said = SIM_OK;
    answer([&](sim_reply& reply) {
      if (after_body) reply.body(reply.context, "text/plain", "x", 1);
      auto table = body.as_table();
      change(table);
      said = reply.stream(reply.context, type, &table);
      return std::int32_t{SIM_OK};
    });
    return said;
  };
  const auto nothing = [](sim_body&) {};
  EXPECT_EQ(refused([](sim_body& table) { table.pull = nullptr; }, "text/csv"), SIM_INVALID_ARG);
  EXPECT_EQ(refused([](sim_body& table) { table.drop = nullptr; }, "text/csv"), SIM_INVALID_ARG);
  EXPECT_EQ(refused([](sim_body& table) { table.size = 16; }, "text/csv"), SIM_INVALID_ARG);
  EXPECT_EQ(refused(nothing, ""), SIM_INVALID_ARG);
  EXPECT_EQ(refused(nothing, nullptr), SIM_INVALID_ARG);
  EXPECT_EQ(refused(nothing, "text/csv\r\nX: y"), SIM_INVALID_ARG);
  EXPECT_EQ(refused(nothing, "text/csv", true), SIM_WRONG_STATE);
  EXPECT_EQ(body.dropped, 0) << "what was refused is the plugin's own";
}

}  // namespace
}  // namespace simhost::services
