// The descriptor diff: one row per change a reload may meet.
#include <host/plugin/diff.hpp>

#include <gmock/gmock.h>

#include <functional>

namespace simhost::plugin {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Variable variable(std::uint32_t id, const std::string& name, std::uint32_t causality) {
  Variable v;
  v.id = id;
  v.name = name;
  v.type = SIM_REAL;
  v.causality = causality;
  v.variability = causality == SIM_PARAMETER ? SIM_TUNABLE : SIM_CONTINUOUS;
  v.unit = "rpm";
  v.min = -10;
  v.max = 10;
  return v;
}

Descriptor descriptor() {
  Descriptor d;
  d.id = "motor";
  d.version = "1.0";
  d.schema_version = 2;
  d.flags = SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC;
  d.max_lanes = 100;
  d.step_min_ns = 10;
  d.step_default_ns = 100;
  d.step_max_ns = 1000;
  d.units = {{"rpm", {0, 0, -1, 0, 0, 0, 0, 1}, 0.1, 0}, {"rad/s", {0, 0, -1, 0, 0, 0, 0, 1}, 1, 0}};
  d.variables = {variable(1, "gain", SIM_PARAMETER), variable(2, "speed_rpm", SIM_STATE),
                 variable(3, "mode", SIM_INPUT)};
  d.variables[2].type = SIM_ENUM;
  d.variables[2].enum_names = {"off", "on"};
  d.variables[2].min = 0;
  d.variables[2].max = 1;
  d.commands = {{7, "kick", "", "", 0, SIM_STATE_RUNNING | SIM_STATE_PAUSED, {variable(0, "force", 0)}, {}}};
  return d;
}

TEST(Diff, SaysSameWhenOnlyCodeAndVersionChange) {
  auto next = descriptor();
  next.version = "1.1";
  next.n_work = 4;
  std::swap(next.variables[0], next.variables[1]);  // order is no promise, ids are
  const auto found = diff(descriptor(), next);
  EXPECT_EQ(found.verdict, Verdict::same);
  EXPECT_THAT(found.added, IsEmpty());
  EXPECT_THAT(found.changed, IsEmpty());
}

TEST(Diff, JudgesEachChange) {
  struct Row {
    Verdict verdict;
    const char* words;
    std::function<void(Descriptor&)> change;
  };
  const auto additive = Verdict::additive, breaking = Verdict::breaking;
  const Row rows[] = {
      {additive, "starts at 0", [](auto& d) { d.variables.push_back(variable(9, "bias_rpm", SIM_PARAMETER)); }},
      {additive, "state, starts", [](auto& d) { d.variables.push_back(variable(9, "heat_k", SIM_STATE)); }},
      {breaking, "is gone", [](auto& d) { d.variables.erase(d.variables.begin()); }},
      {breaking, "name \"gain\" -> \"k\"", [](auto& d) { d.variables[0].name = "k"; }},
      {breaking, "is gone", [](auto& d) { d.variables[0].id = 10; }},
      {breaking, "type \"real\" -> \"integer\"", [](auto& d) { d.variables[0].type = SIM_INTEGER; }},
      {breaking, "\"parameter\" -> \"state\"", [](auto& d) { d.variables[0].causality = SIM_STATE; }},
      {breaking, "unit \"rpm\" -> \"rad/s\"", [](auto& d) { d.variables[1].unit = "rad/s"; }},
      {breaking, "defined differently", [](auto& d) { d.units[0].factor = 0.2; }},
      {breaking, "max 10 -> 5: running values", [](auto& d) { d.variables[1].max = 5; }},
      {breaking, "min -10 -> -9.5", [](auto& d) { d.variables[1].min = -9.5; }},
      {additive, "max 10 -> 20", [](auto& d) { d.variables[1].max = 20; }},
      {additive, "for new sessions", [](auto& d) { d.variables[1].start = 1; }},
      {breaking, "clients may write it", [](auto& d) { d.variables[0].variability = SIM_FIXED; }},
      {additive, "description", [](auto& d) { d.variables[0].description = "better words"; }},
      {additive, "1 new",
       [](auto& d) {
         d.variables[2].enum_names.push_back("auto");
         d.variables[2].max = 2;
       }},
      {breaking, "append new ones",
       [](auto& d) {
         d.variables[2].enum_names = {"on", "off"};
       }},
      {additive, "schema_version 2 -> 3", [](auto& d) { d.schema_version = 3; }},
      {breaking, "older schema", [](auto& d) { d.schema_version = 1; }},
      {breaking, "step finer", [](auto& d) { d.step_min_ns = 20; }},
      {breaking, "step coarser", [](auto& d) { d.step_max_ns = 500; }},
      {additive, "step_default_ns", [](auto& d) { d.step_default_ns = 200; }},
      {breaking, "may have more", [](auto& d) { d.max_lanes = 50; }},
      {additive, "max_lanes 100 -> 0", [](auto& d) { d.max_lanes = 0; }},
      {additive, "no longer deterministic", [](auto& d) { d.flags = SIM_MODEL_FLAT; }},
      {breaking, "is gone", [](auto& d) { d.commands.clear(); }},
      {breaking, "confirmation", [](auto& d) { d.commands[0].flags = SIM_COMMAND_HAZARDOUS; }},
      {breaking, "allowed in more", [](auto& d) { d.commands[0].states = SIM_STATE_PAUSED; }},
      {additive, "argument \"angle\" is new", [](auto& d) { d.commands[0].args.push_back(variable(0, "angle", 0)); }},
      {breaking, "argument \"force\" is gone", [](auto& d) { d.commands[0].args.clear(); }},
      {breaking, "argument force max", [](auto& d) { d.commands[0].args[0].max = 1; }},
  };
  for (const auto& row : rows) {
    auto next = descriptor();
    row.change(next);
    const auto found = diff(descriptor(), next);
    EXPECT_EQ(found.verdict, row.verdict) << row.words;
    std::string all;
    for (const auto* list : {&found.added, &found.removed, &found.changed})
      for (const auto& change : *list) all += change.kind + " " + change.name + ": " + change.detail + "\n";
    EXPECT_THAT(all, HasSubstr(row.words));
  }
}

TEST(Diff, IsBreakingWhenOneOfManyChangesIs) {
  auto next = descriptor();
  next.variables[0].title = "Gain";
  next.variables[1].max = 1;
  const auto found = diff(descriptor(), next);
  EXPECT_EQ(found.verdict, Verdict::breaking);
  EXPECT_EQ(found.changed.size(), 2u);
  EXPECT_EQ(name_of(found.verdict), "breaking");
}

}  // namespace
}  // namespace simhost::plugin
