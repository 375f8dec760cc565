/// The variables of the model by the ids under which the host knows them.
#pragma once

#include "parameters.hpp"
#include "signals.hpp"

namespace bldc_motor {

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
consteval std::uint32_t id_of(double P::*member) { return id_in(parameters, member); }
consteval std::uint32_t id_of(double S::*member) { return id_in(states, member); }

/// What a parameter is where nobody says otherwise.
consteval double start_of(double P::*member) {
  for (const auto& field : parameters.list) {
    if (field.member == member) return field.start;
  }
  throw "no such member";
}

}  // namespace bldc_motor
