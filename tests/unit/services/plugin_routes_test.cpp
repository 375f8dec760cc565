// Routes of a plugin: validated, run on workers, serialised, bounded by deadlines, errors in the plugin's shape.
#include <gmock/gmock.h>

#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

using testing::HasSubstr;

class PluginRoutesTest : public House {
 protected:
  PluginRoutesTest() : House(two_workers()) { EXPECT_TRUE(load()); }
  static ServicesOptions two_workers() {
    ServicesOptions options;
    options.workers.replaced_max = 2;
    return options;
  }
  std::string fault(http::Response response) {
    if (!response.error) return "none";
    return response.error->errors.empty() ? response.error->code
                                          : response.error->errors[0].pointer + " " + response.error->errors[0].code;
  }
  std::vector<http::Route> rows(const std::string& mount) {
    return routes::plugin_routes(services, plugins->current("tenant"), mount);
  }
};

TEST_F(PluginRoutesTest, SayWhatTheyAre) {
  const auto mounted = rows("/plugins/tenant");
  EXPECT_EQ(mounted[0].path, "/plugins/tenant/items/{item}");
  EXPECT_EQ(mounted[0].info.id, "tenant.makeItem");
  EXPECT_EQ(mounted[0].info.mount, "/plugins/tenant");
  EXPECT_EQ(mounted[0].info.takes_body, http::Body::required);
  EXPECT_EQ(mounted[1].info.takes_body, http::Body::optional);
  EXPECT_EQ(mounted[2].info.takes_body, http::Body::none);
  EXPECT_EQ(mounted[8].info.access, http::Access::administer);
  EXPECT_EQ(mounted[3].info.deadline, std::chrono::milliseconds(2050));
  const Value* gain = mounted[0].info.body.find("properties")->find("gain");
  EXPECT_EQ(gain->find("maximum")->number(), 10) << "the descriptor's range";
  EXPECT_EQ(mounted[0].info.answers[0].schema.find("type")->string(), "number");
  const auto alone = rows("");
  EXPECT_EQ(alone[0].path, "/items/{item}");
  EXPECT_EQ(alone[0].info.id, "makeItem");
  EXPECT_EQ(routes::plugin_cors_methods(*plugins->current("tenant")), "GET, POST");
}

TEST_F(PluginRoutesTest, GiveWhatTheHandlerWrote) {
  const auto made = get(call("POST", "/items/{item}", R"({"gain":3})", {{"item", "a"}}, {{"n", "4"}}));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(text(made), R"({"gain":3})");
  EXPECT_EQ(*made.header("x-gain"), "given");
  EXPECT_EQ(made.media_type, "application/json");
  EXPECT_EQ(get(call("GET", "/nothing")).status, 204);
  EXPECT_EQ(get(call("GET", "/version")).media_type, "text/plain");
}

TEST_F(PluginRoutesTest, AreHeldAgainstTheirSchemas) {
  const auto post = [&](const std::string& body, http::Pairs query = {}) {
    return fault(get(call("POST", "/items/{item}", body, {{"item", "a"}}, std::move(query))));
  };
  EXPECT_EQ(post(R"({"gain":11})"), "/gain value_out_of_range");
  EXPECT_EQ(post(R"({"gain":"much"})"), "/gain wrong_type");
  EXPECT_EQ(post(R"({})"), "/gain missing");
  EXPECT_EQ(post(R"({"gain":1,"gian":2})"), "/gian unknown_key");
  EXPECT_EQ(post(R"({"gain":1})", {{"n", "10"}}), "?n value_out_of_range");
  EXPECT_EQ(post(R"({"gain":1})", {{"n", "x"}}), "?n wrong_type");
  EXPECT_EQ(post(R"({"gain":1})", {{"m", "1"}}), "?m unknown_key");
  EXPECT_EQ(fault(get(call("POST", "/loose", R"({"gain":1,"gian":2})"))), "none");
  EXPECT_EQ(text(get(call("POST", "/loose"))), "null") << "no body, where that is answerable";
}

TEST_F(PluginRoutesTest, TurnProblemsAndFailuresIntoErrors) {
  const auto refused = get(call("GET", "/refuse"));
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, "tank_full");
  EXPECT_EQ(refused.error->status, 409);
  EXPECT_EQ(refused.error->errors.at(0).max, 3);
  EXPECT_EQ(get(call("GET", "/fail")).error->code, "plugin_error");
}

TEST_F(PluginRoutesTest, RunOneAtATimeUnlessConcurrent) {
  std::vector<std::future<http::Response>> answers;
  for (int i = 0; i < 10; ++i) answers.push_back(call("GET", "/crowd"));
  for (auto& answer : answers) EXPECT_EQ(text(get(std::move(answer))), "1");
  answers.clear();
  for (int i = 0; i < 20; ++i) answers.push_back(call("GET", "/throng"));
  std::string most = "1";
  for (auto& answer : answers) most = std::max(most, text(get(std::move(answer))));
  EXPECT_EQ(most, "2") << "as many as the plugin may give up";
}

TEST_F(PluginRoutesTest, AnswerAtTheDeadlineAndGiveUpThePluginWhenTooManyAreStuck) {
  for (int i = 1; i <= 2; ++i) {
    const auto late = get(call("GET", "/hang"));
    ASSERT_TRUE(late.error);
    EXPECT_EQ(late.error->code, "plugin_timeout");
    EXPECT_GT(late.error->retry_after_s, 0);
    EXPECT_EQ(metric("hangs"), i);
  }
  EXPECT_EQ(services.workers().counts().stuck, 2u);
  EXPECT_EQ(get(call("GET", "/version")).error->code, "plugin_stuck");
  const auto report = reload("next.so");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->old, plugin::Retired::draining) << "the library stays while its code runs";
  EXPECT_EQ(plugins->find("tenant")->find("zombies")->integer(), 1);
  EXPECT_EQ(text(get(call("GET", "/version"))), "1.1.0") << "the new generation has threads of its own";
  ASSERT_EQ(attach("let_go", "now"), SIM_OK);
  EXPECT_TRUE(until([&] { return metric("cancels") == 2 && services.workers().counts().stuck == 0; }));
  EXPECT_TRUE(until([&] { return plugins->find("tenant")->find("draining")->integer() == 0; }));
}

TEST_F(PluginRoutesTest, AnswerUnavailableWhenTheirGenerationIsGone) {
  const auto old = rows("");
  ASSERT_TRUE(unload());
  std::promise<http::Response> answer;
  old[2].handler(http::Request{}, [&](http::Response response) { answer.set_value(std::move(response)); });
  EXPECT_EQ(answer.get_future().get().error->code, "plugin_unavailable");
}

TEST_F(PluginRoutesTest, HaveErrorsShapedByThePlugin) {
  const auto render = routes::plugin_error_renderer(plugins->current("tenant"));
  http::Request request;
  request.path = "/items";
  const auto shaped = render(request, Error{"validation_failed", "two faults"});
  ASSERT_TRUE(shaped);
  EXPECT_EQ(shaped->status, 400) << "the plugin's, for 422";
  EXPECT_EQ(text(*shaped), R"({"detail":"validation_failed at /items"})");
  ASSERT_TRUE(unload());
  EXPECT_FALSE(render(request, Error{"not_found", "x"}));
}

}  // namespace
}  // namespace simhost::services
