/// What the catalogue says, on the wire.
#include "routes_motor.hpp"

#include "catalogue.hpp"
#include "wire_text.hpp"
#include "wire_variables.hpp"

namespace bldc_motor {
namespace {

constexpr const char* motor_kind = "BLDC";
constexpr double rated_power_kw = start_of(&P::rated_power_w) / 1000;

/// Of the query; the default where it names none.
const MotorType& motor_of(const sim::Request& request) {
  const MotorType* motor = find_motor(request.query("motor_id").value_or(""));
  return motor == nullptr ? motor_types().front() : *motor;
}

void put_physical(const MotorType& motor, sim::Json& json) {
  json.key("physical_parameters").object();
  put_real(json, "resistance", start_of(&P::resistance_ohm));
  put_real(json, "inductance", start_of(&P::inductance_h));
  put_real(json, "kt", motor.torque_constant);
  put_real(json, "ke", motor.torque_constant);
  json.member("pole_pairs", static_cast<int>(start_of(&P::pole_pairs)));
  put_real(json, "inertia", start_of(&P::inertia_kg_m2));
  json.end();
}

}  // namespace

void get_motor(sim::Request& request, sim::Reply& reply) {
  const MotorType& motor = motor_of(request);
  reply.json([&](sim::Json& json) {
    json.object().member("motor_id", motor.id).member("name", motor.name).member("type", motor_kind);
    put_real(json, "rated_power_kw", rated_power_kw);
    put_real(json, "rated_voltage_v", start_of(&P::rated_voltage_v));
    put_real(json, "rated_current_a", motor.rated_current_a);
    put_real(json, "rated_speed_rpm", start_of(&P::rated_speed_rpm));
    put_real(json, "rated_torque_nm", motor.rated_torque_nm);
    put_real(json, "max_speed_rpm", start_of(&P::max_speed_rpm));
    put_real(json, "max_torque_nm", start_of(&P::max_torque_n_m));
    put_physical(motor, json);
    json.member("control_mode", "PWM").key("pwm_parameters").object();
    put_real(json, "dc_bus_voltage", start_of(&P::dc_bus_voltage_v));
    put_real(json, "switching_frequency", start_of(&P::switching_frequency_hz));
    put_real(json, "dead_time_us", start_of(&P::dead_time_us));
    json.end().end();
  });
}

void get_efficiency(sim::Request& request, sim::Reply& reply) {
  const auto points = efficiency_points(motor_of(request));
  reply.json([&](sim::Json& json) {
    json.object().key("efficiency_points").array();
    for (const auto& point : points) {
      json.object();
      put_real(json, "speed_rpm", point.speed_rpm);
      put_real(json, "torque_nm", point.torque_nm);
      put_real(json, "efficiency", point.efficiency);
      put_real(json, "power_w", point.power_w);
      json.end();
    }
    json.end().end();
  });
}

void get_models(sim::Request&, sim::Reply& reply) {
  reply.json([](sim::Json& json) {
    json.object().key("available_motors").object();
    for (const auto& motor : motor_types()) {
      json.key(motor.id).object().member("name", motor.name).member("type", motor_kind);
      put_real(json, "rated_power_kw", rated_power_kw);
      put_real(json, "rated_voltage_v", start_of(&P::rated_voltage_v));
      json.member("description", motor.description).end();
    }
    json.end().member("total_count", motor_types().size()).member("default_motor", motor_types().front().id).end();
  });
}

}  // namespace bldc_motor
