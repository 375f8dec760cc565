// Reads a plugin file once and keeps a private read-only copy of it, so that what was judged is what is mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>
#include <host/plugin/file_bytes.hpp>

namespace simhost::plugin {

// The file that `named` means: absolute, or relative to one of the folders; with all links resolved it lies inside one
// of them. Error: plugin_path_not_allowed.
Result<std::filesystem::path> resolve_inside(const std::vector<std::filesystem::path>& folders,
                                             const std::filesystem::path& named);

struct PluginFile {
  std::filesystem::path path;
  FileBytes bytes;
};

// Opens the file once, without following a link, and reads it whole. Errors: plugin_path_not_allowed
// (missing, a link, no regular file), plugin_unsafe_file, plugin_not_loadable (too large, unreadable).
Result<PluginFile> read_plugin_file(const std::filesystem::path& path);

// BLAKE2b-256 of the bytes, hex. A pass over all of them: of a library that is to be run, not of one looked at.
std::string digest_of(std::span<const std::byte> bytes);

// A private folder of this process with the copies that are mapped. Copies of dead processes are swept away.
class CopyFolder {
 public:
  static Result<CopyFolder> open(const std::filesystem::path& parent);
  CopyFolder(CopyFolder&& from) noexcept;
  CopyFolder& operator=(CopyFolder&&) = delete;
  ~CopyFolder();

  // Writes bytes under a path that never was used before: <id>-<generation>-<begin of the digest>.so, mode 0400.
  Result<std::filesystem::path> keep(const PluginFile& file, std::string_view digest, const std::string& id,
                                     std::uint64_t generation) const;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  CopyFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_;  // held as long as the process lives; what others see of a living owner
};

}  // namespace simhost::plugin
