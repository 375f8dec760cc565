// sim.rules/1: a plugin's own rules, what they found, and being told of it.
#include <host/services/answers.hpp>
#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

class RulesTest : public House {
 protected:
  const sim_rules& rules_of_host() { return table<sim_rules>(SIM_RULES); }
  std::int32_t put(std::string_view body) { return rules_of_host().put(host(), {body.data(), body.size()}, &error); }
  // Their ids.
  std::vector<std::string> alerts(std::uint64_t session, std::string_view after = "", std::uint32_t limit = 1000) {
    const auto& values = table<sim_values>(SIM_VALUES);
    struct Call {
      const sim_values& values;
      std::vector<std::string> ids;
    } call{values, {}};
    constexpr auto visit = [](void* context, const sim_value* alert) {
      auto& to = *static_cast<Call*>(context);
      to.ids.emplace_back(view(to.values.text(to.values.find(alert, "id"))));
      return std::int32_t{SIM_OK};
    };
    EXPECT_EQ(rules_of_host().alerts(host(), session, {after.data(), after.size()}, limit, visit, &call), SIM_OK);
    return call.ids;
  }
};

constexpr std::string_view full = R"({"name":"full","model":"tank","variable":"shown","when":{"above":1}})";

struct Ear {
  static inline std::mutex mutex;
  static inline std::vector<std::pair<std::uint64_t, std::string>> heard;
  static void hear(const sim_host* host, std::uint64_t session, const sim_value* alert) {
    const auto* values = static_cast<const sim_values*>(host->get_extension(host, SIM_VALUES));
    const std::lock_guard lock(mutex);
    heard.emplace_back(session, view(values->text(values->find(alert, "state"))));
  }
  static std::size_t count() {
    const std::lock_guard lock(mutex);
    return heard.size();
  }
};

TEST_F(RulesTest, AreAboutThePluginsOwnModels) {
  ASSERT_TRUE(load());
  EXPECT_EQ(put(full), SIM_OK);
  EXPECT_EQ(rules.find("full")->owner, "tenant");
  EXPECT_EQ(put(R"({"name":"other","model":"tank","variable":"nothing","when":{"above":1}})"), SIM_INVALID_ARG);
  EXPECT_STREQ(error.code, "unknown_variable");
  EXPECT_EQ(put("{"), SIM_INVALID_ARG);
  models.put(support::make_counter());
  EXPECT_EQ(put(R"({"name":"foreign","model":"counter","variable":"sum","when":{"above":1}})"), SIM_INVALID_ARG);
  EXPECT_EQ(rules_of_host().remove(host(), "none", &error), SIM_WRONG_STATE);
  EXPECT_EQ(rules_of_host().remove(host(), "full", &error), SIM_OK);
  EXPECT_EQ(rules_of_host().put(nullptr, {}, &error), SIM_INVALID_ARG);
}

TEST_F(RulesTest, TellWhatTheyFound) {
  ASSERT_TRUE(load());
  Ear::heard.clear();
  ASSERT_EQ(put(full), SIM_OK);
  ASSERT_EQ(rules_of_host().listen(host(), &Ear::hear), SIM_OK);
  const auto handle = make(running_tank);
  ASSERT_TRUE(until([&] { return Ear::count() == 1; }));
  EXPECT_EQ(Ear::heard[0], std::pair(handle, std::string("active")));
  const auto found = alerts(handle);
  ASSERT_EQ(found.size(), 1U);
  const auto& id = found[0];
  EXPECT_TRUE(alerts(0, id).empty());
  EXPECT_EQ(put(full), SIM_OK);  // as it stands: its alert stays
  EXPECT_TRUE(rules.find_alert(id)->active());
  EXPECT_EQ(put(R"({"name":"full","model":"tank","variable":"shown","when":{"above":1000}})"), SIM_OK);
  ASSERT_TRUE(until([&] { return Ear::count() == 2; }));
  EXPECT_EQ(Ear::heard[1].second, "cleared");
  EXPECT_EQ(rules_of_host().listen(host(), nullptr), SIM_OK);
}

}  // namespace
}  // namespace simhost::services
