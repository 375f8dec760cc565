/// Reads the C headers given and writes a table of every struct field and every enumerator, for the layout test.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace {

std::string read(const char* path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "cannot read " << path << "\n";
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Without comments, preprocessor lines and thread tags.
std::string plain(std::string text) {
  text = std::regex_replace(text, std::regex(R"(/\*[^*]*\*+([^/*][^*]*\*+)*/)"), " ");
  text = std::regex_replace(text, std::regex(R"((^|\n)[ \t]*#[^\n]*)"), "\n");
  return std::regex_replace(text, std::regex(R"(SIM_(CTL|STEP|IO|ANY|LOAD)\b)"), " ");
}

/// Declarations of a struct body, split at semicolons and at commas outside parentheses.
std::vector<std::string> declarators(const std::string& body) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (char c : body) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0 && (c == ';' || c == ','))
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string name_of(const std::string& declarator) {
  std::smatch match;
  if (std::regex_search(declarator, match, std::regex(R"(\(\*\s*(\w+)\))"))) return match[1];
  if (std::regex_search(declarator, match, std::regex(R"((\w+)\s*(\[[^\]]*\])?\s*$)"))) return match[1];
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string text = plain(read(argv[i]));
    const std::regex structs(R"(struct\s+(\w+)\s*\{([^}]*)\})");
    for (std::sregex_iterator s(text.begin(), text.end(), structs), end; s != end; ++s) {
      std::cout << "STRUCT(" << (*s)[1] << ")\n";
      for (const std::string& declarator : declarators((*s)[2])) {
        const std::string name = name_of(declarator);
        if (!name.empty()) std::cout << "FIELD(" << (*s)[1] << ", " << name << ")\n";
      }
    }
    const std::regex enums(R"(enum\s*\{([^}]*)\})"), names(R"((SIM_\w+)\s*=)");
    for (std::sregex_iterator e(text.begin(), text.end(), enums), end; e != end; ++e) {
      const std::string body = (*e)[1];
      for (std::sregex_iterator n(body.begin(), body.end(), names); n != std::sregex_iterator(); ++n)
        std::cout << "VALUE(" << (*n)[1] << ")\n";
    }
  }
}
