/// Inputs, outputs and state of the battery as variables: id, name, unit, range, start and what they mean.
#pragma once

#include <sim/cpp/fields.hpp>

#include "groups.hpp"
#include "variables.hpp"

namespace battery_sensor {

inline constexpr const char* scenario_names[] = {"none",           "normal_operation", "high_temperature",
                                                 "power_outage",   "hvac_failure",     "battery_degradation",
                                                 "thermal_runaway"};
inline constexpr const char* mode_names[] = {"float", "discharge", "boost", "equalize"};
inline constexpr const char* charger_names[] = {"auto", "float", "boost", "equalize"};
inline constexpr const char* failure_names[] = {"none",    "thermal_runaway", "internal_short",
                                                "dry_out", "grid_corrosion",  "sulfation"};

using I = In<double>;
using O = Out<double>;
using S = State<double>;

/// Ids 101..199.
inline constexpr auto inputs =
    sim::fields<I>({sim::choice(&I::scenario, 101, "scenario", scenario_names, 0)
                        .titled("Scenario")
                        .described("With none the other inputs rule.")
                        .grouped(group::scenario),
                    sim::flag(&I::ambient_override, 102, "ambient_override", false)
                        .titled("Ambient given")
                        .described("ambient_temp_c replaces the scenario's course.")
                        .grouped(group::scenario),
                    sim::number(&I::ambient_temp_c, 103, "ambient_temp_c", "degC", -40, 80, 25)
                        .titled("Ambient temperature")
                        .grouped(group::scenario),
                    sim::flag(&I::mains, 104, "mains", true)
                        .titled("Mains")
                        .described("Without scenario: the charger is supplied.")
                        .grouped(group::scenario),
                    sim::number(&I::load_demand_a, 105, "load_demand_a", "A", 0, 1000, 0)
                        .titled("Load")
                        .described("Without scenario and mains: the current drawn.")
                        .grouped(group::scenario),
                    sim::choice(&I::charger, 106, "charger", charger_names, 0)
                        .titled("Charger")
                        .described("auto boosts until full, then floats.")
                        .grouped(group::charger)});

/// Ids 201..299.
inline constexpr auto outputs =
    sim::fields<O>({sim::number(&O::voltage_v, 201, "voltage_v", "V", -100, 1000, 0)
                        .titled("Voltage")
                        .described("Between the poles, as the meter reads it.")
                        .nominally(14)
                        .grouped(group::meter),
                    sim::number(&O::current_a, 202, "current_a", "A", -2000, 6000, 0)
                        .titled("Current")
                        .described("Positive charges; as the meter reads it.")
                        .nominally(30)
                        .grouped(group::meter),
                    sim::number(&O::temperature_c, 203, "temperature_c", "degC", -300, 500, 25)
                        .titled("Temperature")
                        .described("Of the jar, as the meter reads it.")
                        .nominally(75)
                        .grouped(group::meter),
                    sim::number(&O::internal_resistance_mohm, 204, "internal_resistance_mohm", "mOhm", 0, 100000, 3.5)
                        .titled("Internal resistance")
                        .nominally(10)
                        .grouped(group::electrical),
                    sim::number(&O::soh_pct, 205, "soh_pct", "%", 0, 100, 100)
                        .titled("State of health")
                        .described("Share of the capacity as new.")
                        .nominally(100)
                        .grouped(group::ageing),
                    sim::number(&O::soc_pct, 206, "soc_pct", "%", 0, 100, 100)
                        .titled("State of charge")
                        .nominally(100)
                        .grouped(group::electrical),
                    sim::choice(&O::mode, 207, "mode", mode_names, 0).titled("Mode").grouped(group::charger),
                    sim::number(&O::ambient_c, 208, "ambient_c", "degC", -100, 200, 25)
                        .titled("Ambient")
                        .nominally(60)
                        .grouped(group::scenario),
                    sim::flag(&O::thermal_alarm, 209, "thermal_alarm", false)
                        .titled("Thermal alarm")
                        .described("The jar has vented and is still hot.")
                        .grouped(group::heat)});

/// Ids 301..399: all that a checkpoint needs.
inline constexpr auto states = sim::fields<S>(
    {sim::number(&S::soc, 301, "soc", "1", 0, 1, 1).titled("State of charge").nominally(1).grouped(group::memory),
     sim::number(&S::soh, 302, "soh", "1", 0, 1, 1).titled("State of health").nominally(1).grouped(group::memory),
     sim::number(&S::r25_ohm, 303, "r25_ohm", "Ohm", 0, 10, 0.0035)
         .titled("Resistance at 25 degC")
         .nominally(0.01)
         .grouped(group::memory),
     sim::number(&S::t_jar_c, 304, "t_jar_c", "degC", -100, 200, 25)
         .titled("Jar temperature")
         .described("Without the meter's noise.")
         .nominally(75)
         .grouped(group::memory),
     sim::number(&S::v1_v, 305, "v1_v", "V", -1000, 1000, 0).titled("Polarisation").nominally(1).grouped(group::memory),
     sim::number(&S::soc_ref, 306, "soc_ref", "1", 0, 1, 1)
         .titled("Where the discharge began")
         .nominally(1)
         .grouped(group::memory),
     sim::flag(&S::cut, 307, "cut", false)
         .titled("Cut off")
         .described("The battery was empty, and waits for mains.")
         .grouped(group::memory),
     sim::choice(&S::charge_mode, 308, "charge_mode", mode_names, 0).titled("Mode held").grouped(group::memory),
     sim::number(&S::scenario_s, 309, "scenario_s", "s", 0, 1000000000000.0, 0)
         .titled("Time in the scenario")
         .nominally(3600)
         .grouped(group::memory),
     sim::number(&S::load_a, 310, "load_a", "A", 0, 1000, 0)
         .titled("Load of the outage")
         .nominally(30)
         .grouped(group::memory),
     sim::integer(&S::outages, 311, "outages", "", 0, 1000000000.0, 0)
         .titled("Outages so far")
         .nominally(10)
         .grouped(group::memory),
     sim::choice(&S::scenario_held, 312, "scenario_held", scenario_names, 0)
         .titled("Scenario held")
         .grouped(group::memory),
     sim::number(&S::equalize_s, 313, "equalize_s", "s", 0, 1000000000000.0, 0)
         .titled("Time equalized")
         .nominally(14400)
         .grouped(group::memory),
     sim::flag(&S::alarm, 314, "alarm", false).titled("Alarm held").grouped(group::memory),
     sim::choice(&S::failure, 315, "failure", failure_names, 0).titled("Sudden failure").grouped(group::failures),
     sim::number(&S::capacity_share, 316, "capacity_share", "1", 0, 2, 1)
         .titled("Capacity as built")
         .described("After tolerance and sulfation, of capacity_ah.")
         .nominally(1)
         .grouped(group::memory)});

}  // namespace battery_sensor
