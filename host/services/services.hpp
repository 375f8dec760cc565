// The host's half of all extensions: what plugins find when they ask the host for something, and the books behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/clock.hpp>
#include <host/engine/parallel.hpp>
#include <host/plugin/generation.hpp>
#include <host/plugin/services.hpp>
#include <host/rules/rules.hpp>
#include <host/services/alarm.hpp>
#include <host/services/books.hpp>
#include <host/services/streams.hpp>
#include <host/services/tenant.hpp>
#include <host/services/workers.hpp>
#include <host/session/registry.hpp>
#include <host/telemetry/reader.hpp>

namespace simhost::record {
class Recorder;
}

namespace simhost::services {

// The settings of a plugin from its declarations; an error (plugin_bad_settings) refuses the load.
using SettingsSource = std::function<Result<SettingValues>(const std::string& plugin, std::span<const sim_setting>)>;

// Every declared setting at its fallback, held against type and range: a host without a configuration.
Result<SettingValues> fallback_settings(const std::string& plugin, std::span<const sim_setting> declared);

struct ServicesOptions {
  Workers::Options workers{};
  SettingsSource settings = fallback_settings;
  int answer_timeout_ms = limits::answer_timeout_s * 1000;  // what a plugin waits for a tick's answer
  store::Store* store = nullptr;                            // of attachments; null: they end with the host
  int parallel_threads = 0;                                 // of sim.jobs parallel; 0: one per core
  rules::Rules* rules = nullptr;                            // of sim.rules; null: this host has none. Outlives this
};

// One value of a plugin's metrics, for /metrics.
struct MetricSample {
  std::string plugin, name, help;
  std::uint32_t kind = SIM_COUNTER;  // or SIM_GAUGE
  double value = 0;
};

// Made after the registry and the pump and before the catalogue and the first session; destroyed in the opposite order.
class Services final : public plugin::HostServices {
 public:
  Services(session::Registry& registry, telemetry::Pump& pump, const Clock& clock, ServicesOptions options);
  ~Services() override;

  // --- for the catalogue ---
  const void* extension(const sim_host* host, std::string_view id) override;
  Outcome begin(plugin::HostContext& context, std::span<const sim_setting> settings) override;
  void drain(plugin::HostContext& context) noexcept override;
  void end(plugin::HostContext& context) noexcept override;

  // --- for the plugin host ---
  // The generation is in service: what its init posted may run, its streams take over.
  void open(const std::shared_ptr<plugin::Generation>& generation);
  // It is being replaced: jobs that wait are dropped, new ones refused; requests in work go on.
  void close(const plugin::Generation& generation) noexcept;
  // The plugin is gone: its sockets are closed.
  void leave(const std::string& plugin);

  // --- for routes and streams ---
  // What the host does with settings itself: roles such as SIM_ROLE_LISTENER_PORT.
  [[nodiscard]] static SettingValues settings_of(const plugin::Generation& generation);
  [[nodiscard]] static LanePointer lane_of(const plugin::Generation& generation) noexcept;  // null once it has ended
  [[nodiscard]] Workers& workers() noexcept { return workers_; }
  [[nodiscard]] Alarm& alarm() noexcept { return alarm_; }
  [[nodiscard]] Streams& streams() noexcept { return streams_; }
  [[nodiscard]] telemetry::Reader& reader() noexcept { return reader_; }
  [[nodiscard]] session::Registry& registry() noexcept { return registry_; }
  [[nodiscard]] telemetry::Pump& pump() noexcept { return pump_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] engine::Parallel& parallel() noexcept { return parallel_; }
  // [any] Of sim.recordings; null: this host records nothing. Set before the first plugin is loaded.
  [[nodiscard]] record::Recorder* recorder() const noexcept { return recorder_; }
  void set_recorder(record::Recorder* recorder) noexcept { recorder_ = recorder; }
  [[nodiscard]] rules::Rules* rules() const noexcept { return options_.rules; }
  [[nodiscard]] int answer_timeout_ms() const noexcept { return options_.answer_timeout_ms; }

  // [any] Generations of a plugin (empty: of all) that were replaced or unloaded while handlers of theirs do not
  // return.
  [[nodiscard]] std::size_t stuck(std::string_view plugin = {}) const;

  // [any] Of all plugins that ever were loaded, by plugin id.
  [[nodiscard]] std::vector<MetricSample> metrics() const;
  [[nodiscard]] std::shared_ptr<Books> books_of(const std::string& plugin);

 private:
  struct Shelf {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<Books>> books;
  };
  static std::vector<std::shared_ptr<Books>> all(Shelf& shelf);
  void heard(const rules::Heard& heard);

  session::Registry& registry_;
  telemetry::Pump& pump_;
  record::Recorder* recorder_ = nullptr;
  const Clock& clock_;
  const ServicesOptions options_;
  const std::shared_ptr<Shelf> shelf_;  // shared with the listener of session events
  Streams streams_;
  telemetry::Reader reader_;
  engine::Parallel parallel_;
  Alarm alarm_;
  Workers workers_;
};

}  // namespace simhost::services
