/// The plugin: one model, the rig, and the REST and WebSocket surface of the seed around it.
#include "desk.hpp"
#include "rig.hpp"
#include "routes.hpp"
#include "settings.hpp"
#include "stream.hpp"

namespace robot_test_rig {

struct Plugin {
  using models = sim::models<Rig>;
  static const sim_routes& routes() noexcept { return routes_table(); }
  static const sim_streams& streams() noexcept { return streams_table(); }
  static const sim_settings& settings() noexcept { return settings_table(); }

  static sim_status init(const sim_host& host, sim_error&) {
    read_settings(host);
    begin_work(host);
    return SIM_OK;
  }
};

}  // namespace robot_test_rig

SIM_PLUGIN(robot_test_rig::Plugin);
