/// The layout of every struct and the value of every constant of the ABI, against tests/golden/abi.json.
#include <sim/ext/clock.h>
#include <sim/ext/commands.h>
#include <sim/ext/config.h>
#include <sim/ext/jobs.h>
#include <sim/ext/log.h>
#include <sim/ext/metrics.h>
#include <sim/ext/recordings.h>
#include <sim/ext/reserved.h>
#include <sim/ext/routes.h>
#include <sim/ext/rules.h>
#include <sim/ext/sessions.h>
#include <sim/ext/streams.h>
#include <sim/ext/values.h>
#include <sim/plugin.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace {

struct Field {
  std::string name;
  std::size_t offset, size;
};
struct Struct {
  std::string name;
  std::size_t size, alignment;
  std::vector<Field> fields;
};
struct Layout {
  std::vector<Struct> structs;
  std::map<std::string, long> values;
};

Layout layout() {
  Layout all;
#define STRUCT(type) all.structs.push_back({#type, sizeof(struct type), alignof(struct type), {}});
#define FIELD(type, field) \
  all.structs.back().fields.push_back({#field, offsetof(struct type, field), sizeof(type::field)});
#define VALUE(name) all.values[#name] = static_cast<long>(name);
#include "abi_layout.inc"
  return all;
}

/// One line per field, so that a diff of the file tells what moved.
std::string written(const Layout& all) {
  std::string text = "{\n  \"abi\": \"" + std::to_string(SIM_ABI_MAJOR) + "." + std::to_string(SIM_ABI_MINOR) + "\",\n";
  text += "  \"structs\": {\n";
  for (const Struct& s : all.structs) {
    text += "    \"" + s.name + "\": {\"size\": " + std::to_string(s.size) +
            ", \"alignment\": " + std::to_string(s.alignment) + ", \"fields\": {\n";
    for (const Field& f : s.fields) {
      text += "      \"" + f.name + "\": {\"offset\": " + std::to_string(f.offset) +
              ", \"size\": " + std::to_string(f.size) + "}" + (&f == &s.fields.back() ? "}}" : ",\n");
    }
    text += &s == &all.structs.back() ? "\n  },\n" : ",\n";
  }
  text += "  \"values\": {\n";
  std::size_t left = all.values.size();
  for (const auto& [name, value] : all.values) {
    text += "    \"" + name + "\": " + std::to_string(value) + (--left == 0 ? "\n  }\n}\n" : ",\n");
  }
  return text;
}

TEST(Layout, IsTheOneThatPluginsWereBuiltAgainst) {
  const std::string now = written(layout());
  if (std::getenv("SIM_RENEW_GOLDEN") != nullptr) std::ofstream(SIM_GOLDEN_ABI) << now;
  std::ifstream file(SIM_GOLDEN_ABI);
  ASSERT_TRUE(file) << SIM_GOLDEN_ABI << " is missing; SIM_RENEW_GOLDEN=1 writes it";
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(now, golden) << "the ABI changed; before its freeze SIM_RENEW_GOLDEN=1 renews the file";
}

TEST(Layout, HasNoHolesBetweenFields) {
  for (const Struct& s : layout().structs) {
    std::size_t at = 0;
    for (const Field& f : s.fields) {
      EXPECT_EQ(f.offset, at) << s.name << "." << f.name << " follows a hole";
      at = f.offset + f.size;
    }
    EXPECT_EQ(at, s.size) << s.name << " ends with a hole";
  }
}

TEST(Layout, CoversTheTablesOfTheAbi) {
  const Layout all = layout();
  std::map<std::string, std::size_t> fields;
  for (const Struct& s : all.structs) fields[s.name] = s.fields.size();
  EXPECT_EQ(fields["sim_lanes"], 15u);
  EXPECT_EQ(fields["sim_var"], 19u);
  EXPECT_EQ(fields["sim_sessions"], 14u);
  EXPECT_EQ(fields["sim_host"], 6u);
  EXPECT_EQ(all.values.at("SIM_BUSY"), 8);
}

}  // namespace
