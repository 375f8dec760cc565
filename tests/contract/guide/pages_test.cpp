// The pages that repeat what the code says: written from the code, compared with docs/, renewed by SIM_RENEW_GOLDEN=1.
#include <host/base/codes.hpp>
#include <host/session/lifecycle.hpp>
#include <host/settings/describe.hpp>
#include <tests/contract/guide/headers.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace simhost::guide {
namespace {

namespace fs = std::filesystem;
const fs::path docs = fs::path(SIM_SOURCE_FOLDER) / "docs";

bool renews() { return std::getenv("SIM_RENEW_GOLDEN") != nullptr; }

void expect_page(const char* name, const std::string& now) {
  if (renews()) std::ofstream(docs / name) << now;
  EXPECT_EQ(read_text(docs / name), now) << "docs/" << name << " differs; SIM_RENEW_GOLDEN=1 writes it";
}

// Between "<!-- generated: word -->" and "<!-- end -->".
void expect_block(const char* name, const std::string& word, const std::string& now) {
  std::string page = read_text(docs / name);
  const std::string opening = "<!-- generated: " + word + " -->\n";
  const auto mark = page.find(opening);
  const auto end = page.find("<!-- end -->", mark);
  ASSERT_TRUE(mark != std::string::npos && end != std::string::npos) << name << " has no place for " << word;
  const auto begin = mark + opening.size();
  if (renews()) {
    std::string renewed = page;
    std::ofstream(docs / name) << renewed.replace(begin, end - begin, now);
    return;
  }
  EXPECT_EQ(page.substr(begin, end - begin), now) << "docs/" << name << " differs; SIM_RENEW_GOLDEN=1 writes it";
}

TEST(Pages, ListEveryErrorCode) { expect_page("errors.md", error_page()); }

TEST(Pages, ListEverySetting) { expect_page("settings.md", settings::settings_page()); }

TEST(Pages, ShowTheTableOfStates) {
  using session::Action;
  using session::State;
  const State states[] = {State::ready, State::running, State::paused, State::stopped, State::failed};
  std::string table = "| | ";
  for (const State state : states) table += std::string(to_string(state)) + " | ";
  table += "\n|---|---|---|---|---|---|\n";
  for (const Action action : {Action::pause, Action::resume, Action::stop, Action::reset}) {
    table += "| " + std::string(to_string(action)) + " | ";
    for (const State state : states) {
      const auto to = transition(state, action);
      table += (to ? std::string(session::to_string(*to)) : "–") + " | ";
    }
    table.back() = '\n';
  }
  table.replace(table.find(" \n"), 2, "\n");
  expect_block("architecture.md", "states", table);
}

TEST(Pages, ListTheExtensionsOfTheHeaders) {
  std::string table = "| id | header | what it is |\n|---|---|---|\n";
  for (const auto& e : extensions()) table += "| `" + e.id + "` | `" + e.header + "` | " + e.purpose + " |\n";
  expect_block("abi.md", "extensions", table);
}

TEST(Pages, ListWhatEachThreadTagHolds) {
  std::string table = "| tag | functions |\n|---|---|\n";
  for (const auto& [tag, functions] : tagged_functions()) {
    table += "| `" + tag + "` | ";
    for (const auto& function : functions) table += "`" + function + "` ";
    table += "|\n";
  }
  expect_block("threads.md", "tags", table);
}

TEST(Pages, NameEveryRuleOfTheLint) {
  const std::string page = read_text(docs / "abi.md");
  const auto rules = lint_rules(fs::path(SIM_SOURCE_FOLDER) / "host/plugin/lint.cpp");
  ASSERT_GE(rules.size(), 10u);
  for (const auto& rule : rules) EXPECT_NE(page.find("`" + rule), std::string::npos) << rule;
}

TEST(Pages, ListEveryDecision) {
  const std::string index = read_text(docs / "decisions/README.md");
  for (const auto& entry : fs::directory_iterator(docs / "decisions")) {
    const std::string name = entry.path().filename().string();
    if (name == "README.md") continue;
    EXPECT_NE(index.find("(" + name + ")"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace simhost::guide
