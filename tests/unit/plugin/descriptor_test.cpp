// Descriptors: copied whole, stepped over by stride, and every broken rule told at once.
#include <host/plugin/descriptor.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <limits>

namespace simhost::plugin {
namespace {

using testing::HasSubstr;

const char* const modes[] = {"off", "on"};

sim_var variable(std::uint32_t id, const char* name, std::uint32_t causality, std::uint32_t variability) {
  sim_var v{};
  v.size = sizeof(v);
  v.id = id;
  v.name = name;
  v.type = SIM_REAL;
  v.causality = causality;
  v.variability = variability;
  v.unit = v.display_unit = SIM_NO_UNIT;
  v.min = -10;
  v.max = 10;
  v.nominal = 1;
  return v;
}

// A model in C tables that a test can spoil.
struct Plain {
  std::vector<sim_var> vars{
      variable(1, "torque_n_m", SIM_INPUT, SIM_CONTINUOUS), variable(9, "gain", SIM_PARAMETER, SIM_TUNABLE),
      variable(3, "speed_rpm", SIM_STATE, SIM_CONTINUOUS), variable(4, "current_a", SIM_INPUT, SIM_CONTINUOUS)};
  std::vector<sim_unit> units{{sizeof(sim_unit), {0, 0, -1, 0, 0, 0, 0, 1}, 0, "rpm", 0.1047, 0},
                              {sizeof(sim_unit), {0, 0, -1, 0, 0, 0, 0, 1}, 0, "rad/s", 1, 0},
                              {sizeof(sim_unit), {1, 2, -2, 0, 0, 0, 0, 0}, 0, "N.m", 1, 0}};
  std::vector<sim_var> args{variable(0, "angle_rad", 0, 0)};
  sim_command command{};
  sim_model_desc desc{};
  sim_model model{};

  Plain() {
    vars[2].unit = 0;
    vars[2].display_unit = 1;
    command.size = sizeof(command);
    command.id = 1;
    command.name = "home";
    command.run = [](void*, const sim_step*, const sim_lanes*, std::uint32_t, const double*, double*) -> std::int32_t {
      return SIM_OK;
    };
    desc.size = sizeof(desc);
    desc.flags = SIM_MODEL_FLAT;
    desc.schema_version = 1;
    desc.id = "plain";
    desc.version = "1.0";
    desc.step_min_ns = 1;
    desc.step_default_ns = 1000;
    desc.step_max_ns = 10000;
    model.size = sizeof(model);
    model.step = [](void*, const sim_step*, const sim_lanes*) -> std::int32_t { return SIM_OK; };
  }

  Result<Descriptor> read() {
    desc.vars = vars.data();
    desc.n_vars = static_cast<std::uint32_t>(vars.size());
    desc.units = units.data();
    desc.n_units = static_cast<std::uint32_t>(units.size());
    model.desc = &desc;
    auto tables = read_model_tables(&model);
    if (!tables) return fail(tables.error());
    tables->commands = {command};
    tables->arguments = {args};
    tables->results = {{}};
    return make_descriptor(*tables);
  }
};

TEST(DescriptorTest, HoldsItsOwnCopyOfEverything) {
  Plain plain;
  const auto made = plain.read();
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->id, "plain");
  EXPECT_EQ(made->title, "plain") << "a model without a title is called by its id";
  const Variable* speed = made->find("speed_rpm");
  ASSERT_NE(speed, nullptr);
  EXPECT_EQ(speed, made->find(3));
  EXPECT_EQ(speed->unit, "rpm");
  EXPECT_EQ(speed->display_unit, "rad/s");
  EXPECT_EQ(made->find("none"), nullptr);
  EXPECT_EQ(made->find(77), nullptr);
  ASSERT_NE(made->find_command("home"), nullptr);
  EXPECT_EQ(made->find_command("home")->states, SIM_STATE_READY | SIM_STATE_RUNNING | SIM_STATE_PAUSED);
  EXPECT_EQ(made->find_command("home")->args.at(0).name, "angle_rad");
}

TEST(DescriptorTest, CountsColumnsWithinEachCausality) {
  Plain plain;
  const auto made = plain.read();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->find(1)->column, 0u);
  EXPECT_EQ(made->find(4)->column, 1u);
  EXPECT_EQ(made->find(9)->column, 0u);
  EXPECT_EQ(made->count(SIM_INPUT), 2u);
  EXPECT_EQ(made->count(SIM_OUTPUT), 0u);
}

