// Loads, reloads and unloads plugins under running sessions: catalogue, models, sessions and services in one order.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <host/plugin/catalogue.hpp>
#include <host/services/services.hpp>
#include <host/session/registry.hpp>

namespace simhost::services {

using session::Done;

// Which load of a plugin.
struct Which {
  std::uint64_t generation = 0;
  std::string version, digest;
};

struct LoadReport {
  std::string id;
  std::uint64_t generation = 0;
};

enum class Rehearsal : std::uint8_t { no, dry_run };  // dry_run: everything but the exchange

struct ReloadReport {
  std::string id;
  Which from, to;
  plugin::DescriptorDiff difference;
  std::size_t sessions = 0;  // carried over, or that would be
  double stall_p50_us = 0, stall_max_us = 0;
  Rehearsal rehearsal = Rehearsal::no;
  plugin::Retired old = plugin::Retired::gone;  // draining: requests of it still run; it goes when they end
};

enum class Force : std::uint8_t { no, end_sessions };

struct UnloadReport {
  std::string id;
  std::size_t sessions = 0;  // ended by force
  plugin::Retired old = plugin::Retired::gone;
};

// As the API shows them. gone is "unloaded": true.
Value show(const plugin::DescriptorDiff& difference);
Value show(const ReloadReport& report);
Value show(const UnloadReport& report);

// All is done by one thread, in order; Done is called on it and must not block.
class PluginHost {
 public:
  // Outlives nothing it is given: made last, destroyed first.
  PluginHost(plugin::Catalogue& catalogue, Services& services, session::Models& models);
  ~PluginHost();  // as stop
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  // Called when the routes and streams of a plugin are others than before, or gone; current(id) has the new ones. Set
  // before the first load; called on the loading thread, before the old generation is waited for.
  void on_routes_changed(std::function<void(const std::string& id)> changed);

  // [any] path: absolute or relative to a plugin folder, and inside one.
  void load(std::filesystem::path path, Done<LoadReport> done);
  // A library that lies in the folder for installed plugins under a name of nobody's: it becomes <id>.so there, and is
  // loaded. Errors leave neither; already_exists: a plugin of that id is loaded.
  void install(std::filesystem::path file, Done<LoadReport> done);
  // path empty: the file it came from. Errors change nothing: descriptor_breaking, plugin_*, not_found, busy.
  void reload(std::string id, std::filesystem::path path, Rehearsal rehearsal, Done<ReloadReport> done);
  // Error in_use names the sessions.
  void unload(std::string id, Force force, Done<UnloadReport> done);

  // [any]
  [[nodiscard]] std::shared_ptr<plugin::Generation> current(std::string_view id) const {
    return catalogue_.current(id);
  }
  [[nodiscard]] std::vector<std::shared_ptr<plugin::Generation>> all_current() const {
    return catalogue_.all_current();
  }
  // Libraries that did not leave, and those that cannot because a handler of theirs does not return.
  [[nodiscard]] std::size_t zombies() const { return catalogue_.zombies() + services_.stuck(); }
  // How long drivers stood still in the reloads so far.
  [[nodiscard]] const engine::Histogram& stalls() const noexcept { return stalls_; }
  // As GET /v1/plugins and /v1/plugins/{id} show them; compat_url is left out, the listeners' owner adds it.
  [[nodiscard]] std::vector<Value> list() const;
  [[nodiscard]] std::optional<Value> find(std::string_view id) const;

  // Deletes all sessions, unloads all plugins, ends the thread. What is asked for after that is draining.
  void stop();

 private:
  using Work = std::function<void()>;
  bool enqueue(Work work);
  void run();
  Result<LoadReport> do_load(const std::filesystem::path& path);
  Result<LoadReport> do_install(const std::filesystem::path& file);
  Result<ReloadReport> do_reload(const std::string& id, const std::filesystem::path& path, Rehearsal rehearsal);
  Result<UnloadReport> do_unload(const std::string& id, Force force);
  [[nodiscard]] bool is_listed(const std::string& id) const;
  void bring_in(const std::shared_ptr<plugin::Generation>& generation);
  void take_out(const std::string& id);
  void say(std::string type, const std::string& id, Value data);
  void say_failed(const std::string& id, const Error& error);
  Value show(const plugin::PluginStatus& status) const;

  plugin::Catalogue& catalogue_;
  Services& services_;
  session::Registry& registry_;
  session::Models& models_;
  std::function<void(const std::string&)> routes_changed_;

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Work> work_;
  engine::Histogram stalls_;  // written by the loading thread alone
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace simhost::services
