/// Encodes frames: once per session and format, whoever listens.
#include "stream_frames.hpp"

#include <array>

#include "settings.hpp"
#include "wire_binary.hpp"
#include "wire_text.hpp"
#include "wire_variables.hpp"

namespace bldc_motor {
namespace {

constexpr std::size_t message_bytes_max = 2048;

/// Places in a frame; `ids` has the same order.
enum Place : std::uint32_t {
  speed,
  torque,
  current,
  voltage,
  power,
  efficiency,
  temperature,
  duty,
  current_error,
  control_input,
  saturated,
  mode,
  target_speed,
  target_current,
  target_torque,
  load,
  bus_voltage,
  switching_frequency,
  over_temperature,
  places
};
// clang-format off
constexpr std::array<std::uint32_t, places> ids = {
    id_of(&O::speed_rpm), id_of(&O::torque_n_m), id_of(&O::current_a), id_of(&O::voltage_v), id_of(&O::power_w),
    id_of(&O::efficiency), id_of(&O::temperature_c), id_of(&O::duty_cycle), id_of(&O::current_error_a),
    id_of(&O::control_input_v), id_of(&O::controller_saturated), id_of(&I::control_mode),
    id_of(&I::speed_setpoint_rpm), id_of(&I::target_current_a), id_of(&I::target_torque_n_m),
    id_of(&I::load_torque_n_m), id_of(&P::dc_bus_voltage_v), id_of(&P::switching_frequency_hz),
    id_of(&S::over_temperature)};
struct Member { const char* name; Place place; };
/// After the timestamp, in the order of the original.
constexpr Member numbers[] = {
    {"speed_rpm", speed}, {"torque_nm", torque}, {"current_a", current}, {"voltage_v", voltage}, {"power_w", power},
    {"efficiency", efficiency}, {"temperature_c", temperature}, {"target_speed_rpm", target_speed},
    {"target_current_a", target_current}, {"target_torque_nm", target_torque}, {"control_input", control_input},
    {"load_torque", load}, {"duty_cycle", duty}, {"dc_bus_voltage", bus_voltage},
    {"switching_frequency", switching_frequency}, {"current_error", current_error}};
// clang-format on

void put_text(const sim::Frame& now, const sim::Sink& sink) {
  char buffer[message_bytes_max];
  sim::Json json(buffer, sizeof buffer);
  json.object().member("type", "simulation_data");
  put_time(json, now.wall_ns());
  json.key("data").object();
  put_time(json, now.wall_ns());
  for (const auto& member : numbers) put_real(json, member.name, now.value(member.place));
  json.member("controller_saturated", now.value(saturated) > 0.5).member("simulation_step", now.tick());
  json.member("control_mode", control_modes[static_cast<std::size_t>(now.value(mode))]).end().end();
  if (json.ok()) sink.text(json.text());
}

void put_binary(const sim::Frame& now, const sim::Sink& sink) {
  const bool epoch = settings().time_slot == TimeSlot::epoch;
  const DataSlots slots{epoch ? unix_s(now.wall_ns()) : now.time_s(),
                        now.value(speed),
                        now.value(torque),
                        now.value(current),
                        now.value(voltage),
                        now.value(efficiency),
                        now.value(power),
                        now.value(temperature)};
  sink.binary(data_frame(now.wall_ns(), slots));
}

struct StreamError {
  std::string_view type, message, session;
  std::int64_t wall_ns;
};

/// data: writes further members.
template <class F>
void put_error(const StreamError& error, Format format, const sim::Sink& sink, F more) {
  std::string data;
  sim::Json json(data);
  json.object().member("error_type", error.type).member("message", error.message).member("session_id", error.session);
  put_time(json, error.wall_ns);
  more(json);
  json.end();
  if (format == Format::binary) {
    sink.binary(json_frame(FrameType::error, error.wall_ns, data));
    return;
  }
  std::string text;
  sim::Json message(text);
  message.object().member("type", "error");
  put_time(message, error.wall_ns);
  message.key("data").raw(data).end();
  sink.text(text);
}

void put_trip(const sim::Frame& now, Format format, const sim::Sink& sink) {
  const StreamError error{"over_temperature",
                          "Winding temperature reached its limit: the bridge is open until it has cooled down",
                          now.session(), now.wall_ns()};
  put_error(error, format, sink, [&](sim::Json& json) { put_real(json, "temperature_c", now.value(temperature)); });
}

}  // namespace

std::span<const std::uint32_t> frame_variables() noexcept { return ids; }

void put_ending(const sim_ending& ending, Format format, const sim::Sink& sink) {
  if (ending.state != SIM_STATE_FAILED) return;
  const std::string_view code = sim::view_of(ending.reason_code), detail = sim::view_of(ending.reason_detail);
  const StreamError error{"simulation_runtime_error", detail.empty() ? code : detail, sim::view_of(ending.session),
                          ending.at_wall_ns};
  put_error(error, format, sink, [&](sim::Json& json) { json.member("code", code); });
}

void put_frame(const sim::Frame* before, const sim::Frame& now, Format format, const sim::Sink& sink) {
  const bool trips = before != nullptr && before->value(over_temperature) < 0.5 && now.value(over_temperature) > 0.5;
  if (trips) put_trip(now, format, sink);
  format == Format::binary ? put_binary(now, sink) : put_text(now, sink);
}

}  // namespace bldc_motor
