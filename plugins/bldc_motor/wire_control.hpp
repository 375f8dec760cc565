/// Control messages of clients, over REST, as JSON or as binary frames: what they say, and what it means to the model.
#pragma once

#include <sim/cpp/json.hpp>
#include <sim/cpp/values.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bldc_motor {

/// What a client asks for, in its own words and units; what is absent stays as it is.
struct ControlRequest {
  std::optional<std::size_t> control_mode;  ///< place in `control_modes`
  std::optional<bool> use_cascaded_control, enable_pid;
  std::optional<double> target_speed_rpm, target_current_a, target_torque_nm, load_torque_percent;
  std::optional<double> manual_voltage, manual_duty_cycle;
  std::optional<double> kp, ki, kd, current_kp, current_ki;

  bool operator==(const ControlRequest&) const = default;
};

/// A number a client may set: its name on the wire, where it goes, and its range.
struct ControlNumber {
  const char* name;
  std::optional<double> ControlRequest::*member;
  double min, max;
};
/// Of pid_params, the same over REST and WebSocket.
std::span<const ControlNumber> pid_numbers() noexcept;

/// The place of a mode in `control_modes`.
std::optional<std::size_t> find_mode(std::string_view name) noexcept;

/// A body that has been held against its schema; null means absent.
ControlRequest read_body(const sim::Value& body);

/// The data of a control_update message; otherwise says what is wrong with it.
std::optional<ControlRequest> read_update(const sim::Value& data, std::string& why);
/// What a binary frame of type 2 says, held to the same ranges.
std::optional<ControlRequest> read_update(std::span<const std::byte> frame, std::string& why);

/// What the model does now, as far as a message is read in its light.
struct Present {
  double control_mode = 0, manual_source = 0;
};
/// Variables to write, by id.
struct Writes {
  std::vector<std::uint32_t> ids;
  std::vector<double> values;
};
/// load_base_n_m: the torque of which load_torque_percent is a share.
Writes writes_of(const ControlRequest& control, const Present& present, double load_base_n_m);

/// The members of an object that echo what was set, without those in the model's own status
/// (target_speed_rpm, load_torque_percent, enable_pid).
void put_echo(sim::Json& json, const ControlRequest& control);

}  // namespace bldc_motor
