/// The parameters of the battery as variables: id, name, unit, range, default and what they mean.
#pragma once

#include <sim/cpp/fields.hpp>

#include "groups.hpp"
#include "variables.hpp"

namespace battery_sensor {

inline constexpr const char* profile_names[] = {"healthy", "accelerated", "failing"};

using P = Param<double>;

/// Ids 1..99. What the jar is made of is fixed when a session is made; the rest can be tuned while it runs.
inline constexpr auto parameters = sim::fields<P>(
    {sim::choice(&P::profile, 1, "profile", profile_names, 0)
         .titled("Wear profile")
         .described("healthy, accelerated or failing: calendar loss 2, 8, 25 points and resistance growth 5, 15, 40 % "
                    "a year; cycle factor 1, 1.5, 2.")
         .tunable()
         .grouped(group::jar),
     sim::number(&P::initial_soh_pct, 2, "initial_soh_pct", "%", 0, 100, 100)
         .titled("State of health at the start")
         .described("Its resistance is that of a jar worn so far.")
         .fixed()
         .grouped(group::jar),
     sim::number(&P::initial_soc_pct, 3, "initial_soc_pct", "%", 0, 100, 100)
         .titled("State of charge at the start")
         .fixed()
         .grouped(group::jar),
     sim::number(&P::capacity_ah, 4, "capacity_ah", "A.h", 1, 5000, 120)
         .titled("Capacity as new")
         .described("At the rated discharge time.")
         .fixed()
         .grouped(group::jar),
     sim::number(&P::r0_mohm, 5, "r0_mohm", "mOhm", 0.01, 1000, 3.5)
         .titled("Resistance as new")
         .described("At 25 degC.")
         .fixed()
         .grouped(group::jar),
     sim::number(&P::tolerance, 6, "tolerance", "1", 0, 1, 0)
         .titled("Spread between jars")
         .described("1: capacity +-2.5 %, resistance +-10 %, uniform, drawn per lane.")
         .fixed()
         .grouped(group::jar),
     sim::flag(&P::noise, 7, "noise", true)
         .titled("Meter noise")
         .described("On voltage, current and temperature.")
         .tunable()
         .grouped(group::meter),
     sim::number(&P::ocv_empty_v, 8, "ocv_empty_v", "V", 0, 1000, 11.8)
         .titled("Open circuit, empty")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::ocv_slope_v, 9, "ocv_slope_v", "V", 0, 100, 0.9)
         .titled("Open circuit, rise with charge")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::ocv_cubic_v, 10, "ocv_cubic_v", "V", 0, 100, 0.05)
         .titled("Open circuit, rise with its cube")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::ocv_ageing, 11, "ocv_ageing", "1", 0, 0.5, 0.05)
         .titled("Open circuit lost over a whole life")
         .described("Share, at SOH 0.")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::cold_resistance_per_k, 12, "cold_resistance_per_k", "1/K", 0, 0.1, 0.01)
         .titled("Resistance rise in the cold")
         .described("Per kelvin below 25 degC.")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::polarisation_ratio, 13, "polarisation_ratio", "1", 0, 100, 12 / 3.5)
         .titled("Polarisation resistance")
         .described("In ohmic resistances.")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::polarisation_s, 14, "polarisation_s", "s", 1, 100000, 300)
         .titled("Polarisation time")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::rated_discharge_h, 15, "rated_discharge_h", "h", 1, 100, 20)
         .titled("Rated discharge time")
         .described("The capacity holds for it; Peukert's law from there.")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::peukert_exponent, 16, "peukert_exponent", "1", 1, 2, 1.15)
         .titled("Peukert exponent")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::cutoff_v, 17, "cutoff_v", "V", 0, 1000, 10.5)
         .titled("Cut-off")
         .described("The circuit opens here, until mains return.")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::knee_exponent, 18, "knee_exponent", "1", 1, 100, 20)
         .titled("Sharpness of the knee at the end")
         .fixed()
         .grouped(group::electrical),
     sim::number(&P::float_v, 19, "float_v", "V", 1, 1000, 13.65)
         .titled("Float voltage")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::boost_v, 20, "boost_v", "V", 1, 1000, 14.4)
         .titled("Boost voltage")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::equalize_v, 21, "equalize_v", "V", 1, 1000, 14.7)
         .titled("Equalize voltage")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::float_comp_v_per_k, 22, "float_comp_v_per_k", "", -0.1, 0.1, 0)
         .titled("Temperature compensation of the float voltage")
         .described("V/K from 25 degC.")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::current_limit_a, 23, "current_limit_a", "A", 0.1, 5000, 30)
         .titled("Current limit")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::acceptance_h, 24, "acceptance_h", "h", 0.1, 100, 0.8)
         .titled("Charge acceptance")
         .described("The current wanted is the missing charge over this.")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::charge_efficiency, 25, "charge_efficiency", "1", 0.1, 1, 0.99)
         .titled("Charge efficiency")
         .described("Beside gassing.")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::float_soc_pct, 26, "float_soc_pct", "%", 0, 100, 99)
         .titled("Boost ends at")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::equalize_h, 27, "equalize_h", "h", 0, 100, 4)
         .titled("Equalizing takes")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::float_current_factor, 28, "float_current_factor", "1", 0, 1000, 1)
         .titled("Float current factor")
         .described("Times the gas current; 10 and above: an aged or crowded jar.")
         .tunable()
         .grouped(group::charger),
     sim::number(&P::gas_current_a, 29, "gas_current_a", "A", 0, 100, 0.05)
         .titled("Gas current")
         .described("At 25 degC, gas_cell_v and SOH 100 %.")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::gas_doubling_k, 30, "gas_doubling_k", "K", 1, 100, 10)
         .titled("Gas current doubles per")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::gas_tafel_v, 31, "gas_tafel_v", "V", 0.01, 1, 0.12)
         .titled("Gas current, volts per decade")
         .described("Per cell.")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::gas_cell_v, 32, "gas_cell_v", "V", 1, 10, 2.275)
         .titled("Gas current holds at")
         .described("Per cell.")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::gas_ageing, 33, "gas_ageing", "1", 0, 100, 4)
         .titled("Gas current growth with wear")
         .described("1 + this (1 - SOH).")
         .fixed()
         .grouped(group::charger),
     sim::number(&P::rth_k_per_w, 34, "rth_k_per_w", "K/W", 0.001, 100, 0.35)
         .titled("Jar to ambient")
         .tunable()
         .grouped(group::heat),
     sim::number(&P::cth_j_per_k, 35, "cth_j_per_k", "J/K", 1, 10000000.0, 32000)
         .titled("Heat capacity")
         .fixed()
         .grouped(group::heat),
     sim::number(&P::vent_c, 36, "vent_c", "degC", 30, 200, 75)
         .titled("Venting temperature")
         .described("Held here, with the alarm.")
         .fixed()
         .grouped(group::heat),
     sim::number(&P::alarm_clear_c, 37, "alarm_clear_c", "degC", 0, 200, 60)
         .titled("Alarm ends below")
         .fixed()
         .grouped(group::heat),
     sim::number(&P::ea_ev, 38, "ea_ev", "eV", 0, 2, 0.549)
         .titled("Activation energy")
         .described("0.549: twice as fast per 10 K; 0.70: the rule of 8 K.")
         .tunable()
         .grouped(group::ageing),
     sim::number(&P::time_scale, 39, "time_scale", "1", 1, 100000000.0, 1)
         .titled("Calendar ageing goes faster by")
         .described("Not heat, charge, cycles, scenarios or time stamps.")
         .tunable()
         .grouped(group::ageing),
     sim::flag(&P::calendar_ageing, 40, "calendar_ageing", true)
         .titled("Ageing by time")
         .tunable()
         .grouped(group::ageing),
     sim::flag(&P::cycle_ageing, 41, "cycle_ageing", true).titled("Ageing by cycles").tunable().grouped(group::ageing),
     sim::number(&P::soh_loss_pct_per_year, 42, "soh_loss_pct_per_year", "%/year", 0, 1000, 0)
         .titled("Calendar loss")
         .described("0: the profile's.")
         .tunable()
         .grouped(group::ageing),
     sim::number(&P::resistance_growth_pct_per_year, 43, "resistance_growth_pct_per_year", "%/year", 0, 1000, 0)
         .titled("Resistance growth")
         .described("0: the profile's.")
         .tunable()
         .grouped(group::ageing),
     sim::number(&P::stress_high_v, 44, "stress_high_v", "V", 0, 1000, 13.7)
         .titled("Overcharge from")
         .fixed()
         .grouped(group::ageing),
     sim::number(&P::stress_high_per_v, 45, "stress_high_per_v", "", 0, 100, 0.5)
         .titled("Overcharge stress")
         .described("Per volt.")
         .fixed()
         .grouped(group::ageing),
     sim::number(&P::stress_low_v, 46, "stress_low_v", "V", 0, 1000, 13.5)
         .titled("Undercharge below")
         .fixed()
         .grouped(group::ageing),
     sim::number(&P::stress_low_per_v, 47, "stress_low_per_v", "", 0, 100, 0.3)
         .titled("Undercharge stress")
         .described("Per volt.")
         .fixed()
         .grouped(group::ageing),
     sim::number(&P::cycle_life, 48, "cycle_life", "1", 1, 1000000.0, 150)
         .titled("Full cycles to 80 %")
         .fixed()
         .grouped(group::ageing),
     sim::number(&P::cycle_exponent, 49, "cycle_exponent", "1", 1, 4, 1.31)
         .titled("Depth exponent")
         .described("Loss per cycle goes by depth to this.")
         .fixed()
         .grouped(group::ageing),
     sim::number(&P::cycle_factor, 50, "cycle_factor", "1", 0, 100, 0)
         .titled("Cycle factor")
         .described("0: the profile's.")
         .tunable()
         .grouped(group::ageing),
     sim::flag(&P::failures, 51, "failures", false).titled("Sudden failures").tunable().grouped(group::failures),
     sim::number(&P::failures_per_year, 52, "failures_per_year", "", 0, 1000, 0)
         .titled("Failures per year")
         .described("Of a jar above 80 %; 0: the profile's.")
         .tunable()
         .grouped(group::failures),
     sim::number(&P::voltage_noise_v, 53, "voltage_noise_v", "V", 0, 10, 0.02)
         .titled("Voltage noise")
         .described("Standard deviation.")
         .tunable()
         .grouped(group::meter),
     sim::number(&P::current_noise_a, 54, "current_noise_a", "A", 0, 100, 0.1)
         .titled("Current noise")
         .described("Standard deviation.")
         .tunable()
         .grouped(group::meter),
     sim::number(&P::temperature_noise_k, 55, "temperature_noise_k", "K", 0, 100, 0.3)
         .titled("Temperature noise")
         .described("Standard deviation.")
         .tunable()
         .grouped(group::meter)});

}  // namespace battery_sensor
