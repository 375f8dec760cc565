/// The plugin: one model, the battery, and the REST and WebSocket surface of the seed around it.
#include "battery.hpp"
#include "routes.hpp"
#include "settings.hpp"
#include "simulations.hpp"
#include "stream.hpp"

namespace battery_sensor {
namespace {

/// Encode asks no one, so the rosters of simulations that an earlier generation started are fetched at once.
void recall(const sim_host* host, void*) { Simulations(host).recall(); }

}  // namespace

struct Plugin {
  using models = sim::models<Battery>;
  static const sim_routes& routes() noexcept { return routes_table(); }
  static const sim_streams& streams() noexcept { return streams_table(); }
  static const sim_settings& settings() noexcept { return settings_table(); }

  static sim_status init(const sim_host& host, sim_error&) {
    read_settings(host);
    sim::Jobs(&host).post<&recall>(nullptr);
    return SIM_OK;
  }
};

}  // namespace battery_sensor

SIM_PLUGIN(battery_sensor::Plugin);
