// Says in words what in a library would keep it from loading, unloading or behaving beside others, and the mend.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <host/base/error.hpp>
#include <host/plugin/elf.hpp>

namespace simhost::plugin {

enum class Severity : std::uint8_t { warn, refuse };

struct Finding {
  std::string rule;  // stable snake_case word: extra_exports, unique_symbols, static_tls, ...
  Severity severity = Severity::refuse;
  std::string text;  // what was found; why it matters; the mend
};

struct LintOptions {
  std::vector<std::string> allowed_libraries{};  // beside the system's, by soname
};

// Every finding, the refusing ones first.
std::vector<Finding> lint(const Elf& elf, const LintOptions& options = {});

// An error plugin_bad_symbols that lists the refusing findings, or nothing when there is none.
Outcome verdict(const std::vector<Finding>& findings);

}  // namespace simhost::plugin
