// What differs between two descriptors of a model, and whether running sessions can be carried from one to the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <host/plugin/descriptor.hpp>

namespace simhost::plugin {

class Generation;

// same: nothing a session or client can see. additive: all that was still works. breaking: a value, a name, a range or
// a command that was may be gone or mean something else.
enum class Verdict : std::uint8_t { same, additive, breaking };
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

struct Change {
  std::string kind;  // "model", "variable", "command"
  std::string name;  // of the model for kind model, else "<variable>" or "<command>"
  std::uint32_t id = 0;
  Verdict weight = Verdict::additive;
  std::string detail;  // "max 200 -> 100: running values may lie outside"
};

struct DescriptorDiff {
  Verdict verdict = Verdict::same;
  std::vector<Change> added, removed, changed;
};

// Variables and commands are matched by their stable ids. Not compared: version, n_work, order, instance functions.
DescriptorDiff diff(const Descriptor& from, const Descriptor& to);

// All models of two generations of one plugin; a model that is gone is breaking.
DescriptorDiff diff(const Generation& from, const Generation& to);

}  // namespace simhost::plugin
