// A file that is appended to, with the errors of the disk as values: the one place of this room that writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::record {

// disk_full where there is no room (or no quota) left, else storage_error.
Error disk_error(int number, std::string_view what, const std::filesystem::path& path);

class File {
 public:
  // Makes it anew, or opens what is there for appending.
  static Result<File> create(const std::filesystem::path& path);
  static Result<File> open(const std::filesystem::path& path);
  File() = default;
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;

  Outcome append(std::string_view bytes);
  Outcome truncate(std::uint64_t size);  // the next append goes there
  Outcome sync();
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  void close() noexcept;

 private:
  static Result<File> open_with(const std::filesystem::path& path, int flags);
  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::filesystem::path path_;
};

Outcome sync_folder(const std::filesystem::path& folder);
// The file is there whole or as it was before: written beside it, synchronised, renamed.
Outcome replace_file(const std::filesystem::path& path, std::string_view bytes);
Outcome rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
Outcome make_folder(const std::filesystem::path& path);
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);
// Free bytes for us on the disk that holds it.
Result<std::uint64_t> free_bytes(const std::filesystem::path& folder);
// Lower-case hexadecimal digits.
Result<std::string> sha256_of(const std::filesystem::path& path);

}  // namespace simhost::record
