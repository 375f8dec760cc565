/// The plugin: one model, the motor, and the REST and WebSocket surface of the seed around it.
#include "health_probe.hpp"
#include "metrics.hpp"
#include "motor.hpp"
#include "routes.hpp"
#include "routes_simulation.hpp"
#include "settings.hpp"
#include "stream.hpp"

namespace bldc_motor {

struct Plugin {
  using models = sim::models<Motor>;
  static const sim_routes& routes() noexcept { return routes_table(); }
  static const sim_streams& streams() noexcept { return streams_table(); }
  static const sim_settings& settings() noexcept { return settings_table(); }

  static sim_status init(const sim_host& host, sim_error& error) {
    if (const sim_status read = read_settings(host, error); read != SIM_OK) return read;
    open_counters(host);
    begin_probe();
    begin_cleaning(host);
    return SIM_OK;
  }
};

}  // namespace bldc_motor

SIM_PLUGIN(bldc_motor::Plugin);
