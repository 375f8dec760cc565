// Collects the faults of a descriptor, each with a pointer to its place, so that an author sees all of them at once.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>
#include <host/plugin/descriptor.hpp>

namespace simhost::plugin {

class Faults {
 public:
  void add(const std::string& pointer, std::string text) { errors_.push_back({pointer, "not_valid", std::move(text)}); }
  // The text at from, which is optional (null: empty); a fault when it is too long or no UTF-8.
  std::string text(const std::string& pointer, const char* from);
  // Adds a fault when an id or a name is not the only one of its set.
  template <class T>
  void once(std::set<T>& seen, const T& value, const std::string& pointer, const std::string& said) {
    if (!seen.insert(value).second) add(pointer, said + " is used twice; give each its own, and never reuse one");
  }
  // Error plugin_bad_descriptor over all faults, or nothing when there is none.
  [[nodiscard]] Outcome outcome(const std::string& subject) const;

 private:
  std::vector<FieldError> errors_;
};

enum class Role : std::uint8_t { variable, argument };  // arguments have no causality and no id of their own

// One variable, its own rules checked; units are those of its model.
Variable read_variable(const sim_var& from, Role role, const std::vector<Unit>& units, const std::string& pointer,
                       Faults& faults);

}  // namespace simhost::plugin
