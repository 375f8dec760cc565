// Reading headers by the few forms they are written in.
#include <tests/contract/guide/headers.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace simhost::guide {
namespace {

std::vector<std::string> header_names() {
  std::vector<std::string> names;
  std::stringstream list(SIM_HEADER_LIST);
  for (std::string name; std::getline(list, name, ',');) names.push_back(name);
  return names;
}

std::string read_header(const std::string& name) { return read_text(std::filesystem::path(SIM_HEADER_ROOT) / name); }

// The first sentence of the opening comment, without the id it may begin with.
std::string purpose_of(const std::string& header) {
  const auto end = std::min(header.find(". "), header.find("*/"));
  std::string text = header.substr(3, std::min(end, header.find(".\n")) - 3);
  text = std::regex_replace(text, std::regex(R"(\s*\n \*\s*)"), " ");
  text = std::regex_replace(text, std::regex(R"(^sim\.[a-z]+/\d(, |: ))"), "");
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

std::vector<std::smatch> matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), {}};
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Extension> extensions() {
  static const std::regex definition(R"re(#define SIM_\w+ "(sim\.[a-z]+/\d+)"(?:[ ]+/\* (.*) \*/)?)re");
  std::vector<Extension> found;
  for (const auto& name : header_names()) {
    const std::string text = read_header(name);
    const bool reserved = name.find("reserved") != std::string::npos;
    for (const auto& match : matches(text, definition)) {
      std::string purpose = reserved ? "reserved" : name == "sim/plugin.h" ? "a plugin's models" : purpose_of(text);
      if (match[2].matched) purpose += ": " + match[2].str();
      found.push_back({match[1], name, purpose});
    }
  }
  return found;
}

std::vector<std::pair<std::string, std::vector<std::string>>> tagged_functions() {
  static const std::regex token(R"(\bstruct (sim_\w+) \{|\b(SIM_(?:CTL|STEP|IO|ANY|LOAD)) [^;]*?\(\*(\w+)\))");
  const char* const tags[][2] = {
      {"SIM_CTL", "[ctl]"}, {"SIM_STEP", "[step]"}, {"SIM_IO", "[io]"}, {"SIM_ANY", "[any]"}, {"SIM_LOAD", "[load]"}};
  std::vector<std::pair<std::string, std::vector<std::string>>> found;
  for (const auto& tag : tags) found.push_back({tag[1], {}});
  for (const auto& name : header_names()) {
    if (!name.ends_with(".h")) continue;
    const std::string text = read_header(name);
    std::string table;
    for (const auto& match : matches(text, token)) {
      if (match[1].matched) table = match[1];
      for (std::size_t i = 0; i < found.size(); ++i)
        if (match[2] == tags[i][0]) found[i].second.push_back(table + "." + match[3].str());
    }
  }
  return found;
}

std::vector<std::string> lint_rules(const std::filesystem::path& source) {
  static const std::regex rule(R"re(\b(?:refuse|warn)\(\s*"([a-z_]+)")re");
  const std::string text = read_text(source);
  std::vector<std::string> found;
  for (const auto& match : matches(text, rule)) found.push_back(match[1]);
  return found;
}

}  // namespace simhost::guide
