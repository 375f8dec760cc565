// A request's body on disk instead of in memory: written as it comes, gone with the request unless it is taken.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::http {

class BodyFile {
 public:
  // A new file of its own in the folder, readable by its owner alone. Errors: disk_full, internal.
  static Result<std::shared_ptr<BodyFile>> make(const std::filesystem::path& folder);
  ~BodyFile();  // removes the file, if it is still at its path
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  Outcome append(std::string_view bytes);
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  // Of all bytes so far, as hash_of in etag.hpp: tells one upload from another, and is no proof against malice.
  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }

 private:
  BodyFile(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_;
  std::uint64_t bytes_ = 0;
  std::uint64_t hash_;
};

}  // namespace simhost::http
