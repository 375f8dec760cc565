// The small tables: values, log, metrics, config, clock; and hosts that are none.
#include <gmock/gmock.h>

#include <host/base/log.hpp>
#include <host/services/tables.hpp>
#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

std::string said(sim_text from) { return {from.data, from.size}; }

TEST(ValuesTable, ReadsEveryKindAndToleratesWrongOnes) {
  const Value value = parse_json(R"({"a":[1,2.5,"x",true,null],"b":{"c":-3}})").value();
  const sim_values& v = values_table;
  const sim_value* root = as_plugin_value(value);
  EXPECT_EQ(v.kind(root), SIM_OBJECT);
  EXPECT_EQ(v.count(root), 2u);
  EXPECT_EQ(said(v.key(root, 1)), "b");
  const sim_value* list = v.find(root, "a");
  EXPECT_EQ(v.integer(v.item(list, 0)), 1);
  EXPECT_EQ(v.number(v.item(list, 0)), 1.0);
  EXPECT_EQ(v.number(v.item(list, 1)), 2.5);
  EXPECT_EQ(said(v.text(v.item(list, 2))), "x");
  EXPECT_EQ(v.boolean(v.item(list, 3)), 1);
  EXPECT_EQ(v.kind(v.item(list, 4)), SIM_NULL);
  EXPECT_EQ(v.item(list, 5), nullptr);
  EXPECT_EQ(v.integer(v.find(v.find(root, "b"), "c")), -3);
  EXPECT_EQ(v.find(root, "z"), nullptr);
  EXPECT_EQ(v.find(root, nullptr), nullptr);
  EXPECT_EQ(v.kind(nullptr), SIM_NULL);
  EXPECT_EQ(v.count(nullptr), 0u);
  EXPECT_EQ(v.text(list).size, 0u);
  EXPECT_EQ(v.json(root, nullptr), SIM_INVALID_ARG);
}

TEST(Tables, TolerateNullAndForeignHosts) {
  sim_host foreign{sizeof(sim_host), 0, "not", "ours", &foreign, nullptr};
  sim_host small = foreign;
  small.size = 8;
  std::uint64_t handle = 0, one[] = {0};
  double number = 0;
  sim_text words{};
  for (const sim_host* host : {static_cast<const sim_host*>(nullptr), const_cast<const sim_host*>(&foreign),
                               const_cast<const sim_host*>(&small)}) {
    EXPECT_EQ(sessions_table.create(host, {"{}", 2}, &handle, nullptr), SIM_INVALID_ARG);
    EXPECT_EQ(sessions_table.find(host, {"x", 1}, &handle), SIM_INVALID_ARG);
    EXPECT_EQ(sessions_table.list(host, one, 1), 0u);
    EXPECT_EQ(sessions_table.control(host, 1, SIM_PAUSE, nullptr), SIM_INVALID_ARG);
    EXPECT_EQ(jobs_table.post(
                  host, [](const sim_host*, void*) {}, nullptr),
              SIM_INVALID_ARG);
    EXPECT_EQ(log_table.write(host, SIM_LOG_INFO, {"x", 1}), SIM_INVALID_ARG);
    EXPECT_EQ(metrics_table.get(host, SIM_COUNTER, "n", ""), nullptr);
    EXPECT_EQ(config_table.number(host, "port", &number), SIM_INVALID_ARG);
    EXPECT_EQ(config_table.text(host, "port", &words), SIM_INVALID_ARG);
    EXPECT_EQ(streams_table.follow(host, 1, 0), SIM_INVALID_ARG);
    EXPECT_EQ(streams_table.count(host, 0), 0u);
    EXPECT_GT(clock_table.wall_ns(host), 0);
  }
  metrics_table.add(nullptr, 1);
  EXPECT_EQ(metrics_table.value(nullptr), 0);
}

class ExtensionsTest : public House {};

TEST_F(ExtensionsTest, AreFoundByIdAndUnknownOnesAreNull) {
  ASSERT_TRUE(load());
  for (const char* id : {SIM_VALUES, SIM_LOG, SIM_METRICS, SIM_CONFIG, SIM_CLOCK, SIM_JOBS, SIM_SESSIONS, SIM_STREAMS})
    EXPECT_NE(host()->get_extension(host(), id), nullptr) << id;
  EXPECT_EQ(host()->get_extension(host(), "sim.state/1"), nullptr);
  EXPECT_EQ(host()->get_extension(host(), "sim.log/1 "), nullptr);
}

TEST_F(ExtensionsTest, ConfigGivesWhatThePluginDeclares) {
  ASSERT_TRUE(load());
  const auto& config = table<sim_config>(SIM_CONFIG);
  double port = 0;
  EXPECT_EQ(config.number(host(), "port", &port), SIM_OK);
  EXPECT_EQ(port, 8123);
  sim_text words{};
  EXPECT_EQ(config.text(host(), "motto", &words), SIM_OK);
  EXPECT_EQ(said(words), "panta rhei");
  EXPECT_EQ(config.text(host(), "port", &words), SIM_OK);
  EXPECT_EQ(said(words), "8123");
  EXPECT_EQ(config.number(host(), "motto", &port), SIM_INVALID_ARG);
  EXPECT_EQ(config.number(host(), "other", &port), SIM_INVALID_ARG);
  EXPECT_EQ(config.text(host(), nullptr, &words), SIM_INVALID_ARG);
  EXPECT_EQ(Services::settings_of(*plugins->current("tenant"))[0].role, std::uint32_t{SIM_ROLE_LISTENER_PORT});
}

TEST_F(ExtensionsTest, MetricsOutliveAReload) {
  ASSERT_TRUE(load());
  EXPECT_EQ(metric("loads"), 1);
  ASSERT_TRUE(reload("next.so"));
  EXPECT_EQ(metric("loads"), 2);
  const auto& metrics = table<sim_metrics>(SIM_METRICS);
  sim_metric* loads = metrics.get(host(), SIM_COUNTER, "loads", "");
  metrics.add(loads, -1);
  metrics.add(loads, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(metrics.value(loads), 2) << "a counter only rises";
}

TEST_F(ExtensionsTest, LogWritesLinesUnderThePluginsNameUpToItsBudget) {
  ASSERT_TRUE(load());
  std::mutex mutex;
  std::vector<std::string> lines;
  set_log_sink([&](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    lines.emplace_back(line);
  });
  const auto& log = table<sim_log>(SIM_LOG);
  EXPECT_EQ(log.write(host(), SIM_LOG_WARNING, {"low\xff water", 10}), SIM_OK);
  EXPECT_EQ(log.write(host(), 9, {"x", 1}), SIM_INVALID_ARG);
  EXPECT_EQ(log.write(host(), SIM_LOG_INFO, {nullptr, 5}), SIM_INVALID_ARG);
  int busy = 0;
  for (std::size_t i = 0; i < limits::plugin_log_burst + 50; ++i)
    busy += log.write(host(), SIM_LOG_INFO, {"flood", 5}) == SIM_BUSY ? 1 : 0;
  set_log_sink({});
  EXPECT_THAT(lines.front(), testing::HasSubstr("low? water"));
  EXPECT_THAT(lines.front(), testing::HasSubstr("plugin=tenant"));
  EXPECT_GT(busy, 0);
  EXPECT_LE(lines.size(), limits::plugin_log_burst + 30);
}

}  // namespace
}  // namespace simhost::services