TEST(DescriptorTest, NamesEachBrokenRuleByItsPlace) {
  struct Row {
    const char *pointer, *words;
    std::function<void(Plain&)> spoil;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const Row rows[] = {
      {"/variables/3/id", "used twice", [](Plain& p) { p.vars[3].id = 1; }},
      {"/variables/3/name", "used twice", [](Plain& p) { p.vars[3].name = "gain"; }},
      {"/variables/0/id", "from 1", [](Plain& p) { p.vars[0].id = 0; }},
      {"/variables/0/name", "Torque", [](Plain& p) { p.vars[0].name = "Torque"; }},
      {"/variables/0/name", "starts with a letter", [](Plain& p) { p.vars[0].name = nullptr; }},
      {"/variables/0/title", "no UTF-8", [](Plain& p) { p.vars[0].title = "\xff"; }},
      {"/variables/0/type", "known are", [](Plain& p) { p.vars[0].type = 9; }},
      {"/variables/0/causality", "known are", [](Plain& p) { p.vars[0].causality = 0; }},
      {"/variables/1/variability", "fixed or 3 tunable", [](Plain& p) { p.vars[1].variability = SIM_CONTINUOUS; }},
      {"/variables/0/variability", "only if real", [](Plain& p) { p.vars[0].type = SIM_INTEGER; }},
      {"/variables/0/min", "above max", [](Plain& p) { p.vars[0].min = 11; }},
      {"/variables/0/start", "is 12, which is outside", [](Plain& p) { p.vars[0].start = 12; }},
      {"/variables/0", "finite", [infinity](Plain& p) { p.vars[0].max = infinity; }},
      {"/variables/0", "finite", [](Plain& p) { p.vars[0].start = std::numeric_limits<double>::quiet_NaN(); }},
      {"/variables/0", "whole numbers",
       [](Plain& p) {
         p.vars[0].type = SIM_INTEGER;
         p.vars[0].start = 0.5;
       }},
      {"/variables/0", "0 and 1", [](Plain& p) { p.vars[0].type = SIM_BOOLEAN; }},
      {"/variables/0/enum_names", "are missing", [](Plain& p) { p.vars[0].type = SIM_ENUM; }},
      {"/variables/0", "between 0 and 1",
       [](Plain& p) {
         p.vars[0].type = SIM_ENUM;
         p.vars[0].enum_names = modes;
         p.vars[0].n_enum = 2;
       }},
      {"/variables/0/enum_names", "is no enum",
       [](Plain& p) {
         p.vars[0].enum_names = modes;
         p.vars[0].n_enum = 2;
       }},
      {"/variables/2/unit", "place 8", [](Plain& p) { p.vars[2].unit = 8; }},
      {"/variables/2/display_unit", "another quantity", [](Plain& p) { p.vars[2].display_unit = 2; }},
      {"/units/1/name", "used twice", [](Plain& p) { p.units[1].name = "rpm"; }},
      {"/units/0/factor", "is 0", [](Plain& p) { p.units[0].factor = 0; }},
      {"/commands/0/run", "is missing", [](Plain& p) { p.command.run = nullptr; }},
      {"/commands/0/states", "name no state", [](Plain& p) { p.command.states = 64; }},
      {"/commands/0/args/0/name", "is \"\"", [](Plain& p) { p.args[0].name = ""; }},
      {"/id", "model id", [](Plain& p) { p.desc.id = "a/b"; }},
      {"/version", "is missing", [](Plain& p) { p.desc.version = nullptr; }},
      {"/schema_version", "counts from 1", [](Plain& p) { p.desc.schema_version = 0; }},
      {"/flags", "SIM_MODEL_FLAT", [](Plain& p) { p.desc.flags = 0; }},
      {"/step_default_ns", "does not hold", [](Plain& p) { p.desc.step_default_ns = 10001; }},
      {"/step", "is missing", [](Plain& p) { p.model.step = nullptr; }},
      {"/prepare", "nothing else fills work", [](Plain& p) { p.desc.n_work = 2; }},
  };
  for (const auto& row : rows) {
    Plain plain;
    row.spoil(plain);
    const auto made = plain.read();
    ASSERT_FALSE(made) << row.pointer << " " << row.words;
    EXPECT_EQ(made.error().code, "plugin_bad_descriptor");
    const auto& errors = made.error().errors;
    EXPECT_TRUE(std::any_of(
        errors.begin(), errors.end(),
        [&](const FieldError& e) { return e.pointer == row.pointer && e.detail.find(row.words) != std::string::npos; }))
        << row.pointer << " " << row.words << ": " << made.error().detail;
  }
}

TEST(DescriptorTest, TellsAllFaultsAtOnce) {
  Plain plain;
  plain.vars[0].min = 99;
  plain.vars[1].name = "Bad Name";
  plain.vars[3].id = 1;
  plain.desc.version = nullptr;
  const auto made = plain.read();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().errors.size(), 4u);
  EXPECT_THAT(made.error().detail, HasSubstr("breaks 4 rules"));
}

TEST(DescriptorTest, RefusesImpossibleSizesAndCounts) {
  const auto code = [](auto&& spoil) {
    Plain plain;
    plain.read().value();
    spoil(plain);
    const auto tables = read_model_tables(&plain.model);
    return tables ? std::string("read") : tables.error().code;
  };
  EXPECT_EQ(code([](Plain&) {}), "read");
  EXPECT_EQ(code([](Plain& p) { p.model.size = 8; }), "plugin_bad_descriptor");
  EXPECT_EQ(code([](Plain& p) { p.model.desc = nullptr; }), "plugin_bad_descriptor");
  EXPECT_EQ(code([](Plain& p) { p.desc.size = 3; }), "plugin_bad_descriptor");
  EXPECT_EQ(code([](Plain& p) { p.desc.n_vars = 4000000000u; }), "plugin_bad_descriptor");
  EXPECT_EQ(code([](Plain& p) { p.desc.vars = nullptr; }), "plugin_bad_descriptor");
  EXPECT_EQ(code([](Plain& p) { p.vars[0].size = 0; }), "plugin_bad_descriptor");
  EXPECT_EQ(code([](Plain& p) { p.vars[1].size = 120; }), "plugin_bad_descriptor") << "all of a list share one size";
  EXPECT_EQ(read_model_tables(nullptr).error().code, "plugin_bad_descriptor");
}

}  // namespace
}  // namespace simhost::plugin
