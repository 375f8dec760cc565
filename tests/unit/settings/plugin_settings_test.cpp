// Settings of plugins: which name counts when, types and ranges, faults with places, and warnings.
#include <host/settings/plugin_settings.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simhost::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PluginDeclaration motor() {
  return {"bldc_motor",
          {{.key = "host", .environment = "HOST", .role = SettingRole::listener_host, .fallback = "127.0.0.1"},
           {.key = "port",
            .environment = "PORT",
            .type = DeclaredType::integer,
            .role = SettingRole::listener_port,
            .min = 0,
            .max = 65535,
            .fallback = "8000"},
           {.key = "origins", .environment = "CORS_ORIGINS", .role = SettingRole::origins},
           {.key = "gain", .type = DeclaredType::real, .min = 0, .max = 1, .fallback = "0.5"},
           {.key = "epoch", .environment = "EPOCH", .type = DeclaredType::boolean, .fallback = "false"}}};
}

PluginDeclaration battery() {
  return {"battery_sensor",
          {{.key = "port", .environment = "PORT", .type = DeclaredType::integer, .fallback = "8003"}}};
}

std::string value_of(const PluginInput& input, std::string_view key, std::vector<PluginDeclaration> enabled) {
  const auto resolved = resolve_plugin(input, motor(), enabled);
  if (!resolved) return faults_text(resolved.error());
  for (const ResolvedSetting& setting : resolved->settings) {
    if (setting.key != key) continue;
    const std::string text = setting.value.is_string()    ? setting.value.string()
                             : setting.value.is_integer() ? std::to_string(setting.value.integer())
                                                          : std::to_string(setting.value.is_bool());
    return text + " " + setting.origin.place;
  }
  return "absent";
}

TEST(PluginSettings, FallBackToWhatThePluginDeclares) {
  const auto resolved = resolve_plugin({}, motor(), {});
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->settings.size(), 5U);
  EXPECT_EQ(*resolved->find("port"), Value(8000));
  EXPECT_EQ(*resolved->find(SettingRole::listener_host), Value("127.0.0.1"));
  EXPECT_EQ(*resolved->find("gain"), Value(0.5));
  EXPECT_EQ(*resolved->find("epoch"), Value(false));
  EXPECT_EQ(*resolved->find("origins"), Value(""));
  EXPECT_EQ(resolved->find("none"), nullptr);
  EXPECT_EQ(resolved->find(SettingRole::requests_per_minute), nullptr);
}

TEST(PluginSettings, ComeFromFlagFullNameBareNameAndFileInThisOrder) {
  PluginInput input;
  EXPECT_EQ(value_of(input, "port", {motor()}), "8000 default");
  input.values["bldc_motor"]["port"] = {Value(9000), {OriginKind::file, "f:1:2"}};
  EXPECT_EQ(value_of(input, "port", {motor()}), "9000 f:1:2");
  input.environment["PORT"] = "9001";
  EXPECT_EQ(value_of(input, "port", {motor()}), "9001 PORT");
  EXPECT_EQ(value_of(input, "port", {motor(), battery()}), "9000 f:1:2");
  input.environment["BLDC_MOTOR_PORT"] = "9002";
  EXPECT_EQ(value_of(input, "port", {motor(), battery()}), "9002 BLDC_MOTOR_PORT");
  input.values["bldc_motor"]["port"] = {Value("9003"), {OriginKind::flag, "--plugins.bldc_motor.port"}};
  EXPECT_EQ(value_of(input, "port", {motor()}), "9003 --plugins.bldc_motor.port");
}

TEST(PluginSettings, TakeABareNameWhileThePluginIsNotYetAmongTheEnabled) {
  PluginInput input;
  input.environment["PORT"] = "9001";
  EXPECT_EQ(value_of(input, "port", {}), "9001 PORT");
  EXPECT_EQ(value_of(input, "port", {battery()}), "8000 default");
}

