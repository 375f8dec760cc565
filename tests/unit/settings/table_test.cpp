// The table of settings, and what is made from it: names, help, documentation, the schema and the shipped file.
#include <host/settings/table.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <host/base/json_schema.hpp>
#include <host/settings/check_value.hpp>
#include <host/settings/describe.hpp>
#include <host/settings/load.hpp>

namespace simhost::settings {
namespace {

const std::string config_folder = SIM_CONFIG_FOLDER;

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SettingTable, HasUniqueNames) {
  std::set<std::string> keys;
  std::set<std::string> flags{"config", "help", "version"};
  std::set<std::string> variables{"SIMHOST_CONFIG", "SIMHOST_TOKEN", "SIMHOST_URL"};
  for (const SettingInfo& setting : all_settings()) {
    EXPECT_TRUE(keys.emplace(setting.key).second) << setting.key;
    EXPECT_TRUE(flags.insert(flag_name(setting)).second) << setting.key;
    EXPECT_TRUE(variables.insert(environment_name(setting)).second) << setting.key;
    EXPECT_TRUE(setting.short_flag.empty() || flags.emplace(setting.short_flag).second) << setting.key;
    EXPECT_EQ(setting.doc.back(), '.') << setting.key;
  }
}

TEST(SettingTable, DerivesNamesFromKeys) {
  const SettingInfo* setting = find_setting("http.allow_unauthenticated_remote");
  ASSERT_NE(setting, nullptr);
  EXPECT_EQ(environment_name(*setting), "SIMHOST_HTTP_ALLOW_UNAUTHENTICATED_REMOTE");
  EXPECT_EQ(flag_name(*setting), "http-allow-unauthenticated-remote");
  EXPECT_EQ(find_setting("http"), nullptr);
}

TEST(SettingTable, HasDefaultsThatAreValid) {
  for (const SettingInfo& setting : all_settings()) {
    if (setting.fallback.empty()) continue;
    const auto value = parse_json(setting.fallback);
    ASSERT_TRUE(value) << setting.key;
    FieldErrors errors;
    EXPECT_TRUE(check_value(setting, *value, "", "/", errors)) << setting.key;
  }
}

TEST(SettingTable, IsDescribedWhole) {
  const std::string help = help_text();
  const std::string page = settings_page();
  for (const SettingInfo& setting : all_settings()) {
    EXPECT_NE(help.find("--" + flag_name(setting)), std::string::npos) << setting.key;
    EXPECT_NE(help.find(environment_name(setting)), std::string::npos) << setting.key;
    EXPECT_NE(page.find("| `" + std::string(setting.key) + "` |"), std::string::npos) << setting.key;
  }
}

// Set SIM_RENEW=1 to write the file anew after a change of the table.
TEST(SettingSchema, IsTheFileInTheConfigFolder) {
  const std::string path = config_folder + "/schema/simhost.schema.json";
  const std::string schema = to_pretty_json(settings_schema());
  if (std::getenv("SIM_RENEW") != nullptr) std::ofstream(path, std::ios::binary) << schema;
  EXPECT_EQ(text_of(path), schema) << "the table of settings has changed: run with SIM_RENEW=1";
}

TEST(SettingSchema, AcceptsTheShippedFileAndRefusesFaults) {
  const auto schema = JsonSchema::make(settings_schema());
  ASSERT_TRUE(schema) << schema.error().detail;
  const auto shipped = parse_json(text_of(config_folder + "/simhost.json"));
  ASSERT_TRUE(shipped);
  FieldErrors errors;
  schema->validate(*shipped, "", errors);
  EXPECT_TRUE(errors.empty()) << errors.at(0).pointer;
  schema->validate(parse_json(R"({"http":{"port":70000,"prot":1},"plugins":{"m":{"x":1}}})").value(), "", errors);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].pointer, "/http/port");
  EXPECT_EQ(errors[1].pointer, "/http/prot");
}

TEST(SettingsFile, AsShippedGivesTheDefaults) {
  Sources sources{.environment = {{"HOME", "/h"}}, .flags = {}, .working_folder = "/"};
  const auto plain = load_settings(sources);
  ASSERT_TRUE(plain);
  sources.flags = {{"config", config_folder + "/simhost.json"}};
  const auto shipped = load_settings(sources);
  ASSERT_TRUE(shipped) << faults_text(shipped.error());
  ASSERT_EQ(plain->effective.size(), shipped->effective.size());
  for (std::size_t i = 0; i < plain->effective.size(); ++i) {
    EXPECT_EQ(plain->effective[i].value, shipped->effective[i].value) << plain->effective[i].key;
  }
}

}  // namespace
}  // namespace simhost::settings
