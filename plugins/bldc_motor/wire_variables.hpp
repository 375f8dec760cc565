/// The variables of the model by the ids under which the host knows them.
#pragma once

#include "parameters.hpp"
#include "signals.hpp"

namespace bldc_motor {

consteval std::uint32_t id_of(double I::*member) { return sim::row_in(inputs, member).id; }
consteval std::uint32_t id_of(double O::*member) { return sim::row_in(outputs, member).id; }
consteval std::uint32_t id_of(double P::*member) { return sim::row_in(parameters, member).id; }
consteval std::uint32_t id_of(double S::*member) { return sim::row_in(states, member).id; }

/// What a parameter is where nobody says otherwise.
consteval double start_of(double P::*member) { return sim::row_in(parameters, member).start; }

}  // namespace bldc_motor
