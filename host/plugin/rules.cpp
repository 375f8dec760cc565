// The rules of one variable, and the list of faults.
#include <host/plugin/rules.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

#include <host/base/limits.hpp>
#include <host/base/utf8.hpp>
#include <host/plugin/words.hpp>

namespace simhost::plugin {
namespace {

constexpr std::uint32_t variable_id_max = 1u << 31;
constexpr std::size_t enum_values_max = 256;

bool is_whole(double value) noexcept {
  return std::abs(value) <= static_cast<double>(limits::exact_integer) && std::floor(value) == value;
}

std::string shown(double value) {
  std::string text = std::to_string(value);
  while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
    const bool point = text.back() == '.';
    text.pop_back();
    if (point) break;
  }
  return text;
}

// The closed table of what may vary how.
bool is_legal(std::uint32_t type, std::uint32_t causality, std::uint32_t variability) noexcept {
  if (type != SIM_REAL && variability == SIM_CONTINUOUS) return false;
  switch (causality) {
    case SIM_PARAMETER:
      return variability == SIM_FIXED || variability == SIM_TUNABLE;
    case SIM_OUTPUT:
      return variability == SIM_CONSTANT || variability == SIM_CONTINUOUS || variability == SIM_DISCRETE;
    case SIM_INPUT:
    case SIM_STATE:
      return variability == SIM_CONTINUOUS || variability == SIM_DISCRETE;
    default:
      return false;
  }
}

void check_identity(const Variable& v, Role role, const std::string& at, Faults& faults) {
  if (!is_identifier(v.name)) faults.add(at + "/name", "is \"" + v.name + "\", " + std::string(identifier_rule));
  if (v.type < SIM_REAL || v.type > SIM_ENUM)
    faults.add(at + "/type", "is " + std::to_string(v.type) + ", known are 1 real, 2 integer, 3 boolean, 4 enum");
  if (role == Role::argument) return;
  if (v.id < 1 || v.id > variable_id_max)
    faults.add(at + "/id", "is " + std::to_string(v.id) + ", but ids go from 1 to 2^31");
  if (v.causality < SIM_PARAMETER || v.causality > SIM_STATE)
    faults.add(at + "/causality",
               "is " + std::to_string(v.causality) + ", known are 1 parameter, 2 input, 3 output, 4 state");
  else if (!is_legal(v.type, v.causality, v.variability))
    faults.add(at + "/variability",
               "is " + std::to_string(v.variability) +
                   ", but a parameter is 2 fixed or 3 tunable, an input or state 4 continuous (only if real) "
                   "or 5 discrete, an output also 1 constant");
}

void check_range(const Variable& v, const std::string& at, Faults& faults) {
  const bool finite =
      std::isfinite(v.min) && std::isfinite(v.max) && std::isfinite(v.start) && std::isfinite(v.nominal);
  if (!finite) {
    faults.add(at, "min, max, start and nominal of \"" + v.name + "\" are to be finite numbers");
    return;
  }
  if (v.min > v.max)
    faults.add(at + "/min", "is " + shown(v.min) + ", which is above max " + shown(v.max));
  else if (v.start < v.min || v.start > v.max)
    faults.add(at + "/start",
               "is " + shown(v.start) + ", which is outside of min " + shown(v.min) + " and max " + shown(v.max));
  if (v.type == SIM_REAL) return;
  if (!is_whole(v.min) || !is_whole(v.max) || !is_whole(v.start))
    faults.add(at, "min, max and start of \"" + v.name + "\" are to be whole numbers, exact in a double");
  if (v.type == SIM_BOOLEAN && (v.min < 0 || v.max > 1))
    faults.add(at, "min and max of the boolean \"" + v.name + "\" are to be 0 and 1");
}

void check_enum(const Variable& v, const std::string& at, Faults& faults) {
  if (v.type != SIM_ENUM) {
    if (!v.enum_names.empty()) faults.add(at + "/enum_names", "are given, but \"" + v.name + "\" is no enum");
    return;
  }
  if (v.enum_names.empty()) faults.add(at + "/enum_names", "are missing; list one name per value from 0");
  std::set<std::string> seen;
  for (const auto& name : v.enum_names) {
    if (name.empty() || name.size() > identifier_size_max)
      faults.add(at + "/enum_names", "hold an empty name, or one of more than 63 bytes");
    faults.once(seen, name, at + "/enum_names", "the name \"" + name + "\"");
  }
  const auto last = static_cast<double>(v.enum_names.size()) - 1;
  if (!v.enum_names.empty() && (v.min < 0 || v.max > last))
    faults.add(at, "min and max of the enum \"" + v.name + "\" are to lie between 0 and " + shown(last));
}

void read_units(const sim_var& from, const std::vector<Unit>& units, const std::string& at, Variable& v,
                Faults& faults) {
  const auto place_of = [&](std::uint32_t place, const char* key) -> const Unit* {
    if (place == SIM_NO_UNIT) return nullptr;
    if (place < units.size()) return &units[place];
    faults.add(at + "/" + key, "is place " + std::to_string(place) + " of a table of " + counted(units.size(), "unit"));
    return nullptr;
  };
  const Unit* unit = place_of(from.unit, "unit");
  const Unit* display = place_of(from.display_unit, "display_unit");
  if (unit != nullptr) v.unit = unit->name;
  if (display == nullptr) return;
  v.display_unit = display->name;
  if (unit == nullptr || unit->exponents != display->exponents)
    faults.add(at + "/display_unit",
               "\"" + display->name + "\" measures another quantity than the unit \"" + v.unit + "\"");
}

void read_enum(const sim_var& from, const std::string& at, Variable& v, Faults& faults) {
  if (from.n_enum > enum_values_max || (from.n_enum > 0 && from.enum_names == nullptr)) {
    faults.add(at + "/enum_names", "are missing, or more than " + std::to_string(enum_values_max));
    return;
  }
  for (std::uint32_t i = 0; i < from.n_enum; ++i)
    v.enum_names.push_back(faults.text(at + "/enum_names/" + std::to_string(i), from.enum_names[i]));
}

}  // namespace

