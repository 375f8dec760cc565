// Reads a plugin file once and keeps a private copy of it.
#include <host/plugin/place.hpp>

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <span>
#include <utility>

#include <host/base/limits.hpp>

namespace simhost::plugin {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t digest_chars_in_name = 16;

class OpenFile {
 public:
  explicit OpenFile(int fd) noexcept : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// Who may write a file or rename it away decides what the host runs.
Outcome check_safe(const fs::path& path, mode_t file_mode) {
  if ((file_mode & S_IWOTH) != 0)
    return fail("plugin_unsafe_file", "\"" + path.string() + "\" can be written by everyone; chmod o-w it");
  struct stat folder {};
  const auto parent = path.parent_path();
  if (::stat(parent.c_str(), &folder) == 0 && (folder.st_mode & S_IWOTH) != 0 && (folder.st_mode & S_ISVTX) == 0)
    return fail("plugin_unsafe_file",
                "the folder \"" + parent.string() + "\" can be written by everyone; chmod o-w it");
  return {};
}

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

bool lies_inside(const fs::path& folder, const fs::path& path) {
  const auto [folder_end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return folder_end == folder.end() && rest != path.end();
}

tl::unexpected<Error> copy_failed(const std::string& what) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return fail(full ? "disk_full" : "plugin_not_loadable", what + ": " + reason());
}

Outcome read_all(int fd, std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const auto got = ::read(fd, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail("plugin_not_loadable", "the plugin file cannot be read: " + reason());
    if (got == 0) return fail("plugin_not_loadable", "the plugin file became shorter while it was read; give it again");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Outcome write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return copy_failed("the private copy of the plugin cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// A folder whose lock nobody holds, or that has none, belongs to a process that is dead: folders get theirs in turn.
void sweep_dead(const fs::path& parent) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (!entry.path().filename().string().starts_with("simhost-")) continue;
    const OpenFile lock(::open((entry.path() / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    const bool dead = lock.get() >= 0 ? ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0 : errno == ENOENT;
    if (dead) remove_folder(entry.path());
  }
}

}  // namespace

Result<fs::path> resolve_inside(const std::vector<fs::path>& folders, const fs::path& named) {
  const std::string text = named.string();
  if (text.empty() || text.size() >= PATH_MAX || text.find('\0') != std::string::npos)
    return fail("plugin_path_not_allowed", "the path of the plugin is empty, too long or holds a zero byte");
  bool exists = false;
  for (const auto& folder : folders) {
    std::error_code error;
    const auto root = fs::canonical(folder, error);
    if (error) continue;
    const auto found = fs::canonical(named.is_absolute() ? named : root / named, error);
    if (error) continue;
    exists = true;
    if (lies_inside(root, found)) return found;
  }
  if (exists)
    return fail("plugin_path_not_allowed", "\"" + text +
                                               "\" does not lie in a plugin folder; put the file into one of them, "
                                               "or add its folder to the setting plugins.folders");
  return fail("plugin_path_not_allowed", "there is no file \"" + text + "\" in the plugin folders");
}

Result<PluginFile> read_plugin_file(const fs::path& path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0 && errno == ENOENT)
    return fail("plugin_path_not_allowed", "there is no file \"" + path.string() + "\"");
  if (file.get() < 0 && errno == ELOOP)
    return fail("plugin_path_not_allowed", "\"" + path.string() + "\" is a symbolic link; name the file itself");
  if (file.get() < 0) return fail("plugin_not_loadable", "\"" + path.string() + "\" cannot be opened: " + reason());
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return fail("plugin_path_not_allowed", "\"" + path.string() + "\" is no regular file");
  if (auto safe = check_safe(path, facts.st_mode); !safe) return fail(std::move(safe.error()));
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  if (size > limits::plugin_library_bytes)
    return fail("plugin_not_loadable", "\"" + path.string() + "\" has " + std::to_string(size) + " bytes, at most " +
                                           std::to_string(limits::plugin_library_bytes) +
                                           " are taken; strip its debug information");
  auto bytes = FileBytes::reserve(static_cast<std::size_t>(size));
  if (!bytes) return fail(std::move(bytes.error()));
  if (auto done = read_all(file.get(), bytes->writable()); !done) return fail(std::move(done.error()));
  return PluginFile{path, std::move(*bytes)};
}

std::string digest_of(std::span<const std::byte> bytes) {
  std::array<unsigned char, digest_bytes> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  std::array<char, 2 * digest_bytes + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

Result<CopyFolder> CopyFolder::open(const fs::path& parent) {
  std::error_code error;
  fs::create_directories(parent, error);
  // Who sweeps and who makes a folder wait for each other: a folder not locked yet is not taken for a dead one.
  const OpenFile turn(::open((parent / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (turn.get() >= 0 && ::flock(turn.get(), LOCK_EX) == 0) sweep_dead(parent);
  if (error) errno = error.value();
  std::string pattern = (parent / "simhost-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr)  // mode 0700
    return copy_failed("no private folder for plugin copies can be made in \"" + parent.string() + "\"");
  const fs::path path = fs::canonical(pattern, error);
  OpenFile lock(::open((path / "lock").c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (error || lock.get() < 0 || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return copy_failed("the private folder \"" + pattern + "\" cannot be locked");
  return CopyFolder(path, lock.release());
}

CopyFolder::CopyFolder(CopyFolder&& from) noexcept
    : path_(std::exchange(from.path_, {})), lock_(std::exchange(from.lock_, -1)) {}

CopyFolder::~CopyFolder() {
  if (!path_.empty()) remove_folder(path_);
  if (lock_ >= 0) ::close(lock_);
}

Result<fs::path> CopyFolder::keep(const PluginFile& file, std::string_view digest, const std::string& id,
                                  std::uint64_t generation) const {
  const auto path = path_ / (id + "-" + std::to_string(generation) + "-" +
                             std::string(digest.substr(0, digest_chars_in_name)) + ".so");
  const OpenFile copy(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400));
  if (copy.get() < 0) return copy_failed("the private copy \"" + path.string() + "\" cannot be made");
  if (auto done = write_all(copy.get(), file.bytes.all()); !done) {
    ::unlink(path.c_str());
    return fail(std::move(done.error()));
  }
  return path;
}

}  // namespace simhost::plugin
