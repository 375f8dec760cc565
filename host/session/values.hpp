// Values of variables as requests carry them: scalars or arrays per lane, checked against the descriptor.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/field_errors.hpp>
#include <host/engine/write.hpp>
#include <host/plugin/descriptor.hpp>

namespace simhost::session {

// creation: any parameter that is not constant, and inputs. running: tunable parameters and inputs.
enum class Moment : std::uint8_t { creation, running };

// One scalar as the descriptor has it; adds a fault and gives 0 where it is not.
double read_scalar(const plugin::Variable& variable, const Value& value, std::string_view pointer, FieldErrors& errors);

// The variable a member of an object of values names, when it may be written; else adds a fault at its place.
const plugin::Variable* find_writable(const plugin::Descriptor& descriptor, std::uint32_t causality, Moment moment,
                                      const Member& member, std::string_view pointer, FieldErrors& errors);

// The arguments of a command in the order of its table; those not given start as the descriptor has them.
std::vector<double> read_args(const Value* args, const plugin::Command& command, std::string_view pointer,
                              FieldErrors& errors);

// An object {"name": scalar or array of `lanes` values}. causality 0: inputs and parameters, else that one only.
void read_values(const Value& object, std::string_view pointer, const plugin::Descriptor& descriptor,
                 std::uint32_t causality, Moment moment, std::uint32_t lanes, std::vector<engine::WriteItem>& items,
                 FieldErrors& errors);

// "all", null or an array of lane numbers below lanes: ascending, empty meaning all.
std::vector<std::uint32_t> read_lanes(const Value* value, std::string_view pointer, std::uint32_t lanes,
                                      FieldErrors& errors);

// "fields" of a subscription or a recording: "*" (all outputs and states), null, or an array of names; ids once each,
// in the order given. Without a descriptor only the form is checked.
std::vector<std::uint32_t> read_fields(const Value* fields, const plugin::Descriptor* descriptor, FieldErrors& errors);

}  // namespace simhost::session
