// Compares descriptors by stable ids.
#include <host/plugin/diff.hpp>

#include <algorithm>
#include <charconv>

#include <host/plugin/generation.hpp>

namespace simhost::plugin {
namespace {

std::string shown(double value) {
  char text[32];
  const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
  return {std::begin(text), end};
}
std::string shown(std::int64_t value) { return std::to_string(value); }
std::string shown(std::uint32_t value) { return std::to_string(value); }
std::string shown(const std::string& value) { return value.empty() ? "none" : "\"" + value + "\""; }

std::string type_name(std::uint32_t type) {
  constexpr const char* names[] = {"?", "real", "integer", "boolean", "enum"};
  return names[type <= SIM_ENUM ? type : 0];
}
std::string causality_name(std::uint32_t causality) {
  constexpr const char* names[] = {"argument", "parameter", "input", "output", "state"};
  return names[causality <= SIM_STATE ? causality : 0];
}
std::string variability_name(std::uint32_t variability) {
  constexpr const char* names[] = {"?", "constant", "fixed", "tunable", "continuous", "discrete"};
  return names[variability <= SIM_DISCRETE ? variability : 0];
}

bool is_prefix(const std::vector<std::string>& head, const std::vector<std::string>& list) {
  return head.size() <= list.size() && std::equal(head.begin(), head.end(), list.begin());
}

class Comparison {
 public:
  Comparison(const Descriptor& from, const Descriptor& to, DescriptorDiff& out) : from_(from), to_(to), out_(out) {}

  void run() {
    compare_model();
    match(from_.variables, to_.variables, "variable",
          [&](const auto& a, const auto& b) { compare_variable(a, b, a.name); });
    match(from_.commands, to_.commands, "command", [&](const auto& a, const auto& b) { compare_command(a, b); });
  }

 private:
  struct Subject {
    const char* kind = "model";
    std::string name;
    std::uint32_t id = 0;
  };

  void changed(Verdict weight, std::string detail) {
    out_.changed.push_back({subject_.kind, subject_.name, subject_.id, weight, std::move(detail)});
  }

  template <class T>
  void note(Verdict weight, const std::string& what, const T& a, const T& b, const std::string& why = {}) {
    if (a == b) return;
    changed(weight, what + " " + shown(a) + " -> " + shown(b) + (why.empty() ? "" : ": " + why));
  }

  template <class T>
  void match(const std::vector<T>& from, const std::vector<T>& to, const char* kind, auto&& compare) {
    const auto find = [](const std::vector<T>& list, std::uint32_t id) {
      return std::find_if(list.begin(), list.end(), [&](const T& item) { return item.id == id; });
    };
    for (const T& a : from) {
      subject_ = {kind, a.name, a.id};
      const auto b = find(to, a.id);
      if (b != to.end())
        compare(a, *b);
      else
        out_.removed.push_back({kind, a.name, a.id, Verdict::breaking, "is gone; ids and names once given stay"});
    }
    for (const T& b : to)
      if (find(from, b.id) == from.end()) out_.added.push_back({kind, b.name, b.id, Verdict::additive, added_text(b)});
  }

  static std::string added_text(const Variable& v) {
    return causality_name(v.causality) + ", starts at " + shown(v.start) + " in running sessions";
  }
  static std::string added_text(const Command&) { return "new"; }

  void compare_model() {
    subject_ = {"model", to_.id, 0};
    const auto& a = from_;
    const auto& b = to_;
    note(b.schema_version > a.schema_version ? Verdict::additive : Verdict::breaking, "schema_version",
         a.schema_version, b.schema_version,
         b.schema_version > a.schema_version ? "" : "state would go back to an older schema");
    note(b.step_min_ns > a.step_min_ns ? Verdict::breaking : Verdict::additive, "step_min_ns", a.step_min_ns,
         b.step_min_ns, b.step_min_ns > a.step_min_ns ? "running sessions may step finer" : "");
    note(b.step_max_ns < a.step_max_ns ? Verdict::breaking : Verdict::additive, "step_max_ns", a.step_max_ns,
         b.step_max_ns, b.step_max_ns < a.step_max_ns ? "running sessions may step coarser" : "");
    note(Verdict::additive, "step_default_ns", a.step_default_ns, b.step_default_ns);
    const bool fewer = b.max_lanes != 0 && (a.max_lanes == 0 || b.max_lanes < a.max_lanes);
    note(fewer ? Verdict::breaking : Verdict::additive, "max_lanes", a.max_lanes, b.max_lanes,
         fewer ? "running sessions may have more" : "");
    if (((a.flags ^ b.flags) & SIM_MODEL_DETERMINISTIC) != 0)
      changed(Verdict::additive,
              (b.flags & SIM_MODEL_DETERMINISTIC) != 0 ? "is deterministic now" : "is no longer deterministic");
    note(Verdict::additive, "title", a.title, b.title);
    if (a.description != b.description) changed(Verdict::additive, "description");
  }

