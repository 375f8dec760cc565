// Judges plugin files before they are opened.
#include <host/plugin/candidate.hpp>

#include <algorithm>

#include <sim/abi.h>

namespace simhost::plugin {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view v3_suffix = ".v3.so";
constexpr std::size_t scanned_files_max = 1024;

struct Examined {
  PluginFile file;
  Elf elf;  // points into file
  Stamp stamp;
};

Result<Examined> examine(const fs::path& path) {
  auto file = read_plugin_file(path);
  if (!file) return fail(std::move(file.error()));
  auto elf = read_elf(file->bytes.all());
  if (!elf) return fail(std::move(elf.error()));
  auto stamp = read_stamp(*elf);
  if (!stamp) return fail(std::move(stamp.error()));
  return Examined{std::move(*file), std::move(*elf), std::move(*stamp)};
}

fs::path sibling_of(const fs::path& path) {
  return path.parent_path() / (path.stem().string() + std::string(v3_suffix));
}

// Why a sibling cannot stand for the base library; empty: it can.
std::string mismatch(const Stamp& base, const Stamp& sibling) {
  if (sibling.cpu_level != SIM_CPU_V3) return "its stamp does not say CPU level 3";
  if (sibling.id != base.id) return "it is of another plugin, \"" + sibling.id + "\"";
  if (sibling.source_hash != base.source_hash || sibling.source_hash.empty() || sibling.version != base.version)
    return "it was built from other sources (the source hashes differ)";
  return {};
}

// The AVX2 sibling, or nothing with the reason among the warnings.
std::optional<Examined> fitting_sibling(const Examined& base, std::vector<Finding>& warnings) {
  const auto path = sibling_of(base.file.path);
  std::error_code error;
  if (!fs::exists(path, error)) return std::nullopt;
  auto sibling = examine(path);
  const std::string wrong = sibling ? mismatch(base.stamp, sibling->stamp) : sibling.error().detail;
  if (wrong.empty()) return std::move(*sibling);
  warnings.push_back({"stale_v3", Severity::warn,
                      "has an AVX2 library " + path.filename().string() + " that is not used: " + wrong +
                          "; build both with sim_add_plugin()"});
  return std::nullopt;
}

Result<Examined> choose(Examined base, CpuChoice choice, std::vector<Finding>& warnings) {
  if (base.stamp.cpu_level == SIM_CPU_V3) {
    if (choice == CpuChoice::baseline || !cpu_runs(SIM_CPU_V3))
      return fail("plugin_cpu_unsupported",
                  "\"" + base.file.path.string() + "\" is an AVX2 library (CPU level 3), which this " +
                      (choice == CpuChoice::baseline ? "host is set not to use" : "CPU cannot run") +
                      "; give the baseline library");
    return base;
  }
  if (choice == CpuChoice::baseline || (choice == CpuChoice::best && !cpu_runs(SIM_CPU_V3))) return base;
  if (choice == CpuChoice::v3 && !cpu_runs(SIM_CPU_V3))
    return fail("plugin_cpu_unsupported", "CPU level 3 is forced, but this CPU lacks it; use --cpu best");
  if (auto sibling = fitting_sibling(base, warnings)) return std::move(*sibling);
  if (choice == CpuChoice::v3)
    return fail("plugin_cpu_unsupported", "CPU level 3 is forced, but the plugin has no usable " +
                                              sibling_of(base.file.path).filename().string() +
                                              (warnings.empty() ? "" : ": it " + warnings.back().text));
  return base;
}

}  // namespace

Result<Judged> judge(const fs::path& path, CpuChoice choice, const LintOptions& options) {
  auto base = examine(path);
  if (!base) return fail(std::move(base.error()));
  std::vector<Finding> warnings;
  auto chosen = choose(std::move(*base), choice, warnings);
  if (!chosen) return fail(std::move(chosen.error()));
  auto findings = lint(chosen->elf, options);
  if (auto done = verdict(findings); !done) return fail(std::move(done.error()));
  warnings.insert(warnings.end(), findings.begin(), findings.end());
  auto digest = digest_of(chosen->file.bytes.all());
  return Judged{std::move(chosen->file), std::move(digest), std::move(chosen->stamp), std::move(warnings)};
}

Result<Stamp> peek(const fs::path& path) {
  auto examined = examine(path);
  if (!examined) return fail(std::move(examined.error()));
  return std::move(examined->stamp);
}

Result<std::vector<Candidate>> scan(const fs::path& folder) {
  std::vector<Candidate> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end && found.size() < scanned_files_max;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.ends_with(".so") && !name.ends_with(v3_suffix)) found.push_back({at->path(), {}, {}, false});
  }
  if (error)
    return fail("not_found", "the plugin folder \"" + folder.string() + "\" cannot be read: " + error.message());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (auto& candidate : found) {
    std::error_code ignored;
    const auto real = fs::canonical(candidate.path, ignored);
    auto stamp = peek(ignored ? candidate.path : real);
    candidate.has_v3 = fs::exists(sibling_of(candidate.path), ignored);
    if (stamp)
      candidate.stamp = std::move(*stamp);
    else
      candidate.error = std::move(stamp.error());
  }
  return found;
}

}  // namespace simhost::plugin
