/// The variables of the model by the ids under which the host knows them.
#pragma once

#include "signals.hpp"

namespace battery_sensor {

/// The id of a member, out of its table: wrong members do not compile.
template <class Struct, std::size_t N>
consteval std::uint32_t id_in(const sim::Fields<Struct, N>& table, double Struct::*member) {
  for (const auto& field : table.list) {
    if (field.member == member) return field.id;
  }
  throw "no such member";
}
consteval std::uint32_t id_of(double I::*member) { return id_in(inputs, member); }
consteval std::uint32_t id_of(double O::*member) { return id_in(outputs, member); }

}  // namespace battery_sensor
