// A plugin file judged without running any of it: which of its libraries fits the CPU, who it is, what is wrong with
// it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <host/base/error.hpp>
#include <host/plugin/lint.hpp>
#include <host/plugin/place.hpp>
#include <host/plugin/stamp.hpp>

namespace simhost::plugin {

// best: the highest level this CPU and the plugin have. The others force one.
enum class CpuChoice : std::uint8_t { best, baseline, v3 };

// A file that may be opened.
struct Judged {
  PluginFile file;  // the library chosen
  std::string digest;
  Stamp stamp;
  std::vector<Finding> warnings;
};

// Reads <name>.so and, where wanted, <name>.v3.so beside it with the same id and source hash; checks stamp and lint.
// path: resolved, in a plugin folder. Errors: those of place, elf, stamp and lint, and plugin_cpu_unsupported.
Result<Judged> judge(const std::filesystem::path& path, CpuChoice choice, const LintOptions& options);

// The stamp of a file, whatever else is wrong with it.
Result<Stamp> peek(const std::filesystem::path& path);

// A plugin file found in a folder; stamp or error is set.
struct Candidate {
  std::filesystem::path path;
  std::optional<Stamp> stamp;
  std::optional<Error> error;
  bool has_v3 = false;
};

// Every *.so of the folder but *.v3.so, by name, its stamp read and nothing run. Error not_found: no such folder.
Result<std::vector<Candidate>> scan(const std::filesystem::path& folder);

}  // namespace simhost::plugin
