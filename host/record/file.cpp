// POSIX files with errors as values.
#include <host/record/file.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace simhost::record {

namespace fs = std::filesystem;

Error disk_error(int number, std::string_view what, const fs::path& path) {
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  std::string detail(what);
  detail += " " + path.filename().string() + ": " + std::generic_category().message(number);
  return {full ? "disk_full" : "storage_error", std::move(detail)};
}

Result<File> File::open_with(const fs::path& path, int flags) {
  File file;
  file.path_ = path;
  file.fd_ = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (file.fd_ < 0) return fail(disk_error(errno, "cannot open", path));
  const auto end = ::lseek(file.fd_, 0, SEEK_END);
  if (end < 0) return fail(disk_error(errno, "cannot seek in", path));
  file.size_ = static_cast<std::uint64_t>(end);
  return file;
}

Result<File> File::create(const fs::path& path) { return open_with(path, O_WRONLY | O_CREAT | O_TRUNC); }
Result<File> File::open(const fs::path& path) { return open_with(path, O_WRONLY); }

File::~File() { close(); }
File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_(other.size_), path_(std::move(other.path_)) {}
File& File::operator=(File&& other) noexcept {
  close();
  fd_ = std::exchange(other.fd_, -1);
  size_ = other.size_;
  path_ = std::move(other.path_);
  return *this;
}

void File::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Outcome File::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(disk_error(written < 0 ? errno : ENOSPC, "cannot write to", path_));
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Outcome File::truncate(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return fail(disk_error(errno, "cannot cut", path_));
  if (::lseek(fd_, static_cast<off_t>(size), SEEK_SET) < 0) return fail(disk_error(errno, "cannot seek in", path_));
  size_ = size;
  return {};
}

Outcome File::sync() {
  if (::fdatasync(fd_) != 0) return fail(disk_error(errno, "cannot synchronise", path_));
  return {};
}

Outcome sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail(disk_error(errno, "cannot open", folder));
  const int failed = ::fsync(fd) != 0 ? errno : 0;
  ::close(fd);
  if (failed != 0) return fail(disk_error(failed, "cannot synchronise", folder));
  return {};
}

Outcome rename_file(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return fail(disk_error(errno, "cannot rename", from));
  return sync_folder(to.parent_path());
}

Outcome replace_file(const fs::path& path, std::string_view bytes) {
  const fs::path fresh = path.string() + ".new";
  auto file = File::create(fresh);
  if (!file) return fail(file.error());
  auto done = file->append(bytes);
  if (done) done = file->sync();
  file->close();
  if (done) done = rename_file(fresh, path);
  if (!done) ::unlink(fresh.c_str());
  return done;
}

Outcome make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail(disk_error(error.value(), "cannot make", path));
  return {};
}

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fail(disk_error(error.value(), "cannot read", path));
  if (size > max_bytes) return fail("file_damaged", path.filename().string() + " is larger than it can be");
  std::string bytes(size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return fail(disk_error(EIO, "cannot read", path));
  return bytes;
}

Result<std::uint64_t> free_bytes(const fs::path& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return fail(disk_error(errno, "cannot look at the disk of", folder));
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

Result<std::string> sha256_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(disk_error(ENOENT, "cannot read", path));
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::string buffer(1 << 18, '\0');
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(buffer.data()),
                              static_cast<unsigned long long>(file.gcount()));
  if (file.bad()) return fail(disk_error(EIO, "cannot read", path));
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return text;
}

}  // namespace simhost::record
