// Memory for a whole file: pages of its own, which go back to the system at once. The heap would keep them.
#pragma once

#include <cstddef>
#include <span>

#include <host/base/error.hpp>

namespace simhost::plugin {

class FileBytes {
 public:
  // Zeros. Error plugin_not_loadable: no memory.
  static Result<FileBytes> reserve(std::size_t size);
  FileBytes() = default;
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  ~FileBytes();

  [[nodiscard]] std::span<const std::byte> all() const noexcept { return bytes_; }
  [[nodiscard]] std::span<std::byte> writable() noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

 private:
  std::span<std::byte> bytes_;
};

}  // namespace simhost::plugin
