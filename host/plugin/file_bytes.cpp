// Pages for a whole file.
#include <host/plugin/file_bytes.hpp>

#include <sys/mman.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace simhost::plugin {

Result<FileBytes> FileBytes::reserve(std::size_t size) {
  FileBytes made;
  if (size == 0) return made;
  void* pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED)
    return fail("plugin_not_loadable", "no memory for a plugin file of " + std::to_string(size) +
                                           " bytes: " + std::generic_category().message(errno));
  made.bytes_ = {static_cast<std::byte*>(pages), size};
  return made;
}

FileBytes::FileBytes(FileBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

FileBytes::~FileBytes() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace simhost::plugin
