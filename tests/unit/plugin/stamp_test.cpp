// The stamp: what it tells, and each way it can be wrong.
#include <host/plugin/stamp.hpp>

#include <gmock/gmock.h>
#include <sim/abi.h>

#include <cstring>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

using testing::HasSubstr;

sim_stamp good() {
  sim_stamp stamp{};
  std::memcpy(stamp.magic, SIM_STAMP_MAGIC, sizeof(stamp.magic));
  stamp.size = sizeof(stamp);
  stamp.abi_major = SIM_ABI_MAJOR;
  stamp.pointer_bytes = 8;
  stamp.little_endian = 1;
  stamp.cpu_level = SIM_CPU_BASELINE;
  std::strcpy(stamp.id, "motor");
  std::strcpy(stamp.version, "1.2.3");
  return stamp;
}

Result<Stamp> read(const sim_stamp& stamp) { return read_stamp(std::as_bytes(std::span(&stamp, 1))); }

TEST(StampTest, TellsWhoThePluginIs) {
  const auto bytes = bytes_of(zoo("zoo_good"));
  const auto stamp = read_stamp(*read_elf(bytes));
  ASSERT_TRUE(stamp) << stamp.error().detail;
  EXPECT_EQ(stamp->id, "zoo_good");
  EXPECT_EQ(stamp->version, "1.0.0");
  EXPECT_EQ(stamp->vendor, "the zoo");
  EXPECT_EQ(stamp->source_hash, "5a00");
  EXPECT_EQ(stamp->cpu_level, SIM_CPU_BASELINE);
}

TEST(StampTest, TakesALongerStampOfALaterMinor) {
  struct {
    sim_stamp known;
    char later[64];
  } stamp{good(), {}};
  stamp.known.size = sizeof(stamp);
  EXPECT_TRUE(read_stamp(std::as_bytes(std::span(&stamp, 1))));
}

TEST(StampTest, RefusesEachFaultWithItsOwnWords) {
  struct Row {
    const char* code;
    const char* words;
    void (*spoil)(sim_stamp&);
  };
  const Row rows[] = {
      {"plugin_no_stamp", "SIMSTMP1", [](sim_stamp& s) { s.magic[0] = 'X'; }},
      {"plugin_no_stamp", "says it has 12 bytes", [](sim_stamp& s) { s.size = 12; }},
      {"plugin_no_stamp", "says it has 4096 bytes", [](sim_stamp& s) { s.size = 4096; }},
      {"plugin_abi_mismatch", "built for ABI 2", [](sim_stamp& s) { s.abi_major = 2; }},
      {"plugin_abi_mismatch", "pointers of 4 bytes", [](sim_stamp& s) { s.pointer_bytes = 4; }},
      {"plugin_abi_mismatch", "big-endian", [](sim_stamp& s) { s.little_endian = 0; }},
      {"plugin_no_stamp", "CPU level 9", [](sim_stamp& s) { s.cpu_level = 9; }},
      {"plugin_no_stamp", "not terminated", [](sim_stamp& s) { std::memset(s.vendor, 'v', sizeof(s.vendor)); }},
      {"plugin_no_stamp", "control characters", [](sim_stamp& s) { s.version[0] = '\n'; }},
      {"plugin_no_stamp", "../motor", [](sim_stamp& s) { std::strcpy(s.id, "../motor"); }},
      {"plugin_no_stamp", "no version", [](sim_stamp& s) { s.version[0] = 0; }},
  };
  ASSERT_TRUE(read(good()));
  for (const auto& row : rows) {
    auto stamp = good();
    row.spoil(stamp);
    const auto got = read(stamp);
    ASSERT_FALSE(got) << row.words;
    EXPECT_EQ(got.error().code, row.code) << row.words;
    EXPECT_THAT(got.error().detail, HasSubstr(row.words));
  }
  EXPECT_EQ(read_stamp(std::span<const std::byte>()).error().code, "plugin_no_stamp");
}

}  // namespace
}  // namespace simhost::plugin