  // said: how the variable is called in details; empty for what stands under its own name.
  void compare_variable(const Variable& a, const Variable& b, const std::string& said) {
    const std::string of = said == subject_.name ? "" : said + " ";
    note(Verdict::breaking, of + "name", a.name, b.name, "clients address it by the old one");
    note(Verdict::breaking, of + "type", type_name(a.type), type_name(b.type), "its value would mean something else");
    note(Verdict::breaking, of + "causality", causality_name(a.causality), causality_name(b.causality));
    compare_unit(a, b, of);
    compare_variability(a, b, of);
    compare_range(a, b, of);
    compare_enum(a, b, of);
    note(Verdict::additive, of + "start", a.start, b.start, "for new sessions");
    note(Verdict::additive, of + "nominal", a.nominal, b.nominal);
    note(Verdict::additive, of + "display_unit", a.display_unit, b.display_unit);
    note(Verdict::additive, of + "title", a.title, b.title);
    note(Verdict::additive, of + "group", a.group, b.group);
    note(Verdict::additive, of + "flags", a.flags, b.flags);
    if (a.description != b.description) changed(Verdict::additive, of + "description");
  }

  void compare_unit(const Variable& a, const Variable& b, const std::string& of) {
    note(Verdict::breaking, of + "unit", a.unit, b.unit, "its value would mean something else");
    const Unit* was = from_.find_unit(a.unit);
    const Unit* is = to_.find_unit(b.unit);
    if (a.unit == b.unit && was != nullptr && is != nullptr && !(*was == *is))
      changed(Verdict::breaking, of + "unit \"" + a.unit + "\" is defined differently");
  }

  void compare_variability(const Variable& a, const Variable& b, const std::string& of) {
    const bool frozen = a.variability == SIM_TUNABLE && b.variability != SIM_TUNABLE;
    note(frozen ? Verdict::breaking : Verdict::additive, of + "variability", variability_name(a.variability),
         variability_name(b.variability), frozen ? "clients may write it" : "");
  }

  void compare_range(const Variable& a, const Variable& b, const std::string& of) {
    const std::string why = "running values may lie outside";
    note(b.min > a.min ? Verdict::breaking : Verdict::additive, of + "min", a.min, b.min, b.min > a.min ? why : "");
    const bool grown_enum = a.type == SIM_ENUM && b.max > a.max;
    if (!grown_enum)
      note(b.max < a.max ? Verdict::breaking : Verdict::additive, of + "max", a.max, b.max, b.max < a.max ? why : "");
  }

  void compare_enum(const Variable& a, const Variable& b, const std::string& of) {
    if (a.enum_names == b.enum_names) return;
    if (is_prefix(a.enum_names, b.enum_names))
      changed(Verdict::additive,
              of + "has more values: " + std::to_string(b.enum_names.size() - a.enum_names.size()) + " new");
    else
      changed(Verdict::breaking, of + "enum values were removed, renamed or moved; append new ones at the end");
  }

  void compare_command(const Command& a, const Command& b) {
    note(Verdict::breaking, "name", a.name, b.name, "clients call it by the old one");
    const bool hazard = (b.flags & SIM_COMMAND_HAZARDOUS) > (a.flags & SIM_COMMAND_HAZARDOUS);
    note(hazard ? Verdict::breaking : Verdict::additive, "flags", a.flags, b.flags,
         hazard ? "it needs confirmation now" : "");
    const bool fewer = (a.states & ~b.states) != 0;
    note(fewer ? Verdict::breaking : Verdict::additive, "states", a.states, b.states,
         fewer ? "it was allowed in more" : "");
    note(Verdict::additive, "title", a.title, b.title);
    if (a.description != b.description) changed(Verdict::additive, "description");
    compare_list(a.args, b.args, "argument");
    compare_list(a.results, b.results, "result");
  }

  // Arguments and results have no ids: they are matched by name.
  void compare_list(const std::vector<Variable>& from, const std::vector<Variable>& to, const std::string& what) {
    const auto find = [](const std::vector<Variable>& list, const std::string& name) {
      return std::find_if(list.begin(), list.end(), [&](const Variable& v) { return v.name == name; });
    };
    for (const Variable& a : from) {
      const auto b = find(to, a.name);
      if (b == to.end())
        changed(Verdict::breaking, what + " \"" + a.name + "\" is gone");
      else
        compare_variable(a, *b, what + " " + a.name);
    }
    for (const Variable& b : to)
      if (find(from, b.name) == from.end()) changed(Verdict::additive, what + " \"" + b.name + "\" is new");
  }

  const Descriptor& from_;
  const Descriptor& to_;
  DescriptorDiff& out_;
  Subject subject_;
};

void judge(DescriptorDiff& diff) {
  for (const auto* list : {&diff.added, &diff.removed, &diff.changed})
    for (const auto& change : *list) diff.verdict = std::max(diff.verdict, change.weight);
}

}  // namespace

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::same:
      return "same";
    case Verdict::additive:
      return "additive";
    case Verdict::breaking:
      return "breaking";
  }
  return "breaking";
}

DescriptorDiff diff(const Descriptor& from, const Descriptor& to) {
  DescriptorDiff out;
  Comparison(from, to, out).run();
  judge(out);
  return out;
}

DescriptorDiff diff(const Generation& from, const Generation& to) {
  DescriptorDiff out;
  for (const auto& model : from.models()) {
    if (const ModelBinding* now = to.find_model(model->id()); now != nullptr)
      Comparison(model->descriptor(), now->descriptor(), out).run();
    else
      out.removed.push_back({"model", model->id(), 0, Verdict::breaking, "is gone"});
  }
  for (const auto& model : to.models())
    if (from.find_model(model->id()) == nullptr)
      out.added.push_back({"model", model->id(), 0, Verdict::additive, "new"});
  judge(out);
  return out;
}

}  // namespace simhost::plugin
