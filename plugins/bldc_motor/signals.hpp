/// Inputs, outputs and state of the motor as variables: id, name, unit, range, start and what they mean.
#pragma once

#include <sim/cpp/fields.hpp>

#include "groups.hpp"
#include "variables.hpp"

namespace bldc_motor {

inline constexpr const char* control_modes[] = {"speed",  "automatic", "manual",    "current",
                                                "torque", "voltage",   "duty_cycle"};
inline constexpr const char* manual_sources[] = {"voltage", "duty_cycle", "speed"};
inline constexpr const char* loop_names[] = {"none", "pid", "current", "speed"};
inline constexpr const char* faults[] = {"none", "over_temperature", "emergency_stop"};

using I = In<double>;
using O = Out<double>;
using S = State<double>;

/// Ids 101..199.
inline constexpr auto inputs = sim::fields<I>(
    {sim::choice(&I::control_mode, 101, "control_mode", control_modes, 0)
         .titled("Control mode")
         .described("speed, automatic and manual hold the speed set-point; manual is an open loop "
                    "while enable_pid is false; the others are literal.")
         .grouped(group::set_points),
     sim::number(&I::speed_setpoint_rpm, 102, "speed_setpoint_rpm", "rpm", -6000, 6000, 0)
         .titled("Speed set-point")
         .grouped(group::set_points),
     sim::number(&I::load_torque_n_m, 103, "load_torque_n_m", "N.m", -100, 100, 0)
         .titled("Load torque")
         .described("Opposes motion; negative: drives it on.")
         .grouped(group::set_points),
     sim::number(&I::target_current_a, 104, "target_current_a", "A", -100, 100, 0)
         .titled("Current set-point")
         .described("Of the current mode.")
         .grouped(group::set_points),
     sim::number(&I::target_torque_n_m, 105, "target_torque_n_m", "N.m", -20, 20, 0)
         .titled("Torque set-point")
         .described("Of the torque mode, in the air gap.")
         .grouped(group::set_points),
     sim::number(&I::manual_voltage_v, 106, "manual_voltage_v", "V", -60, 60, 0)
         .titled("Manual voltage")
         .described("Mean terminal voltage; held within the bus.")
         .grouped(group::set_points),
     sim::number(&I::manual_duty_cycle, 107, "manual_duty_cycle", "1", 0, 1, 0)
         .titled("Manual duty cycle")
         .described("Uncompensated: dead time and drops are lost.")
         .displayed_in("%")
         .grouped(group::set_points),
     sim::flag(&I::use_cascaded_control, 108, "use_cascaded_control", true)
         .titled("Cascade")
         .described("Speed loop over current loop; else the literal PID.")
         .grouped(group::set_points),
     sim::flag(&I::enable_pid, 109, "enable_pid", true).titled("Closed loop in manual mode").grouped(group::set_points),
     sim::choice(&I::manual_source, 110, "manual_source", manual_sources, 0)
         .titled("Manual source")
         .described("Which manual command counts, the one given last: in manual mode without PID "
                    "voltage or duty_cycle; in voltage mode speed means the literal PID.")
         .grouped(group::set_points)});

/// Ids 201..299.
inline constexpr auto outputs =
    sim::fields<O>({sim::number(&O::speed_rpm, 201, "speed_rpm", "rpm", -30000, 30000, 0)
                        .titled("Speed")
                        .nominally(6000)
                        .grouped(group::shaft),
                    sim::number(&O::torque_n_m, 202, "torque_n_m", "N.m", -1000, 1000, 0)
                        .titled("Torque")
                        .described("In the air gap.")
                        .nominally(15)
                        .grouped(group::shaft),
                    sim::number(&O::current_a, 203, "current_a", "A", -5000, 5000, 0)
                        .titled("Current")
                        .nominally(90)
                        .grouped(group::electrical),
                    sim::number(&O::voltage_v, 204, "voltage_v", "V", -1000, 1000, 0)
                        .titled("Voltage")
                        .described("Mean between the terminals.")
                        .nominally(48)
                        .grouped(group::electrical),
                    sim::number(&O::power_w, 205, "power_w", "W", -1e6, 1e6, 0)
                        .titled("Shaft power")
                        .described("Negative: the load drives the machine.")
                        .nominally(2000)
                        .grouped(group::shaft),
                    sim::number(&O::efficiency, 206, "efficiency", "1", 0, 1, 0)
                        .titled("Efficiency")
                        .described("Of the machine, motoring or regenerating; 0 below 1 W.")
                        .displayed_in("%")
                        .grouped(group::shaft),
                    sim::number(&O::temperature_c, 207, "temperature_c", "degC", -40, 1000, 25)
                        .titled("Winding temperature")
                        .nominally(120)
                        .grouped(group::heat),
                    sim::number(&O::housing_temperature_c, 208, "housing_temperature_c", "degC", -40, 1000, 25)
                        .titled("Housing temperature")
                        .nominally(80)
                        .grouped(group::heat),
                    sim::number(&O::duty_cycle, 209, "duty_cycle", "1", 0, 1, 0)
                        .titled("Duty cycle")
                        .described("With what the inverter adds for dead time and drops.")
                        .displayed_in("%")
                        .grouped(group::electrical),
                    sim::number(&O::bus_power_w, 210, "bus_power_w", "W", -1e6, 1e6, 0)
                        .titled("Bus power")
                        .described("Machine and inverter losses; negative: fed back.")
                        .nominally(2000)
                        .grouped(group::electrical),
                    sim::number(&O::current_reference_a, 211, "current_reference_a", "A", -5000, 5000, 0)
                        .titled("Current reference")
                        .described("What the current loop aims at; 0 where it is out.")
                        .nominally(90)
                        .grouped(group::cascade),
                    sim::number(&O::current_error_a, 212, "current_error_a", "A", -5000, 5000, 0)
                        .titled("Current error")
                        .nominally(90)
                        .grouped(group::cascade),
                    sim::number(&O::control_input_v, 213, "control_input_v", "V", -1e6, 1e6, 0)
                        .titled("Voltage asked for")
                        .described("By the controller, before any limit.")
                        .nominally(48)
                        .grouped(group::cascade),
                    sim::flag(&O::controller_saturated, 214, "controller_saturated", false)
                        .titled("Limit reached")
                        .described("Of voltage or current.")
                        .grouped(group::cascade),
                    sim::number(&O::current_limit_a, 215, "current_limit_a", "A", 0, 5000, 90)
                        .titled("Current limit")
                        .described("After overload and derating; 0: the bridge is open.")
                        .nominally(90)
                        .grouped(group::limits),
                    sim::number(&O::direct_current_a, 216, "direct_current_a", "A", -5000, 0, 0)
                        .titled("Field-weakening current")
                        .described("i_d, phase amplitude.")
                        .nominally(30)
                        .grouped(group::electrical),
                    sim::choice(&O::fault, 217, "fault", faults, 0).titled("Fault").grouped(group::limits)});

/// Ids 301..399: all that a checkpoint needs.
inline constexpr auto states = sim::fields<S>(
    {sim::number(&S::winding_current_a, 301, "winding_current_a", "A", -5000, 5000, 0)
         .titled("Winding current")
         .nominally(90)
         .grouped(group::electrical),
     sim::number(&S::shaft_speed_rad_s, 302, "shaft_speed_rad_s", "rad/s", -3000, 3000, 0)
         .titled("Shaft speed")
         .nominally(600)
         .grouped(group::shaft),
     sim::number(&S::winding_node_c, 303, "winding_node_c", "degC", -40, 1000, 25)
         .titled("Winding node")
         .nominally(120)
         .grouped(group::heat),
     sim::number(&S::housing_node_c, 304, "housing_node_c", "degC", -40, 1000, 25)
         .titled("Housing node")
         .nominally(80)
         .grouped(group::heat),
     sim::number(&S::overload_a2_s, 305, "overload_a2_s", "", 0, 1e9, 0)
         .titled("Overload used up")
         .described("A^2 s above the rated current.")
         .nominally(60750)
         .grouped(group::limits),
     sim::flag(&S::overload_limiting, 306, "overload_limiting", false)
         .titled("Overload limit")
         .described("The current limit is the rated current.")
         .grouped(group::limits),
     sim::flag(&S::over_temperature, 307, "over_temperature", false)
         .titled("Over-temperature trip")
         .grouped(group::limits),
     sim::flag(&S::emergency_stopped, 308, "emergency_stopped", false).titled("Emergency stop").grouped(group::limits),
     sim::choice(&S::loops, 309, "loops", loop_names, 3)
         .titled("Loops in")
         .described("What ruled in the last control period.")
         .grouped(group::memory),
     sim::number(&S::current_integral_v, 310, "current_integral_v", "V", -1e6, 1e6, 0)
         .nominally(48)
         .grouped(group::memory),
     sim::number(&S::speed_integral_a, 311, "speed_integral_a", "A", -1e6, 1e6, 0).nominally(90).grouped(group::memory),
     sim::number(&S::filtered_speed_rad_s, 312, "filtered_speed_rad_s", "rad/s", -3000, 3000, 0)
         .nominally(600)
         .grouped(group::memory),
     sim::number(&S::pid_integral_rpm_s, 313, "pid_integral_rpm_s", "", -1e4, 1e4, 0)
         .nominally(50)
         .grouped(group::memory),
     sim::number(&S::filtered_error_rpm, 314, "filtered_error_rpm", "rpm", -6e4, 6e4, 0)
         .nominally(6000)
         .grouped(group::memory)});

}  // namespace bldc_motor
