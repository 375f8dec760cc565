/// Reads control messages and turns them into writes of the model's variables.
#include "wire_control.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "wire_binary.hpp"
#include "wire_text.hpp"
#include "wire_variables.hpp"

namespace bldc_motor {
namespace {

constexpr ControlNumber pid_list[] = {
    {"kp", &ControlRequest::kp, 0, 10}, {"ki", &ControlRequest::ki, 0, 1}, {"kd", &ControlRequest::kd, 0, 0.1}};
constexpr ControlNumber current_list[] = {{"kp", &ControlRequest::current_kp, 0, 20},
                                          {"ki", &ControlRequest::current_ki, 0, 2000}};
constexpr ControlNumber speed_of_update{"target_speed_rpm", &ControlRequest::target_speed_rpm, 0, 6000};
constexpr ControlNumber load_of_update{"load_torque_percent", &ControlRequest::load_torque_percent, 0, 200};
/// Beside load and speed, which the status shows.
constexpr ControlNumber other_list[] = {{"target_current_a", &ControlRequest::target_current_a, -100, 100},
                                        {"target_torque_nm", &ControlRequest::target_torque_nm, -20, 20},
                                        {"manual_voltage", &ControlRequest::manual_voltage, -60, 60},
                                        {"manual_duty_cycle", &ControlRequest::manual_duty_cycle, 0, 1}};

void take(const sim::Value& from, const char* name, std::optional<double>& to) {
  if (const auto value = from[name]; value.is_number()) to = value.number();
}
void take(const sim::Value& from, const char* name, std::optional<bool>& to) {
  if (const auto value = from[name]; value.is_boolean()) to = value.boolean();
}

std::string shown(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

bool in_range(const ControlNumber& number, double value, std::string& why) {
  if (value >= number.min && value <= number.max) return true;
  why = std::string(number.name) + " must be between " + shown(number.min) + " and " + shown(number.max);
  return false;
}

/// False where the member is there and no number in range.
bool take_checked(const sim::Value& from, const ControlNumber& number, ControlRequest& to, std::string& why) {
  const auto value = from[number.name];
  if (!value.exists()) return true;
  if (!value.is_number()) return why = std::string(number.name) + " must be a number", false;
  if (!in_range(number, value.number(), why)) return false;
  to.*number.member = value.number();
  return true;
}

bool take_pid(const sim::Value& params, ControlRequest& to, std::string& why) {
  if (!params.exists()) return true;
  if (!params.is_object()) return why = "pid_params must be an object with kp, ki and kd", false;
  return std::all_of(std::begin(pid_list), std::end(pid_list),
                     [&](const ControlNumber& number) { return take_checked(params, number, to, why); });
}

bool take_flag(const sim::Value& from, ControlRequest& to, std::string& why) {
  const auto value = from["enable_pid"];
  if (!value.exists()) return true;
  if (!value.is_boolean()) return why = "enable_pid must be true or false", false;
  to.enable_pid = value.boolean();
  return true;
}

/// Which manual command counts from now on: the one given last, the voltage where several come at once. A set-point
/// ends the open loop of the voltage mode only, and entering that mode begins it anew.
std::optional<double> manual_source(const ControlRequest& control, const Present& present) {
  const double mode = control.control_mode ? static_cast<double>(*control.control_mode) : present.control_mode;
  const bool enters = mode == mode_voltage && present.control_mode != mode_voltage;
  if (control.manual_voltage) return source_voltage;
  if (mode == mode_voltage && control.target_speed_rpm) return source_speed;
  if (enters) return source_voltage;
  if (mode != mode_voltage && control.manual_duty_cycle) return source_duty_cycle;
  return std::nullopt;
}

void add(Writes& writes, std::uint32_t id, std::optional<double> value) {
  if (!value) return;
  writes.ids.push_back(id);
  writes.values.push_back(*value);
}
std::optional<double> number_of(std::optional<bool> flag) {
  return flag ? std::optional<double>(*flag ? 1.0 : 0.0) : std::nullopt;
}

void put_group(sim::Json& json, const char* name, std::span<const ControlNumber> numbers,
               const ControlRequest& control) {
  const auto given = [&](const ControlNumber& number) { return (control.*number.member).has_value(); };
  if (std::none_of(numbers.begin(), numbers.end(), given)) return;
  json.key(name).object();
  for (const auto& number : numbers) {
    if (given(number)) put_real(json, number.name, *(control.*number.member));
  }
  json.end();
}

}  // namespace

std::span<const ControlNumber> pid_numbers() noexcept { return pid_list; }

std::optional<std::size_t> find_mode(std::string_view name) noexcept {
  const auto* found = std::find(std::begin(control_modes), std::end(control_modes), name);
  if (found == std::end(control_modes)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(control_modes));
}

ControlRequest read_body(const sim::Value& body) {
  ControlRequest control;
  if (const auto mode = body["control_mode"]; mode.is_text()) control.control_mode = find_mode(mode.text());
  take(body, "use_cascaded_control", control.use_cascaded_control);
  take(body, "enable_pid", control.enable_pid);
  take(body, "target_speed_rpm", control.target_speed_rpm);
  take(body, "load_torque_percent", control.load_torque_percent);
  for (const auto& number : other_list) take(body, number.name, control.*number.member);
  for (const auto& number : pid_list) take(body["pid_params"], number.name, control.*number.member);
  for (const auto& number : current_list) take(body["current_controller_params"], number.name, control.*number.member);
  return control;
}

std::optional<ControlRequest> read_update(const sim::Value& data, std::string& why) {
  if (!data.is_object()) return why = "control_update needs an object \"data\"", std::nullopt;
  ControlRequest control;
  const bool good = take_checked(data, speed_of_update, control, why) &&
                    take_checked(data, load_of_update, control, why) && take_flag(data, control, why) &&
                    take_pid(data["pid_params"], control, why);
  if (!good) return std::nullopt;
  if (control == ControlRequest{}) {
    why = "control_update needs at least one of target_speed_rpm, load_torque_percent, enable_pid and pid_params";
    return std::nullopt;
  }
  return control;
}

std::optional<ControlRequest> read_update(std::span<const std::byte> frame, std::string& why) {
  const char* fault = "";
  const auto given = read_control_frame(frame, fault);
  if (!given) return why = fault, std::nullopt;
  if (!in_range(speed_of_update, given->target_speed_rpm, why)) return std::nullopt;
  if (!in_range(load_of_update, given->load_torque_percent, why)) return std::nullopt;
  ControlRequest control;
  control.target_speed_rpm = given->target_speed_rpm;
  control.load_torque_percent = given->load_torque_percent;
  control.enable_pid = given->enable_pid;
  return control;
}

Writes writes_of(const ControlRequest& control, const Present& present, double load_base_n_m) {
  Writes writes;
  if (control.control_mode) add(writes, id_of(&I::control_mode), static_cast<double>(*control.control_mode));
  add(writes, id_of(&I::use_cascaded_control), number_of(control.use_cascaded_control));
  add(writes, id_of(&I::enable_pid), number_of(control.enable_pid));
  add(writes, id_of(&I::speed_setpoint_rpm), control.target_speed_rpm);
  if (control.load_torque_percent)
    add(writes, id_of(&I::load_torque_n_m), *control.load_torque_percent / 100 * load_base_n_m);
  add(writes, id_of(&I::target_current_a), control.target_current_a);
  add(writes, id_of(&I::target_torque_n_m), control.target_torque_nm);
  add(writes, id_of(&I::manual_voltage_v), control.manual_voltage);
  add(writes, id_of(&I::manual_duty_cycle), control.manual_duty_cycle);
  add(writes, id_of(&I::manual_source), manual_source(control, present));
  add(writes, id_of(&P::kp), control.kp);
  add(writes, id_of(&P::ki), control.ki);
  add(writes, id_of(&P::kd), control.kd);
  add(writes, id_of(&P::current_kp_v_per_a), control.current_kp);
  add(writes, id_of(&P::current_ki_v_per_a_s), control.current_ki);
  return writes;
}

void put_echo(sim::Json& json, const ControlRequest& control) {
  if (control.control_mode) json.member("control_mode", control_modes[*control.control_mode]);
  if (control.use_cascaded_control) json.member("use_cascaded_control", *control.use_cascaded_control);
  for (const auto& number : other_list) {
    if (control.*number.member) put_real(json, number.name, *(control.*number.member));
  }
  put_group(json, "pid_params", pid_list, control);
  put_group(json, "current_controller_params", current_list, control);
}

}  // namespace bldc_motor