std::string Faults::text(const std::string& pointer, const char* from) {
  if (from == nullptr) return {};
  const std::string text(from, ::strnlen(from, limits::plugin_text_bytes + 1));
  if (text.size() > limits::plugin_text_bytes) {
    add(pointer, "is longer than " + std::to_string(limits::plugin_text_bytes) + " bytes, or not terminated");
    return {};
  }
  if (is_utf8(text)) return text;
  add(pointer, "is no UTF-8");
  return {};
}

Outcome Faults::outcome(const std::string& subject) const {
  if (errors_.empty()) return {};
  Error error{"plugin_bad_descriptor", subject + " breaks " + counted(errors_.size(), "rule") + " of the ABI: "};
  error.errors.assign(errors_.begin(),
                      errors_.begin() + static_cast<std::ptrdiff_t>(std::min(errors_.size(), limits::listed_errors)));
  std::vector<std::string> lines;
  for (const auto& fault : error.errors) lines.push_back(fault.pointer + " " + fault.detail);
  error.detail += listed(lines, 3);
  return fail(std::move(error));
}

Variable read_variable(const sim_var& from, Role role, const std::vector<Unit>& units, const std::string& at,
                       Faults& faults) {
  Variable v;
  v.id = from.id;
  v.name = faults.text(at + "/name", from.name);
  v.title = faults.text(at + "/title", from.title);
  v.description = faults.text(at + "/description", from.description);
  v.group = faults.text(at + "/group", from.group);
  v.type = from.type;
  v.causality = role == Role::variable ? from.causality : 0;
  v.variability = role == Role::variable ? from.variability : 0;
  v.flags = from.flags;
  v.min = from.min;
  v.max = from.max;
  v.nominal = from.nominal;
  v.start = from.start;
  read_units(from, units, at, v, faults);
  read_enum(from, at, v, faults);
  check_identity(v, role, at, faults);
  check_range(v, at, faults);
  check_enum(v, at, faults);
  return v;
}

}  // namespace simhost::plugin
