// The ELF reader: reads a real library, and survives every damaged one.
#include <host/plugin/elf.hpp>

#include <gmock/gmock.h>

#include <random>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Elf, ReadsWhatAPluginExportsAndNeeds) {
  const auto bytes = bytes_of(zoo("zoo_good"));
  const auto elf = read_elf(bytes);
  ASSERT_TRUE(elf) << elf.error().detail;
  ASSERT_EQ(elf->exports.size(), 1u);
  EXPECT_EQ(elf->exports[0].name, "sim_entry_v1");
  EXPECT_EQ(elf->exports[0].binding, Binding::global);
  EXPECT_THAT(elf->needed, Contains("libc.so.6"));
  EXPECT_GE(elf->section(".sim.stamp").size(), sizeof(sim_stamp));
  EXPECT_TRUE(elf->section(".no.such.section").empty());
  EXPECT_FALSE(elf->no_delete || elf->static_tls || elf->text_relocations || elf->executable_stack);
}

TEST(Elf, RefusesATextFile) {
  const std::string text(4096, 'x');
  const auto elf = read_elf(std::as_bytes(std::span(text)));
  ASSERT_FALSE(elf);
  EXPECT_EQ(elf.error().code, "plugin_not_a_library");
  EXPECT_THAT(elf.error().detail, HasSubstr("no ELF header"));
}

TEST(Elf, RefusesAProgram) {
  const auto elf = read_elf(bytes_of(std::filesystem::read_symlink("/proc/self/exe")));
  ASSERT_FALSE(elf);
  EXPECT_EQ(elf.error().code, "plugin_not_a_library");
}

// Cut anywhere, a library lacks its section headers (they stand at its end), so every shorter file is refused.
TEST(Elf, RefusesALibraryCutShortAnywhere) {
  const auto bytes = bytes_of(zoo("zoo_good"));
  for (std::size_t size = 0; size < bytes.size(); size += 61) {
    const auto elf = read_elf(std::span(bytes).first(size));
    ASSERT_FALSE(elf) << size;
    ASSERT_EQ(elf.error().code, "plugin_not_a_library");
  }
}

// Run under the address sanitizer this is the fuzz test in small; its promise here is to end and not to crash.
TEST(Elf, SurvivesChangedBytes) {
  const auto good = bytes_of(zoo("zoo_good"));
  std::mt19937 random(20240817);
  std::size_t refused = 0;
  for (int round = 0; round < 3000; ++round) {
    auto bytes = good;
    for (int change = 0; change < 8; ++change) {
      // Headers and dynamic tables are where it hurts: half of the changes go into the first and last kilobytes.
      const std::size_t place = change % 2 == 0   ? random() % bytes.size()
                                : change % 4 == 1 ? random() % 2048
                                                  : bytes.size() - 1 - random() % 2048;
      bytes[place] = static_cast<std::byte>(random());
    }
    refused += read_elf(bytes) ? 0 : 1;
  }
  EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace simhost::plugin
