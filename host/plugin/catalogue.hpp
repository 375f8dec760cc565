// The plugins of a host by id: loads, replaces and retires them, and finds models across them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>
#include <host/plugin/candidate.hpp>
#include <host/plugin/diff.hpp>
#include <host/plugin/generation.hpp>

namespace simhost::plugin {

class Graveyard;
class Catalogue;

struct CatalogueOptions {
  std::vector<std::filesystem::path> folders;  // where plugin files may lie
  std::filesystem::path copies_folder;         // where private copies are kept; must allow executing
  CpuChoice cpu = CpuChoice::best;
  std::filesystem::path install_folder{};  // one of folders; where plugins that come as bytes are kept; empty: nowhere
  std::vector<std::string> allowed_libraries{};  // what plugins may need beside the system's
};

// loaded: has a current generation. failed: the last load failed and there is none. draining: withdrawn, still in use.
// zombie: withdrawn, and its library did not leave the process.
enum class PluginState : std::uint8_t { loaded, failed, draining, zombie };
[[nodiscard]] std::string_view name_of(PluginState state) noexcept;

struct PluginStatus {
  std::string id;
  PluginState state = PluginState::failed;
  std::shared_ptr<Generation> current;    // null unless loaded
  std::filesystem::path path;             // of the file that was asked for
  Stamp stamp;                            // of current, else of the last file tried
  std::optional<Error> error;             // of the last load or reload, if it failed
  std::size_t draining = 0, zombies = 0;  // generations that are leaving, and that did not leave
};

enum class Retired : std::uint8_t { gone, zombie, draining };

// Everything that can fail about a load has been done: the generation runs, beside the one it is to replace. Dropping
// it takes it down again, and nothing has changed. Control side only.
class Prepared {
 public:
  Prepared(Prepared&& from) noexcept;
  Prepared& operator=(Prepared&&) = delete;
  ~Prepared();

  [[nodiscard]] const std::shared_ptr<Generation>& generation() const noexcept { return generation_; }
  // What it replaces; null for a first load.
  [[nodiscard]] const std::shared_ptr<Generation>& previous() const noexcept { return previous_; }
  // previous -> generation; of a first load: same, and empty.
  [[nodiscard]] const DescriptorDiff& difference() const noexcept { return difference_; }

 private:
  friend class Catalogue;
  Prepared(Catalogue& catalogue, std::shared_ptr<Generation> generation, std::shared_ptr<Generation> previous);

  Catalogue* catalogue_;  // null once committed
  std::shared_ptr<Generation> generation_, previous_;
  DescriptorDiff difference_;
};

// Thread-safe; meant for the control side: its calls allocate, lock, and run [load] code of plugins, one at a time.
// Must outlive every Prepared; generations still held when it goes are taken down by their last holder.
class Catalogue {
 public:
  // services outlives the catalogue and every generation. Error: the folder for copies cannot be made.
  static Result<std::unique_ptr<Catalogue>> open(CatalogueOptions options, HostServices& services);
  ~Catalogue();
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  // named: absolute, or relative to a plugin folder. Error already_exists when a plugin of that id is loaded (reload
  // it).
  Result<Prepared> prepare_load(const std::filesystem::path& named);
  // named empty: the file of the present generation. Errors also: not_found, plugin_id_mismatch, busy.
  Result<Prepared> prepare_reload(std::string_view id, const std::filesystem::path& named = {});
  // Makes the generation current and gives back the one it replaced (or null): drop every reference, then retire it.
  std::shared_ptr<Generation> commit(Prepared prepared) noexcept;

  // prepare_load and commit.
  Result<std::shared_ptr<Generation>> load(const std::filesystem::path& named);
  // Takes a plugin out of the list; null for one that had failed. Errors: not_found, busy.
  Result<std::shared_ptr<Generation>> withdraw(std::string_view id);

  // Lets go of a generation that commit or withdraw gave back and waits for the last holder, up to patience; then
  // destroys, deinits, closes and looks. draining: still held elsewhere; a later sweep will take it down.
  Retired retire(std::shared_ptr<Generation> generation, std::chrono::milliseconds patience);
  // Takes down what nobody holds any more; gives how many. Call it now and then (each second).
  std::size_t sweep();

  [[nodiscard]] std::shared_ptr<Generation> current(std::string_view id) const;
  [[nodiscard]] std::vector<std::shared_ptr<Generation>> all_current() const;  // by plugin id
  struct FoundModel {
    std::shared_ptr<Generation> generation;  // null: no loaded plugin has it
    const ModelBinding* model = nullptr;     // valid while generation is held
  };
  [[nodiscard]] FoundModel find_model(std::string_view model_id) const;
  [[nodiscard]] std::vector<PluginStatus> list() const;  // by plugin id
  [[nodiscard]] std::optional<PluginStatus> status(std::string_view id) const;
  [[nodiscard]] std::size_t zombies() const;
  [[nodiscard]] const CatalogueOptions& options() const noexcept { return options_; }

 private:
  friend class Prepared;
  struct Leaving {
    std::uint64_t number;
    Retired state;  // draining or zombie
  };
  struct Entry {
    std::shared_ptr<Generation> current;
    std::filesystem::path path;
    Stamp stamp;
    std::optional<Error> error;
    std::vector<Leaving> leaving;
    std::vector<std::string> claimed;  // model ids of a prepared generation
    std::uint64_t last_number = 0;
    bool listed = false;    // loaded or failed; else only remembered for last_number and leaving
    bool reserved = false;  // a load or reload is being prepared
  };
  enum class Intent : std::uint8_t { load, reload };
  enum class Reservation : std::uint8_t { keep, release };

  Catalogue(CatalogueOptions options, CopyFolder copies, HostServices& services);
  Result<Prepared> prepare(const std::filesystem::path& path, Intent intent, std::string_view expected_id);
  Outcome reserve(const Judged& judged, const std::filesystem::path& path, Intent intent);
  Outcome check_room(const std::string& wanted) const;
  Result<std::unique_ptr<Generation>> open_generation(Judged judged, const std::filesystem::path& path);
  Outcome claim(const Generation& generation);
  void note_error(const std::string& id, const Error& error, Reservation reservation);
  void note_refused(const std::filesystem::path& path, const std::string& reloaded_id, const Error& error);
  void abandon(std::shared_ptr<Generation> generation);
  void take_down(std::vector<std::unique_ptr<Generation>> generations);
  void note_left(const std::string& id, std::uint64_t number, Unload unload);
  static PluginStatus status_of(const std::string& id, const Entry& entry);
  static PluginState state_of(const Entry& entry) noexcept;

  const CatalogueOptions options_;
  const CopyFolder copies_;
  HostServices& services_;
  const std::shared_ptr<Graveyard> graveyard_;
  std::mutex loading_;        // [load] code of plugins; taken before mutex_, never inside it
  mutable std::mutex mutex_;  // entries_
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace simhost::plugin
