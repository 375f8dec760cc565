// The lint: every misdeed of the zoo is found, named and comes with its mend.
#include <host/plugin/lint.hpp>

#include <gmock/gmock.h>

#include <algorithm>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

using testing::HasSubstr;

std::vector<Finding> findings_of(const std::string& name, const LintOptions& options = {}) {
  const auto bytes = bytes_of(zoo(name));
  const auto elf = read_elf(bytes);
  EXPECT_TRUE(elf) << name << ": " << (elf ? "" : elf.error().detail);
  return elf ? lint(*elf, options) : std::vector<Finding>{};
}

const Finding* find(const std::vector<Finding>& findings, const std::string& rule) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const auto& f) { return f.rule == rule; });
  return found == findings.end() ? nullptr : &*found;
}

TEST(Lint, FindsNothingInAGoodPlugin) {
  for (const auto& finding : findings_of("zoo_good")) ADD_FAILURE() << finding.rule << ": " << finding.text;
}

TEST(Lint, NamesEachMisdeedAndItsMend) {
  struct Row {
    const char *plugin, *rule, *words, *mend;
  };
  const Row rows[] = {
      {"zoo_extra_exports", "extra_exports", "zoo_other", "sim_add_plugin()"},
      {"zoo_unique", "unique_symbols", "counted()::count", "-fno-gnu-unique"},
      {"zoo_thread_local", "thread_local_destructor", "__cxa_thread_atexit", "keep the value in the instance"},
      {"zoo_static_tls", "static_tls", "static thread-local storage", "-ftls-model"},
      {"zoo_no_delete", "no_delete", "NODELETE", "-z nodelete"},
      {"zoo_text_relocation", "text_relocations", "TEXTREL", "-fPIC"},
      {"zoo_executable_stack", "executable_stack", "executable stack", "-z noexecstack"},
      {"zoo_fast_math", "fast_math", "set_fast_math", "-ffast-math"},
      {"zoo_search_path", "search_path", "/opt/elsewhere", "-rpath"},
      {"zoo_needs_friend", "needed_libraries", "libzoo_friend.so", "statically"},
      {"zoo_no_entry", "no_entry", "sim_entry_v1", "SIM_PLUGIN"},
  };
  for (const auto& row : rows) {
    const auto findings = findings_of(row.plugin);
    const Finding* finding = find(findings, row.rule);
    ASSERT_NE(finding, nullptr) << row.plugin;
    EXPECT_EQ(finding->severity, Severity::refuse) << row.plugin;
    EXPECT_THAT(finding->text, HasSubstr(row.words));
    EXPECT_THAT(finding->text, HasSubstr(row.mend));
  }
}

TEST(Lint, WarnsOfThreadsButDoesNotRefuseThem) {
  const auto findings = findings_of("zoo_threads");
  const Finding* finding = find(findings, "import_pthread_create");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::warn);
  EXPECT_TRUE(verdict(findings));
}

TEST(Lint, TakesALibraryTheSiteAllows) {
  EXPECT_EQ(find(findings_of("zoo_needs_friend", {{"libzoo_friend.so"}}), "needed_libraries"), nullptr);
}

TEST(Lint, TellsAllMisdeedsAtOnce) {
  Elf elf;
  elf.exports = {{"a", Binding::global}, {"b", Binding::weak}, {"c", Binding::unique}};
  elf.no_delete = true;
  const auto outcome = verdict(lint(elf));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "plugin_bad_symbols");
  EXPECT_EQ(outcome.error().errors.size(), 4u);  // no entry, two extra exports, one unique symbol, no_delete
  EXPECT_THAT(outcome.error().detail, HasSubstr("exports 2 symbols besides sim_entry_v1: a, b"));
}

}  // namespace
}  // namespace simhost::plugin
