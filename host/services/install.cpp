// A plugin that came as bytes: given its own name in the folder for such plugins, then loaded like any other.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <host/plugin/elf.hpp>
#include <host/plugin/place.hpp>
#include <host/plugin/stamp.hpp>
#include <host/services/plugin_host.hpp>

namespace simhost::services {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> not_kept(const fs::path& path) {
  const int reason = errno;
  return fail(reason == ENOSPC ? "disk_full" : "plugin_not_loadable",
              "the file " + path.filename().string() + " cannot be kept: " + std::generic_category().message(reason));
}

// Whole on the disk, then under its own name in one step.
Outcome give_name(const fs::path& file, const fs::path& path) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return not_kept(file);
  const bool safe = ::fchmod(descriptor, 0600) == 0 && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!safe || ::rename(file.c_str(), path.c_str()) != 0) return not_kept(path);
  return {};
}

}  // namespace

Result<LoadReport> PluginHost::do_install(const fs::path& file) {
  const auto& folder = catalogue_.options().install_folder;
  if (folder.empty()) return fail("plugin_path_not_allowed", "this host keeps no plugins that come as bytes");
  const auto read = plugin::read_plugin_file(file);
  if (!read) return fail(read.error());
  const auto elf = plugin::read_elf(read->bytes.all());
  if (!elf) return fail(elf.error());
  const auto stamp = plugin::read_stamp(*elf);
  if (!stamp) return fail(stamp.error());
  if (catalogue_.current(stamp->id) != nullptr)
    return fail("already_exists", "the plugin " + stamp->id + " is loaded; reload it, or unload it first");
  const fs::path path = folder / (stamp->id + ".so");
  if (auto kept = give_name(file, path); !kept) return fail(std::move(kept.error()));
  auto loaded = do_load(path);
  std::error_code ignored;
  if (!loaded) fs::remove(path, ignored);
  return loaded;
}

}  // namespace simhost::services
