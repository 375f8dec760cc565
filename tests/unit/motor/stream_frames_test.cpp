// Frames of a session as messages: data, the one word of a trip, the last word of a failure.
#include <gtest/gtest.h>

#include <array>

#include <host/base/json.hpp>
#include <plugins/bldc_motor/stream_frames.hpp>
#include <plugins/bldc_motor/wire_variables.hpp>

namespace bldc_motor {
namespace {

struct Messages {
  std::vector<std::pair<std::uint32_t, std::string>> list;

  static int32_t add(void* self, std::uint32_t kind, const void* data, std::uint64_t size) noexcept {
    static_cast<Messages*>(self)->list.emplace_back(kind, std::string(static_cast<const char*>(data), size));
    return SIM_OK;
  }
  sim_sink table() { return {sizeof(sim_sink), 0, this, &add, nullptr}; }
  simhost::Value json(std::size_t place) const { return simhost::parse_json(list.at(place).second).value(); }
};

/// A frame whose variables have their ids for values, but for those set.
struct Picture {
  std::vector<double> values;
  std::vector<const double*> columns;
  sim_view view{};

  explicit Picture(std::uint64_t tick, bool tripped) {
    for (const std::uint32_t id : frame_variables()) values.push_back(id);
    set(id_of(&I::control_mode), mode_torque);
    set(id_of(&S::over_temperature), tripped ? 1 : 0);
    set(id_of(&O::controller_saturated), 1);
    for (const double& value : values) columns.push_back(&value);
    view = {sizeof(sim_view),          1,    static_cast<std::uint32_t>(columns.size()), 0,    {"sim_1_00000001", 14},
            1'700'000'000'000'000'000, tick, static_cast<double>(tick) * 1e-3,           1e-3, columns.data()};
  }
  void set(std::uint32_t id, double value) {
    const auto ids = frame_variables();
    values[static_cast<std::size_t>(std::find(ids.begin(), ids.end(), id) - ids.begin())] = value;
  }
  sim::Frame frame() const { return sim::Frame(&view); }
};

Messages encoded(const Picture* before, const Picture& now, Format format) {
  Messages messages;
  const sim_sink table = messages.table();
  const auto previous = before == nullptr ? std::nullopt : std::optional(before->frame());
  put_frame(previous ? &*previous : nullptr, now.frame(), format, sim::Sink(&table));
  return messages;
}

TEST(MotorFrames, PutEachVariableWhereItBelongs) {
  const auto messages = encoded(nullptr, Picture(1230, false), Format::json);
  ASSERT_EQ(messages.list.size(), 1u);
  const auto message = messages.json(0);
  EXPECT_EQ(message.find("timestamp")->number(), 1700000001.23);
  const simhost::Value& data = *message.find("data");
  const std::pair<const char*, std::uint32_t> members[] = {{"speed_rpm", id_of(&O::speed_rpm)},
                                                           {"torque_nm", id_of(&O::torque_n_m)},
                                                           {"current_a", id_of(&O::current_a)},
                                                           {"voltage_v", id_of(&O::voltage_v)},
                                                           {"power_w", id_of(&O::power_w)},
                                                           {"efficiency", id_of(&O::efficiency)},
                                                           {"temperature_c", id_of(&O::temperature_c)},
                                                           {"target_speed_rpm", id_of(&I::speed_setpoint_rpm)},
                                                           {"target_current_a", id_of(&I::target_current_a)},
                                                           {"target_torque_nm", id_of(&I::target_torque_n_m)},
                                                           {"control_input", id_of(&O::control_input_v)},
                                                           {"load_torque", id_of(&I::load_torque_n_m)},
                                                           {"duty_cycle", id_of(&O::duty_cycle)},
                                                           {"dc_bus_voltage", id_of(&P::dc_bus_voltage_v)},
                                                           {"switching_frequency", id_of(&P::switching_frequency_hz)},
                                                           {"current_error", id_of(&O::current_error_a)}};
  for (const auto& [name, id] : members) EXPECT_EQ(data.find(name)->number(), id) << name;
  EXPECT_TRUE(data.find("controller_saturated")->boolean());
  EXPECT_EQ(data.find("simulation_step")->integer(), 1230);
  EXPECT_EQ(data.find("control_mode")->string(), "torque");
}

TEST(MotorFrames, TellOfATripOnceBeforeItsData) {
  const Picture cool(10, false), hot(20, true), still_hot(30, true);
  const auto messages = encoded(&cool, hot, Format::json);
  ASSERT_EQ(messages.list.size(), 2u);
  EXPECT_EQ(messages.json(0).find("type")->string(), "error");
  EXPECT_EQ(messages.json(0).find("data")->find("error_type")->string(), "over_temperature");
  EXPECT_EQ(messages.json(0).find("data")->find("session_id")->string(), "sim_1_00000001");
  EXPECT_EQ(messages.json(1).find("type")->string(), "simulation_data");
  EXPECT_EQ(encoded(&hot, still_hot, Format::json).list.size(), 1u);
  EXPECT_EQ(encoded(nullptr, hot, Format::json).list.size(), 1u) << "who comes later has missed it";
  EXPECT_EQ(encoded(&hot, Picture(30, false), Format::json).list.size(), 1u);
}

TEST(MotorFrames, AreBinaryWhereThatIsAskedFor) {
  const auto messages = encoded(nullptr, Picture(500, false), Format::binary);
  ASSERT_EQ(messages.list.size(), 1u);
  EXPECT_EQ(messages.list[0].first, std::uint32_t{SIM_BINARY});
  ASSERT_EQ(messages.list[0].second.size(), 40u);
  EXPECT_EQ(messages.list[0].second.substr(8, 4), std::string("\x3f\x00\x00\x00", 4)) << "0.5 s since the start";
}

TEST(MotorFrames, SayWhyASessionFailed) {
  const sim_ending failed{sizeof(sim_ending),         SIM_STATE_FAILED,
                          1'700'000'000'500'000'000,  sim::text_of("sim_1_00000001"),
                          sim::text_of("non_finite"), sim::text_of("speed_rpm is no number")};
  for (const Format format : {Format::json, Format::binary}) {
    Messages messages;
    const sim_sink table = messages.table();
    put_ending(failed, format, sim::Sink(&table));
    ASSERT_EQ(messages.list.size(), 1u);
    const bool binary = format == Format::binary;
    EXPECT_EQ(messages.list[0].first, std::uint32_t{binary ? SIM_BINARY : SIM_TEXT});
    if (binary) messages.list[0].second.erase(0, 8);
    const auto json = messages.json(0);
    const simhost::Value& data = binary ? json : *json.find("data");
    EXPECT_EQ(data.find("error_type")->string(), "simulation_runtime_error");
    EXPECT_EQ(data.find("message")->string(), "speed_rpm is no number");
    EXPECT_EQ(data.find("timestamp")->number(), 1700000000.5);
  }
}

TEST(MotorFrames, SayNothingOfASessionThatWasStopped) {
  for (const std::uint32_t state : {0u, std::uint32_t{SIM_STATE_STOPPED}}) {
    Messages messages;
    const sim_sink table = messages.table();
    put_ending({sizeof(sim_ending), state, 0, {}, {}, {}}, Format::json, sim::Sink(&table));
    EXPECT_TRUE(messages.list.empty());
  }
}

}  // namespace
}  // namespace bldc_motor
