// Settings from their sources: precedence, origins, and every fault at once with its place.
#include <host/settings/load.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/settings/table.hpp>
#include <tests/support/folder.hpp>

namespace simhost::settings {
namespace {

using support::Folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Load : public ::testing::Test {
 protected:
  Load() {
    sources.working_folder = folder.path();
    sources.environment = {{"HOME", "/h"}};
  }

  // The faults as lines, or none.
  std::string faults() {
    const auto loaded = load_settings(sources);
    return loaded ? "" : faults_text(loaded.error());
  }

  LoadedSettings loaded() {
    auto result = load_settings(sources);
    EXPECT_TRUE(result) << (result ? "" : faults_text(result.error()));
    return result ? std::move(*result) : LoadedSettings{};
  }

  void file(std::string_view text) {
    folder.write("host.json", text);
    sources.flags.emplace_back("config", "host.json");
  }

  Folder folder;
  Sources sources;
};

const EffectiveSetting& effective(const LoadedSettings& loaded, std::string_view key) {
  for (const EffectiveSetting& setting : loaded.effective) {
    if (setting.key == key) return setting;
  }
  throw std::out_of_range("no such setting");
}

TEST_F(Load, GivesTheDefaultsWithoutAnySource) {
  const LoadedSettings all = loaded();
  EXPECT_EQ(all.settings.http.host, "127.0.0.1");
  EXPECT_EQ(all.settings.http.port, 8080);
  EXPECT_EQ(all.settings.http.requests_per_s, 100.0);
  EXPECT_EQ(all.settings.http.loopback_requests_per_s, 0.0);
  EXPECT_EQ(all.settings.engine.cpu, CpuLevel::automatic);
  EXPECT_EQ(all.settings.engine.scheduling, Scheduling::other);
  EXPECT_EQ(all.settings.log_level, LogLevel::info);
  EXPECT_EQ(all.settings.state_dir, "/h/.local/state/simhost");
  EXPECT_THAT(all.settings.plugins.load, ElementsAre("*"));
  EXPECT_EQ(all.effective.size(), all_settings().size());
  EXPECT_EQ(effective(all, "http.port").origin.place, "default");
  EXPECT_EQ(all.file, "");
}

TEST_F(Load, KeepsTheDefaultsOfTheLimits) {
  const Settings s = loaded().settings;
  EXPECT_EQ(s.limits.sessions, limits::sessions);
  EXPECT_EQ(s.limits.lanes, limits::host_lanes);
  EXPECT_EQ(s.limits.session_lanes, limits::session_lanes);
  EXPECT_EQ(s.limits.inbox, limits::inbox_entries);
  EXPECT_EQ(s.limits.connections, limits::http_connections);
  EXPECT_EQ(s.limits.connections_per_address, limits::http_connections_per_remote_address);
  EXPECT_EQ(s.limits.sockets, limits::ws_connections);
  EXPECT_EQ(s.limits.subscriptions, limits::ws_subscriptions);
  EXPECT_EQ(s.limits.send_queue_bytes, limits::ws_send_queue_bytes);
  EXPECT_EQ(s.limits.message_bytes, limits::ws_message_bytes);
  EXPECT_EQ(s.limits.fragments, limits::ws_fragments);
  EXPECT_EQ(s.limits.body_bytes, limits::http_body_bytes);
  EXPECT_EQ(s.limits.upload_bytes, limits::http_upload_bytes);
  EXPECT_EQ(s.limits.route_workers, limits::route_workers);
  EXPECT_EQ(s.limits.scenarios, limits::scenarios);
  EXPECT_EQ(s.limits.schedules, limits::schedules);
  EXPECT_EQ(s.limits.rules, limits::rules);
  EXPECT_EQ(s.http.requests_per_s, limits::requests_per_s);
  EXPECT_EQ(s.http.requests_burst, limits::requests_burst);
  EXPECT_EQ(s.http.idle_timeout_s, limits::http_idle_timeout_s);
  EXPECT_EQ(s.stream.ping_s, limits::ws_ping_s);
  EXPECT_EQ(s.stream.write_stall_s, limits::ws_write_stall_s);
  EXPECT_EQ(s.engine.catch_up_max, limits::catch_up);
}

TEST_F(Load, LetsFlagsWinOverTheEnvironmentAndThatOverTheFile) {
  file("{\"http\":{\"port\":1001},\n \"engine\":{\"catch_up_max\":3,\"cpu\":\"v3\"},\"log\":{\"level\":\"debug\"}}");
  sources.environment["SIMHOST_HTTP_PORT"] = "1002";
  sources.environment["SIMHOST_ENGINE_CATCH_UP_MAX"] = "4";
  sources.flags.emplace_back("port", "1003");
  const LoadedSettings all = loaded();
  EXPECT_EQ(all.settings.http.port, 1003);
  EXPECT_EQ(all.settings.engine.catch_up_max, 4);
  EXPECT_EQ(all.settings.engine.cpu, CpuLevel::v3);
  EXPECT_EQ(all.settings.log_level, LogLevel::debug);
  EXPECT_EQ(effective(all, "http.port").origin.place, "--port");
  EXPECT_EQ(effective(all, "engine.catch_up_max").origin.place, "SIMHOST_ENGINE_CATCH_UP_MAX");
  EXPECT_EQ(effective(all, "engine.cpu").origin.place, "host.json:2:35");
  EXPECT_EQ(effective(all, "engine.cpu").origin.kind, OriginKind::file);
}

TEST_F(Load, TakesLongShortAndDottedFlags) {
  sources.flags = {{"http-port", "1"}, {"cpu", "baseline"}, {"engine.threads", "2"}, {"http-port", "7"}};
  const Settings s = loaded().settings;
  EXPECT_EQ(s.http.port, 7);
  EXPECT_EQ(s.engine.cpu, CpuLevel::baseline);
  EXPECT_EQ(s.engine.threads, 2);
}

TEST_F(Load, ReadsListsFromTextAndJoinsRepeatedFlags) {
  sources.environment["SIMHOST_HTTP_ORIGINS"] = "https://a.example, http://b.example:3000";
  sources.environment["SIMHOST_HTTP_ALLOWED_HOSTS"] = "[\"panel.example\"]";
  sources.flags = {{"load", "bldc_motor"}, {"load", "robot_test_rig,factory_twin"}};
  const Settings s = loaded().settings;
  EXPECT_THAT(s.http.origins, ElementsAre("https://a.example", "http://b.example:3000"));
  EXPECT_THAT(s.http.allowed_hosts, ElementsAre("panel.example"));
  EXPECT_THAT(s.plugins.load, ElementsAre("bldc_motor", "robot_test_rig", "factory_twin"));
}

TEST_F(Load, ResolvesPathsFromTheFileAndTheWorkingFolder) {
  folder.write("site/host.json", R"({"plugins":{"folders":["./p","/opt/p"]}})");
  sources.flags = {{"config", "site/host.json"}, {"state-dir", "state"}};
  const LoadedSettings all = loaded();
  EXPECT_THAT(all.settings.plugins.folders, ElementsAre(folder.path() + "/site/p", "/opt/p"));
  EXPECT_EQ(all.settings.state_dir, folder.path() + "/state");
  EXPECT_EQ(all.file, folder.path() + "/site/host.json");
}

TEST_F(Load, FindsTheFileByFlagVariableAndDefault) {
  folder.write("a.json", R"({"http":{"port":1}})");
  folder.write("b.json", R"({"http":{"port":2}})");
  folder.write("c.json", R"({"http":{"port":3}})");
  sources.default_files = {folder.path() + "/none.json", folder.path() + "/c.json"};
  EXPECT_EQ(loaded().settings.http.port, 3);
  sources.environment["SIMHOST_CONFIG"] = "b.json";
  EXPECT_EQ(loaded().settings.http.port, 2);
  sources.flags.emplace_back("config", "a.json");
  EXPECT_EQ(loaded().settings.http.port, 1);
}

TEST_F(Load, FindsTheFolderForTheState) {
  const std::pair<Environment, std::string> cases[] = {
      {{{"HOME", "/h"}, {"XDG_STATE_HOME", "/x"}}, "/x/simhost"},
      {{{"HOME", "/h"}, {"XDG_STATE_HOME", "relative"}}, "/h/.local/state/simhost"},
      {{{"HOME", "/h"}, {"STATE_DIRECTORY", "/var/lib/site"}}, "/var/lib/site"},
      {{{"HOME", ""}}, "/var/lib/simhost"},
      {{{"HOME", "/h"}, {"SIMHOST_STATE_DIR", "/s"}}, "/s"},
  };
  for (const auto& [environment, expected] : cases) {
    sources.environment = environment;
    EXPECT_EQ(loaded().settings.state_dir, expected);
  }
}

TEST_F(Load, TakesTheFirstPluginFolderThatExists) {
  sources.plugin_folders = {folder.path() + "/none", folder.path(), "/also"};
  EXPECT_THAT(loaded().settings.plugins.folders, ElementsAre(folder.path()));
  sources.plugin_folders = {folder.path() + "/none", folder.path() + "/neither"};
  EXPECT_THAT(loaded().settings.plugins.folders, ElementsAre(folder.path() + "/neither"));
}

TEST_F(Load, TellsAllFaultsAtOnceWithTheirPlaces) {
  file(R"({
  "http": {
    "port": 70000,
    "hsot": "127.0.0.1",
    "origins": ["https://a.example", "b.example/x", 3]
  },
  "engine": { "cpu": "v4", "threads": 1.5 },
  "limits": [],
  "prot": 1,
  "plugins": { "load": "all", "folder": ["x"] }
})");
  sources.environment["SIMHOST_ENGINE_SPIN_TAIL_US"] = "many";
  sources.flags.emplace_back("http-prot", "1");
  sources.flags.emplace_back("log", "loud");
  EXPECT_EQ(faults(),
            "host.json:3:13: http.port: the value must be at least 0 and at most 65535\n"
            "host.json:4:5: http.hsot: unknown key \"hsot\"; did you mean \"host\"?\n"
            "host.json:5:38: http.origins: an origin is needed, such as https://panel.example.org or "
            "http://10.0.0.7:3000\n"
            "host.json:5:53: http.origins: a text is needed\n"
            "host.json:7:22: engine.cpu: one of these is needed: auto baseline v3\n"
            "host.json:7:39: engine.threads: an integer is needed\n"
            "host.json:8:13: limits: an object is needed\n"
            "host.json:9:3: prot: unknown key \"prot\"\n"
            "host.json:10:24: plugins.load: a list of texts is needed\n"
            "host.json:10:31: plugins.folder: unknown key \"folder\"; did you mean \"folders\"?\n"
            "SIMHOST_ENGINE_SPIN_TAIL_US: engine.spin_tail_us: an integer is needed\n"
            "--http-prot: unknown flag \"http-prot\"; did you mean \"http-port\"?\n"
            "--log: log.level: one of these is needed: debug info warning error\n");
}

TEST_F(Load, PointsAcrossGroupsToTheKeyThatWasMeant) {
  file(R"({"port":80})");
  EXPECT_EQ(faults(), "host.json:1:2: port: unknown key \"port\"; did you mean \"http.port\"?\n");
}

TEST_F(Load, RefusesFilesItCannotRead) {
  const std::pair<std::string, std::string> cases[] = {
      {"{\n \"a\": }", "host.json:2:7: "},
      {"{\"http\":{},\n\"http\":{}}", "host.json:2:1: the key \"http\" is given twice"},
      {std::string(200'000, '['), "host.json:1:65: values are nested deeper than 64"},
      {"[]", "host.json:1:1: an object is needed"},
      {"{\"a\":\"\xff\"}", "host.json:1:7: the text is not valid UTF-8"},
      {std::string(2'000'000, ' '), "host.json: the file is larger than 1 MiB"},
  };
  for (const auto& [text, expected] : cases) {
    sources.flags.clear();
    file(text);
    EXPECT_THAT(faults(), HasSubstr(expected));
  }
  sources.flags = {{"config", "none.json"}};
  EXPECT_EQ(faults(), "none.json: the file cannot be read\n");
  sources.flags = {{"config", "."}};
  EXPECT_EQ(faults(), ".: the file cannot be read\n");
}

TEST_F(Load, ChecksWhatAnotherSourceOverrides) {
  file(R"({"http":{"port":-1}})");
  sources.flags.emplace_back("port", "80");
  EXPECT_THAT(faults(), HasSubstr("host.json:1:17: http.port"));
}

TEST_F(Load, WarnsOfVariablesItDoesNotKnow) {
  sources.environment["SIMHOST_HTTP_PROT"] = "1";
  sources.environment["SIMHOST_TOKEN"] = "secret";
  sources.environment["SIMHOST_URL"] = "http://127.0.0.1:1";
  sources.environment["SIMHOST_HTTP_PORT"] = "";
  const LoadedSettings all = loaded();
  EXPECT_THAT(all.warnings, ElementsAre("unknown variable \"SIMHOST_HTTP_PROT\"; did you mean \"SIMHOST_HTTP_PORT\"? "
                                        "It is ignored."));
  EXPECT_EQ(all.settings.http.port, 8080);
}

TEST_F(Load, BindsOtherAddressesOnlyWithATokenOrTheWaiver) {
  sources.flags = {{"host", "0.0.0.0"}};
  EXPECT_EQ(faults(),
            "--host: http.host: \"0.0.0.0\" can be reached from other machines: add --http-require-token true "
            "(clients send the token), or --allow-unauthenticated-remote true (anybody may operate)\n");
  sources.flags = {{"host", "0.0.0.0"}, {"http-require-token", "true"}};
  EXPECT_TRUE(loaded().settings.http.require_token);
  sources.flags = {{"host", "::"}, {"allow-unauthenticated-remote", "true"}};
  EXPECT_EQ(loaded().settings.http.host, "::");
}

TEST(LoopbackHost, IsLocalhostAndItsAddressesOnly) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"}) EXPECT_TRUE(is_loopback_host(host));
  for (const char* host : {"", "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example", "localhost.example",
                           "127.example", "1270.0.0.1", "[]", "127.0.0.1."}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST_F(Load, PassesOnWhatIsGivenForPlugins) {
  file("{\"plugins\":{\n\"bldc_motor\":{\"port\":9000,\"origins\":[\"http://x\"]},\"other\":{}}}");
  sources.flags.emplace_back("plugins.bldc_motor.port", "9001");
  const LoadedSettings all = loaded();
  const auto& motor = all.plugins.values.at("bldc_motor");
  EXPECT_EQ(motor.at("port").value, Value("9001"));
  EXPECT_EQ(motor.at("port").origin.place, "--plugins.bldc_motor.port");
  EXPECT_EQ(motor.at("origins").origin.place, "host.json:2:37");
  EXPECT_EQ(all.plugins.places.at("other").place, "host.json:2:51");
  EXPECT_EQ(all.plugins.environment.at("HOME"), "/h");
}

TEST(Environment, HoldsTheVariablesOfTheProcess) {
  ASSERT_EQ(::setenv("SIMHOST_TEST_VARIABLE", "a=b", 1), 0);
  EXPECT_EQ(process_environment().at("SIMHOST_TEST_VARIABLE"), "a=b");
  ::unsetenv("SIMHOST_TEST_VARIABLE");
}

}  // namespace
}  // namespace simhost::settings
