/// What is here, and whether it is well.
#include <sim/cpp/wall.hpp>

#include "routes.hpp"
#include "settings.hpp"

namespace robot_test_rig {

void get_root(sim::Request&, sim::Reply& reply) {
  reply.json([](sim::Json& json) {
    json.object().member("message", settings().title).member("version", settings().version);
    json.member("status", "operational").end();
  });
}

void get_health(sim::Request& request, sim::Reply& reply) {
  reply.json([&](sim::Json& json) {
    json.object().member("status", "healthy");
    json.member("timestamp", sim::iso_time(sim::Clock(request.host()).wall_ns())).key("services").object();
    for (const char* service : {"sensor_simulator", "data_manager", "websocket"}) json.member(service, true);
    json.end().end();
  });
}

}  // namespace robot_test_rig
