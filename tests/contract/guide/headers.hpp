// What the SDK's C headers and the lint's source say of themselves, read as text.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace simhost::guide {

std::string read_text(const std::filesystem::path& path);

struct Extension {
  std::string id, header, purpose;
};
// Every "sim.<word>/<n>" the headers define, by header and place.
std::vector<Extension> extensions();

// "[ctl]" and so on, with the "table.function" declared under each.
std::vector<std::pair<std::string, std::vector<std::string>>> tagged_functions();

// The stable words of the findings.
std::vector<std::string> lint_rules(const std::filesystem::path& source);

}  // namespace simhost::guide
