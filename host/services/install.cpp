// A plugin that comes as bytes: kept as a file of the first plugin folder, then loaded like any other.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

#include <host/plugin/elf.hpp>
#include <host/plugin/stamp.hpp>
#include <host/services/plugin_host.hpp>

namespace simhost::services {

namespace {

namespace fs = std::filesystem;

Error not_kept(const fs::path& path, int reason) {
  return Error{
      reason == ENOSPC ? "disk_full" : "plugin_not_loadable",
      "the file " + path.filename().string() + " cannot be written: " + std::generic_category().message(reason)};
}

Outcome write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail("plugin_not_loadable", std::generic_category().message(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// Under a name nobody looks for, whole on the disk, then given its own name unless that is taken.
Outcome keep_file(const fs::path& path, std::string_view bytes) {
  fs::path part = path;
  part += ".part";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file < 0) return fail(not_kept(part, errno));
  auto done = write_all(file, bytes);
  if (done && ::fsync(file) != 0) done = fail(not_kept(part, errno));
  ::close(file);
  if (done && ::link(part.c_str(), path.c_str()) != 0)
    done = errno == EEXIST ? Outcome(fail("already_exists", "the file " + path.filename().string() +
                                                                " is there already; reload the plugin from a path"))
                           : Outcome(fail(not_kept(path, errno)));
  ::unlink(part.c_str());
  return done;
}

}  // namespace

Result<LoadReport> PluginHost::do_install(const std::string& bytes) {
  const auto elf = plugin::read_elf(std::as_bytes(std::span(bytes)));
  if (!elf) return fail(elf.error());
  const auto stamp = plugin::read_stamp(*elf);
  if (!stamp) return fail(stamp.error());
  const auto& folders = catalogue_.options().folders;
  if (folders.empty()) return fail("plugin_path_not_allowed", "no plugin folder is configured");
  const fs::path path = folders.front() / (stamp->id + ".so");
  if (auto kept = keep_file(path, bytes); !kept) return fail(std::move(kept.error()));
  auto loaded = do_load(path);
  std::error_code ignored;
  if (!loaded) fs::remove(path, ignored);
  return loaded;
}

}  // namespace simhost::services
