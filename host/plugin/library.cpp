// Opens and closes plugin libraries: the only user of Boost.DLL.
#include <host/plugin/library.hpp>

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <exception>
#include <fstream>
#include <string>

#include <host/plugin/ambient.hpp>
#include <host/plugin/gate.hpp>

namespace simhost::plugin {
namespace {

tl::unexpected<Error> not_loadable(const std::string& said) {
  const bool no_exec = said.find("Operation not permitted") != std::string::npos;
  return fail("plugin_not_loadable",
              "the dynamic linker refuses the plugin: " + said +
                  (no_exec ? "; the folder of the copies may be mounted noexec, choose another" : ""));
}

tl::unexpected<Error> changed_host(const std::string& what) {
  return fail("plugin_bad_symbols",
              "loading the plugin changed " + what + "; it was put back and the plugin was closed");
}

// Text of a plugin, which may have forgotten the zero at its end.
template <std::size_t N>
std::string text_of(const char (&from)[N]) {
  return std::string(from, ::strnlen(from, N));
}

tl::unexpected<Error> init_failed(std::int32_t status, const sim_error& said) {
  const std::string code = text_of(said.code), message = text_of(said.message);
  return fail("plugin_init_failed", "init of the plugin returned " + std::to_string(status) +
                                        (code.empty() ? "" : " (" + code + ")") +
                                        (message.empty() ? " without a message" : ": " + message));
}

}  // namespace

struct Library::Handle {
  boost::dll::shared_library library;
  std::filesystem::path path;
  bool ready = false;  // init succeeded, deinit is due
};

Library::Library(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Library::Library(Library&&) noexcept = default;

Library::~Library() {
  if (handle_ != nullptr) static_cast<void>(close());
}

Result<Library> Library::open(const std::filesystem::path& path) {
  auto handle = std::make_unique<Handle>();
  handle->path = path;
  const Ambient before;
  try {
    using boost::dll::load_mode::rtld_local, boost::dll::load_mode::rtld_now;
    handle->library.load(path, rtld_now | rtld_local);
  } catch (const std::exception& e) {
    static_cast<void>(before.restore());
    return not_loadable(e.what());
  } catch (...) {
    static_cast<void>(before.restore());
    return fail("plugin_not_loadable", "a static constructor of the plugin let an exception out; construct in init");
  }
  const std::string changed = before.restore();
  Library library(std::move(handle));
  if (!changed.empty()) return changed_host(changed);
  if (auto done = library.read_entry(); !done) return fail(std::move(done.error()));
  return library;
}

Outcome Library::read_entry() {
  if (!handle_->library.has(SIM_ENTRY_SYMBOL))
    return fail("plugin_bad_symbols",
                "the library does not export " SIM_ENTRY_SYMBOL "; build it with sim_add_plugin()");
  const auto function = &handle_->library.get<const sim_entry*()>(SIM_ENTRY_SYMBOL);
  try {
    const auto entry = gate<sim_entry>(function());
    if (!entry || entry->get_factory == nullptr || entry->init == nullptr || entry->deinit == nullptr)
      return fail("plugin_abi_mismatch", SIM_ENTRY_SYMBOL
                  " returned no table, one of an impossible size, or one without "
                  "init, deinit and get_factory; build the plugin with the SDK of this host");
    entry_ = *entry;
  } catch (...) {
    return fail("plugin_init_failed", SIM_ENTRY_SYMBOL " let an exception out; every entry of a plugin is noexcept");
  }
  return {};
}

Outcome Library::init(const sim_host& host) {
  sim_error said{};
  said.size = sizeof(said);
  const Ambient before;
  std::string thrown;
  std::int32_t status = SIM_OK;
  try {
    status = entry_.init(&host, &said);
  } catch (const std::exception& e) {
    thrown = e.what();
  } catch (...) {
    thrown = "of unknown type";
  }
  const std::string changed = before.restore();
  if (!thrown.empty())
    return fail("plugin_init_failed", "init of the plugin let an exception out (" + thrown +
                                          "); every entry of a plugin is "
                                          "noexcept, failures are returned as SIM_ERROR with a message");
  if (status != SIM_OK && status != SIM_WARNING) return init_failed(status, said);
  handle_->ready = true;
  if (!changed.empty()) return changed_host(changed);
  return {};
}

void Library::deinit() noexcept {
  if (handle_ == nullptr || !handle_->ready) return;
  handle_->ready = false;
  const Ambient before;
  try {
    entry_.deinit();
  } catch (...) {  // the plugin goes anyway; what it threw lives in code that is about to leave
  }
  static_cast<void>(before.restore());
}

const void* Library::factory(const char* id) const noexcept {
  try {
    return entry_.get_factory(id);
  } catch (...) {
    return nullptr;
  }
}

Unload Library::close() noexcept {
  if (handle_ == nullptr) return Unload::gone;
  deinit();
  const auto path = handle_->path;
  handle_->library.unload();
  handle_.reset();
  return is_mapped(path) ? Unload::zombie : Unload::gone;
}

bool is_mapped(const std::filesystem::path& path) {
  if (void* known = ::dlopen(path.c_str(), RTLD_NOLOAD | RTLD_NOW | RTLD_LOCAL); known != nullptr) {
    ::dlclose(known);
    return true;
  }
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(path.native()) != std::string::npos) return true;
  return false;
}

}  // namespace simhost::plugin
