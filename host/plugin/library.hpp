// One opened plugin library: its entry table, and the proof that it is gone after closing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <sim/plugin.h>
#include <host/base/error.hpp>

namespace simhost::plugin {

enum class Unload : std::uint8_t { gone, zombie };

// Not copied, not shared; used by one thread at a time. No exception of the plugin gets past it.
class Library {
 public:
  // RTLD_NOW and RTLD_LOCAL. Refuses a library whose start-up code changes the host's arithmetic, and restores it.
  // Errors: plugin_not_loadable, plugin_bad_symbols, plugin_abi_mismatch.
  static Result<Library> open(const std::filesystem::path& path);
  Library(Library&&) noexcept;
  Library& operator=(Library&&) = delete;
  ~Library();  // closes without proof

  // Once, before anything else but factory. Error plugin_init_failed.
  Outcome init(const sim_host& host);
  // After init, when nothing of the plugin runs or is referred to.
  void deinit() noexcept;
  // The plugin's table of that id, or null. "sim.config/1" may be asked for before init.
  [[nodiscard]] const void* factory(const char* id) const noexcept;
  [[nodiscard]] const sim_entry& entry() const noexcept { return entry_; }

  // Closes and looks whether the library has left the process.
  [[nodiscard]] Unload close() noexcept;

 private:
  struct Handle;
  explicit Library(std::unique_ptr<Handle> handle);
  Outcome read_entry();

  std::unique_ptr<Handle> handle_;
  sim_entry entry_{};
};

// Whether a file is mapped into this process or known to the dynamic linker.
[[nodiscard]] bool is_mapped(const std::filesystem::path& path);

}  // namespace simhost::plugin
