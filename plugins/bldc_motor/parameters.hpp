/// The parameters of the motor as variables: id, name, unit, range, default and what they mean.
#pragma once

#include <sim/cpp/fields.hpp>

#include "groups.hpp"
#include "variables.hpp"

namespace bldc_motor {

using P = Param<double>;

/// Ids 1..99. What the machine is made of is fixed when a session is made; the rest can be tuned while it runs.
inline constexpr auto parameters = sim::fields<P>(
    {sim::number(&P::resistance_ohm, 1, "resistance_ohm", "Ohm", 1e-3, 10, 0.08)
         .titled("Winding resistance")
         .described("Line to line, at 20 degC.")
         .fixed()
         .grouped(group::machine),
     sim::number(&P::inductance_h, 2, "inductance_h", "H", 1e-5, 0.1, 0.0015)
         .titled("Winding inductance")
         .described("Line to line.")
         .fixed()
         .grouped(group::machine),
     sim::number(&P::kt_n_m_per_a, 3, "kt_n_m_per_a", "N.m/A", 1e-3, 10, 0.169)
         .titled("Torque constant")
         .fixed()
         .grouped(group::machine),
     sim::number(&P::ke_v_s_per_rad, 4, "ke_v_s_per_rad", "V.s/rad", 1e-3, 10, 0.169)
         .titled("Back-EMF constant")
         .fixed()
         .grouped(group::machine),
     sim::integer(&P::pole_pairs, 5, "pole_pairs", "", 1, 50, 4)
         .titled("Pole pairs")
         .described("Counts for field weakening only.")
         .fixed()
         .grouped(group::machine),
     sim::number(&P::inertia_kg_m2, 6, "inertia_kg_m2", "kg.m2", 1e-6, 10, 0.001)
         .titled("Inertia")
         .described("Rotor and what turns with it.")
         .fixed()
         .grouped(group::machine),
     sim::number(&P::friction_n_m_s_per_rad, 7, "friction_n_m_s_per_rad", "N.m.s/rad", 0, 1, 0.001)
         .titled("Viscous friction")
         .fixed()
         .grouped(group::machine),
     sim::number(&P::rated_voltage_v, 10, "rated_voltage_v", "V", 1, 1000, 48)
         .titled("Rated voltage")
         .described("Name plate only.")
         .fixed()
         .grouped(group::plate),
     sim::number(&P::rated_current_a, 11, "rated_current_a", "A", 0.1, 1000, 45)
         .titled("Rated current")
         .described("What may flow for ever; the overload limit falls back to it.")
         .fixed()
         .grouped(group::plate),
     sim::number(&P::rated_speed_rpm, 12, "rated_speed_rpm", "rpm", 1, 60000, 3000)
         .titled("Rated speed")
         .described("Name plate only.")
         .fixed()
         .grouped(group::plate),
     sim::number(&P::rated_torque_n_m, 13, "rated_torque_n_m", "N.m", 1e-3, 1000, 7.6)
         .titled("Rated torque")
         .described("Name plate; what load percentages refer to.")
         .fixed()
         .grouped(group::plate),
     sim::number(&P::rated_power_w, 14, "rated_power_w", "W", 1, 1e6, 2000)
         .titled("Rated power")
         .described("Name plate only.")
         .fixed()
         .grouped(group::plate),
     sim::number(&P::max_speed_rpm, 15, "max_speed_rpm", "rpm", 100, 6000, 6000)
         .titled("Highest speed")
         .described("Set-points are held within it; base of the core loss.")
         .fixed()
         .grouped(group::limits),
     sim::number(&P::max_torque_n_m, 16, "max_torque_n_m", "N.m", 1e-3, 1000, 15)
         .titled("Highest torque")
         .described("Holds the set-point of the torque mode.")
         .fixed()
         .grouped(group::limits),
     sim::number(&P::peak_current_a, 17, "peak_current_a", "A", 0.1, 2000, 90)
         .titled("Peak current")
         .described("Limit until the overload time is used up.")
         .tunable()
         .grouped(group::limits),
     sim::number(&P::overload_time_s, 18, "overload_time_s", "s", 0.1, 600, 10)
         .titled("Overload time")
         .described("How long the peak current may flow from cold.")
         .tunable()
         .grouped(group::limits),
     sim::flag(&P::field_weakening, 19, "field_weakening", false)
         .titled("Field weakening")
         .described("Lets speed rise above what the bus voltage allows; reads the machine in dq.")
         .tunable()
         .grouped(group::limits),

     sim::number(&P::dc_bus_voltage_v, 20, "dc_bus_voltage_v", "V", 1, 1000, 48)
         .titled("Bus voltage")
         .tunable()
         .grouped(group::inverter),
     sim::number(&P::switching_frequency_hz, 21, "switching_frequency_hz", "Hz", 1000, 200000, 20000)
         .titled("Switching frequency")
         .tunable()
         .grouped(group::inverter),
     sim::number(&P::dead_time_us, 22, "dead_time_us", "us", 0, 20, 2)
         .titled("Dead time")
         .tunable()
         .grouped(group::inverter),
     sim::number(&P::switch_resistance_ohm, 23, "switch_resistance_ohm", "Ohm", 0, 1, 0.01)
         .titled("Switch resistance")
         .described("Of one switch; two conduct.")
         .tunable()
         .grouped(group::inverter),
     sim::number(&P::switching_time_us, 24, "switching_time_us", "us", 0, 10, 1)
         .titled("Switching time")
         .described("Loss per switching = bus voltage x current x this.")
         .tunable()
         .grouped(group::inverter),
     sim::number(&P::kp, 30, "kp", "V/rpm", 0, 10, 1)
         .titled("Proportional gain")
         .described("Of the PID; scales the cascade's by kp/1.")
         .tunable()
         .grouped(group::pid),
     sim::number(&P::ki, 31, "ki", "", 0, 1, 0.1)
         .titled("Integral gain")
         .described("V/(rpm s), of the PID; scales the cascade's by ki/0.1.")
         .tunable()
         .grouped(group::pid),
     sim::number(&P::kd, 32, "kd", "", 0, 0.1, 0.01)
         .titled("Derivative gain")
         .described("V s/rpm, of the PID; scales the cascade's by kd/0.01.")
         .tunable()
         .grouped(group::pid),
     sim::number(&P::integral_limit_rpm_s, 33, "integral_limit_rpm_s", "", 0, 1e4, 50)
         .titled("Integral limit")
         .described("Of the PID, in rpm s.")
         .tunable()
         .grouped(group::pid),
     sim::number(&P::derivative_filter_s, 34, "derivative_filter_s", "s", 0.001, 1, 0.01)
         .titled("Derivative filter")
         .described("Time constant, of PID and cascade.")
         .tunable()
         .grouped(group::pid),
     sim::number(&P::speed_bandwidth_hz, 40, "speed_bandwidth_hz", "Hz", 0.1, 100, 20)
         .titled("Speed loop crossover")
         .described("At kp = 1.")
         .tunable()
         .grouped(group::cascade),
     sim::number(&P::speed_bandwidth_max_hz, 41, "speed_bandwidth_max_hz", "Hz", 0.1, 100, 40)
         .titled("Highest crossover")
         .described("What kp cannot exceed.")
         .tunable()
         .grouped(group::cascade),
     sim::number(&P::setpoint_weight, 42, "setpoint_weight", "1", 0, 1, 0.8)
         .titled("Set-point weight")
         .described("Share of a set-point step that the proportional part sees.")
         .tunable()
         .grouped(group::cascade),
     sim::number(&P::current_bandwidth_hz, 43, "current_bandwidth_hz", "Hz", 10, 1000, 150)
         .titled("Current loop bandwidth")
         .described("Gives kp = L w and ki = R w where those are 0.")
         .tunable()
         .grouped(group::cascade),
     sim::number(&P::current_kp_v_per_a, 44, "current_kp_v_per_a", "Ohm", 0, 20, 0)
         .titled("Current loop kp")
         .described("0: from the bandwidth.")
         .tunable()
         .grouped(group::cascade),
     sim::number(&P::current_ki_v_per_a_s, 45, "current_ki_v_per_a_s", "", 0, 2000, 0)
         .titled("Current loop ki")
         .described("V/(A s); 0: from the bandwidth.")
         .tunable()
         .grouped(group::cascade),

     sim::number(&P::temperature_coefficient_per_k, 50, "temperature_coefficient_per_k", "1/K", 0, 0.01, 0.00393)
         .titled("Temperature coefficient of resistance")
         .described("From 20 degC.")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::core_loss_w, 51, "core_loss_w", "W", 0, 1000, 5)
         .titled("Core loss at highest speed")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::winding_capacity_j_per_k, 52, "winding_capacity_j_per_k", "J/K", 10, 1e6, 400)
         .titled("Heat capacity of the winding")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::winding_to_housing_k_per_w, 53, "winding_to_housing_k_per_w", "K/W", 0.01, 100, 0.15)
         .titled("Winding to housing")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::housing_capacity_j_per_k, 54, "housing_capacity_j_per_k", "J/K", 10, 1e6, 3500)
         .titled("Heat capacity of the housing")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::housing_to_ambient_k_per_w, 55, "housing_to_ambient_k_per_w", "K/W", 0.01, 100, 0.25)
         .titled("Housing to ambient")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::ambient_c, 56, "ambient_c", "degC", -40, 150, 25)
         .titled("Ambient temperature")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::derating_start_c, 57, "derating_start_c", "degC", 0, 300, 120)
         .titled("Derating from")
         .described("Winding temperature from which the current limit falls.")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::trip_c, 58, "trip_c", "degC", 0, 300, 140)
         .titled("Trip at")
         .described("Here the current limit is 0 and the bridge opens.")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::trip_clear_c, 59, "trip_clear_c", "degC", -40, 300, 110)
         .titled("Trip cleared below")
         .tunable()
         .grouped(group::heat)});

}  // namespace bldc_motor
