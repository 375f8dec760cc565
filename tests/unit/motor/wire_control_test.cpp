// From what clients ask for to the variables that are written.
#include <gmock/gmock.h>

#include <map>

#include <host/base/json.hpp>
#include <host/services/tables.hpp>
#include <plugins/bldc_motor/wire_control.hpp>
#include <plugins/bldc_motor/wire_variables.hpp>

namespace bldc_motor {
namespace {

using testing::HasSubstr;
using Written = std::map<std::uint32_t, double>;
constexpr double rated_n_m = 7.6;

/// Parsed JSON as a handler gets it.
struct Given {
  simhost::Value json;
  explicit Given(std::string_view text) : json(simhost::parse_json(text).value()) {}
  sim::Value value() const { return {&simhost::services::values_table, simhost::services::as_plugin_value(json)}; }
};

Written written(const ControlRequest& control, const Present& present = {}) {
  const Writes writes = writes_of(control, present, rated_n_m);
  EXPECT_EQ(writes.ids.size(), writes.values.size());
  Written all;
  for (std::size_t i = 0; i < writes.ids.size(); ++i) {
    EXPECT_FALSE(all.contains(writes.ids[i])) << "id " << writes.ids[i] << " is written twice";
    all[writes.ids[i]] = writes.values[i];
  }
  return all;
}
Written written(std::string_view body, const Present& present = {}) {
  return written(read_body(Given(body).value()), present);
}

std::string fault_of(std::string_view data) {
  std::string why;
  EXPECT_FALSE(read_update(Given(data).value(), why)) << data;
  return why;
}

TEST(MotorControl, WritesWhatTheReadmesExampleAsksFor) {
  EXPECT_EQ(
      written(R"({"target_speed_rpm":2000,"load_torque_percent":50,"pid_params":{"kp":1.2,"ki":0.15,"kd":0.02}})"),
      (Written{{id_of(&I::speed_setpoint_rpm), 2000},
               {id_of(&I::load_torque_n_m), 3.8},
               {id_of(&P::kp), 1.2},
               {id_of(&P::ki), 0.15},
               {id_of(&P::kd), 0.02}}));
}

TEST(MotorControl, WritesEveryOtherMember) {
  EXPECT_EQ(written(R"({"control_mode":"torque","use_cascaded_control":false,"enable_pid":false,"target_current_a":-3,
                        "target_torque_nm":4,"current_controller_params":{"kp":1.5,"ki":75}})"),
            (Written{{id_of(&I::control_mode), mode_torque},
                     {id_of(&I::use_cascaded_control), 0},
                     {id_of(&I::enable_pid), 0},
                     {id_of(&I::target_current_a), -3},
                     {id_of(&I::target_torque_n_m), 4},
                     {id_of(&P::current_kp_v_per_a), 1.5},
                     {id_of(&P::current_ki_v_per_a_s), 75}}));
}

TEST(MotorControl, TakesNullForAbsentInABody) {
  EXPECT_TRUE(written(R"({"target_speed_rpm":null,"control_mode":null,"pid_params":null,"enable_pid":null})").empty());
  EXPECT_EQ(written(R"({"pid_params":{"kp":2,"ki":null}})"), (Written{{id_of(&P::kp), 2}}));
}

TEST(MotorControl, KnowsAllSevenModes) {
  for (const char* mode : {"speed", "automatic", "manual", "current", "torque", "voltage", "duty_cycle"})
    EXPECT_TRUE(find_mode(mode)) << mode;
  EXPECT_FALSE(find_mode("pid_test"));
}

TEST(MotorControl, LetsTheLastManualCommandRule) {
  const auto source = id_of(&I::manual_source);
  const Present manual{mode_manual, source_voltage};
  EXPECT_EQ(written(R"({"manual_duty_cycle":0.5})", manual).at(source), source_duty_cycle);
  EXPECT_EQ(written(R"({"manual_voltage":12})", manual).at(source), source_voltage);
  EXPECT_EQ(written(R"({"manual_voltage":12,"manual_duty_cycle":0.5})", manual).at(source), source_voltage);
  EXPECT_FALSE(written(R"({"target_speed_rpm":1000})", manual).contains(source));
}

TEST(MotorControl, MakesASetPointEndTheOpenLoopOfTheVoltageModeOnly) {
  const auto source = id_of(&I::manual_source);
  const Present voltage{mode_voltage, source_voltage}, speed{mode_speed, source_speed};
  EXPECT_EQ(written(R"({"target_speed_rpm":1000})", voltage).at(source), source_speed);
  EXPECT_EQ(written(R"({"target_speed_rpm":1000,"manual_voltage":9})", voltage).at(source), source_voltage);
  EXPECT_FALSE(written(R"({"manual_duty_cycle":0.5})", voltage).contains(source));
  EXPECT_EQ(written(R"({"control_mode":"voltage"})", speed).at(source), source_voltage) << "it begins anew";
  EXPECT_EQ(written(R"({"control_mode":"voltage","target_speed_rpm":5})", speed).at(source), source_speed);
  EXPECT_FALSE(written(R"({"control_mode":"voltage"})", Present{mode_voltage, source_speed}).contains(source));
}

TEST(MotorUpdate, TakesIntegersAndFloats) {
  std::string why;
  const auto control = read_update(Given(R"({"target_speed_rpm":2000,"load_torque_percent":50.5})").value(), why);
  ASSERT_TRUE(control) << why;
  EXPECT_EQ(control->target_speed_rpm, 2000);
  EXPECT_EQ(control->load_torque_percent, 50.5);
}

TEST(MotorUpdate, IgnoresKeysItDoesNotKnow) {
  std::string why;
  const auto control = read_update(Given(R"({"enable_pid":true,"colour":"red","control_mode":"torque"})").value(), why);
  ASSERT_TRUE(control) << why;
  EXPECT_FALSE(control->control_mode);
  EXPECT_EQ(written(*control), (Written{{id_of(&I::enable_pid), 1}}));
}

TEST(MotorUpdate, NamesWhatIsWrong) {
  EXPECT_THAT(fault_of("null"), HasSubstr("data"));
  EXPECT_THAT(fault_of("[]"), HasSubstr("data"));
  EXPECT_THAT(fault_of("{}"), HasSubstr("at least one"));
  EXPECT_THAT(fault_of(R"({"colour":"red"})"), HasSubstr("at least one"));
  EXPECT_THAT(fault_of(R"({"target_speed_rpm":6000.5})"), HasSubstr("target_speed_rpm must be between 0 and 6000"));
  EXPECT_THAT(fault_of(R"({"target_speed_rpm":-1})"), HasSubstr("target_speed_rpm"));
  EXPECT_THAT(fault_of(R"({"load_torque_percent":201})"), HasSubstr("between 0 and 200"));
  EXPECT_THAT(fault_of(R"({"load_torque_percent":null})"), HasSubstr("must be a number"));
  EXPECT_THAT(fault_of(R"({"load_torque_percent":"50"})"), HasSubstr("must be a number"));
  EXPECT_THAT(fault_of(R"({"enable_pid":1})"), HasSubstr("enable_pid"));
  EXPECT_THAT(fault_of(R"({"pid_params":3})"), HasSubstr("pid_params"));
  EXPECT_THAT(fault_of(R"({"pid_params":{"kd":0.2}})"), HasSubstr("kd must be between 0 and 0.1"));
}

TEST(MotorUpdate, HoldsBinaryFramesToTheSameRanges) {
  std::vector<std::byte> frame(20);
  frame[1] = std::byte{2}, frame[3] = std::byte{12};
  std::string why;
  ASSERT_TRUE(read_update(frame, why)) << why;
  frame[8] = std::byte{0x7f}, frame[9] = std::byte{0xc0};  // a speed that is not a number
  EXPECT_FALSE(read_update(frame, why));
  EXPECT_THAT(why, HasSubstr("target_speed_rpm"));
}

TEST(MotorControl, EchoesWhatWasSet) {
  std::string text;
  sim::Json json(text);
  json.object();
  put_echo(json, read_body(Given(R"({"control_mode":"voltage","manual_voltage":12,"target_speed_rpm":5,
                                      "pid_params":{"kp":1}})")
                               .value()));
  json.end();
  EXPECT_EQ(text, R"({"control_mode":"voltage","manual_voltage":12.0,"pid_params":{"kp":1.0}})");
}

}  // namespace
}  // namespace bldc_motor
