/// The variables of the model by the ids under which the host knows them.
#pragma once

#include "signals.hpp"

namespace battery_sensor {

consteval std::uint32_t id_of(double I::*member) { return sim::row_in(inputs, member).id; }
consteval std::uint32_t id_of(double O::*member) { return sim::row_in(outputs, member).id; }

}  // namespace battery_sensor