TEST(PluginSettings, IgnoreEmptyVariables) {
  PluginInput input;
  input.environment["BLDC_MOTOR_PORT"] = "";
  input.environment["PORT"] = "";
  EXPECT_EQ(value_of(input, "port", {motor()}), "8000 default");
}

TEST(PluginSettings, TellAllFaultsWithTheirPlaces) {
  PluginInput input;
  input.values["bldc_motor"]["port"] = {Value("x"), {OriginKind::file, "f:1:1"}};
  input.values["bldc_motor"]["gain"] = {Value(2), {OriginKind::file, "f:2:1"}};
  input.values["bldc_motor"]["orgins"] = {Value("x"), {OriginKind::file, "f:3:1"}};
  input.environment["EPOCH"] = "perhaps";
  const auto resolved = resolve_plugin(input, motor(), {});
  ASSERT_FALSE(resolved);
  EXPECT_EQ(faults_text(resolved.error()),
            "f:1:1: plugins.bldc_motor.port: an integer is needed\n"
            "f:2:1: plugins.bldc_motor.gain: the value must be at least 0 and at most 1\n"
            "EPOCH: plugins.bldc_motor.epoch: true or false is needed\n"
            "f:3:1: plugins.bldc_motor.orgins: unknown setting \"orgins\"; did you mean \"origins\"?\n");
  const Error error = settings_error(resolved.error());
  EXPECT_EQ(error.code, "plugin_bad_settings");
  EXPECT_EQ(error.errors.size(), 4U);
}

TEST(PluginSettings, RefuseAPortOutOfItsRangeFromAnySource) {
  PluginInput input;
  input.environment["BLDC_MOTOR_PORT"] = "65536";
  EXPECT_EQ(value_of(input, "port", {}),
            "BLDC_MOTOR_PORT: plugins.bldc_motor.port: the value must be at least 0 and at most 65535\n");
}

TEST(PluginSettings, JoinAListOfTextsFromTheFile) {
  PluginInput input;
  input.values["bldc_motor"]["origins"] = {Value(Array{"http://a", "http://b"}), {OriginKind::file, "f:1:1"}};
  EXPECT_EQ(value_of(input, "origins", {}), "http://a,http://b f:1:1");
}

TEST(PluginSettings, WarnOfBareNamesThatCouldMeanSeveralPlugins) {
  PluginInput input;
  input.environment["PORT"] = "9001";
  input.environment["HOST"] = "127.0.0.1";
  EXPECT_THAT(plugin_warnings(input, std::vector{motor(), battery()}),
              ElementsAre("PORT is set but could mean several plugins, so it is ignored; use one of BLDC_MOTOR_PORT, "
                          "BATTERY_SENSOR_PORT"));
  EXPECT_THAT(plugin_warnings(input, std::vector{motor()}), IsEmpty());
}

TEST(PluginSettings, WarnOfValuesForPluginsThatAreNotThere) {
  PluginInput input;
  input.values["bldc_motr"]["port"] = {Value(1), {OriginKind::file, "f:4:3"}};
  EXPECT_THAT(plugin_warnings(input, std::vector{motor()}),
              ElementsAre("f:4:3: plugins.bldc_motr: unknown plugin \"bldc_motr\"; did you mean \"bldc_motor\"? Its "
                          "settings are not used."));
}

TEST(PluginSettings, NameVariablesAfterThePlugin) {
  EXPECT_EQ(plugin_variable("bldc_motor", "PORT"), "BLDC_MOTOR_PORT");
  EXPECT_EQ(plugin_variable("rocket-daq.v2", "HOST"), "ROCKET_DAQ_V2_HOST");
}

TEST(PluginSettings, ReadOriginsAsJsonOrCommaList) {
  EXPECT_THAT(origins_of("http://a, http://b ,"), ElementsAre("http://a", "http://b"));
  EXPECT_THAT(origins_of(R"(["http://a","http://b"])"), ElementsAre("http://a", "http://b"));
  EXPECT_THAT(origins_of(""), IsEmpty());
}

}  // namespace
}  // namespace simhost::settings
