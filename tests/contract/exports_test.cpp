/// Every plugin library of this build: what it exports, how it is linked, and what its stamp says.
#include <elf.h>
#include <gtest/gtest.h>
#include <sim/plugin.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

class Elf {
 public:
  explicit Elf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    header_ = at<Elf64_Ehdr>(0);
    for (int i = 0; i < header_.e_shnum; ++i)
      sections_.push_back(at<Elf64_Shdr>(header_.e_shoff + static_cast<std::size_t>(i) * sizeof(Elf64_Shdr)));
  }
  std::string name(const Elf64_Shdr& section) const {
    return bytes_.data() + sections_[header_.e_shstrndx].sh_offset + section.sh_name;
  }
  std::optional<Elf64_Shdr> section(const std::string& wanted) const {
    for (const auto& s : sections_) {
      if (name(s) == wanted) return s;
    }
    return std::nullopt;
  }
  std::vector<std::string> exports() const {
    return symbols([](const Elf64_Sym& s) { return s.st_shndx != SHN_UNDEF; });
  }
  std::vector<std::string> imports() const {
    return symbols([](const Elf64_Sym& s) { return s.st_shndx == SHN_UNDEF; });
  }
  std::vector<std::string> unique() const {
    return symbols([](const Elf64_Sym& s) { return ELF64_ST_BIND(s.st_info) == STB_GNU_UNIQUE; });
  }
  std::map<std::int64_t, std::uint64_t> dynamic() const {
    std::map<std::int64_t, std::uint64_t> entries;
    const auto s = *section(".dynamic");
    for (std::size_t i = 0; i < s.sh_size; i += sizeof(Elf64_Dyn)) {
      const auto d = at<Elf64_Dyn>(s.sh_offset + i);
      entries[d.d_tag] = d.d_un.d_val;
    }
    return entries;
  }
  bool has_executable_stack() const {
    for (int i = 0; i < header_.e_phnum; ++i) {
      const auto p = at<Elf64_Phdr>(header_.e_phoff + static_cast<std::size_t>(i) * sizeof(Elf64_Phdr));
      if (p.p_type == PT_GNU_STACK) return (p.p_flags & PF_X) != 0;
    }
    return true;
  }
  template <class T>
  T at(std::size_t offset) const {
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

 private:
  template <class F>
  std::vector<std::string> symbols(F wanted) const {
    std::vector<std::string> names;
    const auto table = *section(".dynsym");
    const char* text = bytes_.data() + sections_[table.sh_link].sh_offset;
    for (std::size_t i = sizeof(Elf64_Sym); i < table.sh_size; i += sizeof(Elf64_Sym)) {
      const auto s = at<Elf64_Sym>(table.sh_offset + i);
      if (ELF64_ST_BIND(s.st_info) != STB_LOCAL && wanted(s)) names.emplace_back(text + s.st_name);
    }
    return names;
  }
  std::vector<char> bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
};

sim_stamp stamp_of(const Elf& elf) {
  const auto section = elf.section(SIM_STAMP_SECTION);
  EXPECT_TRUE(section.has_value());
  EXPECT_EQ(section->sh_size, sizeof(sim_stamp));
  return elf.at<sim_stamp>(section->sh_offset);
}

std::vector<std::filesystem::path> libraries() {
  std::vector<std::filesystem::path> all;
  for (const char* folder : {SIM_PROBES, SIM_EXAMPLES, SIM_PLUGINS}) {
    if (!std::filesystem::exists(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".so") all.push_back(entry.path());
    }
  }
  return all;
}

class PluginLibrary : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(PluginLibrary, ExportsItsEntryAndNothingElse) {
  const Elf elf(GetParam());
  EXPECT_EQ(elf.exports(), std::vector<std::string>{SIM_ENTRY_SYMBOL});
  EXPECT_EQ(elf.unique(), std::vector<std::string>{});
}

TEST_P(PluginLibrary, CanBeUnloadedAndIsLinkedSafely) {
  const Elf elf(GetParam());
  for (const std::string& name : elf.imports()) {
    EXPECT_NE(name, "__cxa_thread_atexit");
    EXPECT_NE(name, "__cxa_thread_atexit_impl");
  }
  auto dynamic = elf.dynamic();
  EXPECT_NE(dynamic[DT_FLAGS] & DF_BIND_NOW, 0u);
  EXPECT_EQ(dynamic[DT_FLAGS] & DF_STATIC_TLS, 0u);
  EXPECT_EQ(dynamic.count(DT_TEXTREL), 0u);
  EXPECT_EQ(dynamic.count(DT_RPATH) + dynamic.count(DT_RUNPATH), 0u);
  EXPECT_FALSE(elf.has_executable_stack());
  EXPECT_TRUE(elf.section(".note.gnu.build-id").has_value());
}

TEST_P(PluginLibrary, IsStampedWithWhatItIs) {
  const sim_stamp stamp = stamp_of(Elf(GetParam()));
  EXPECT_EQ(std::string(stamp.magic, sizeof stamp.magic), SIM_STAMP_MAGIC);
  EXPECT_EQ(stamp.size, sizeof(sim_stamp));
  EXPECT_EQ(stamp.abi_major, SIM_ABI_MAJOR);
  EXPECT_EQ(stamp.pointer_bytes, sizeof(void*));
  const std::string file = GetParam().stem().string();
  const bool v3 = file.ends_with(".v3");
  EXPECT_EQ(stamp.id, v3 ? file.substr(0, file.size() - 3) : file);
  EXPECT_EQ(stamp.cpu_level, v3 ? SIM_CPU_V3 : SIM_CPU_BASELINE);
  EXPECT_EQ(std::string(stamp.source_hash).find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(std::string(stamp.source_hash).size(), 40u);
  EXPECT_NE(std::string(stamp.sdk_version), "");
  if (v3) {
    const auto baseline = GetParam().parent_path() / (std::string(stamp.id) + ".so");
    ASSERT_TRUE(std::filesystem::exists(baseline));
    EXPECT_STREQ(stamp_of(Elf(baseline)).source_hash, stamp.source_hash);
  }
}

std::string case_name(const testing::TestParamInfo<std::filesystem::path>& library) {
  std::string name = library.param.stem().string();
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Built, PluginLibrary, testing::ValuesIn(libraries()), case_name);

TEST(PluginLibraries, AreBuiltForThisTest) {
  EXPECT_GE(libraries().size(), 3u);
  EXPECT_NE(std::string(stamp_of(Elf(SIM_PROBES "/probe.so")).source_hash),
            std::string(stamp_of(Elf(SIM_EXAMPLES "/template_c.so")).source_hash));
}

}  // namespace
