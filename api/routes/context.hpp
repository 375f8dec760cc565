// What the routes of the generic API stand on, handed in by the program.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <api/http/route.hpp>
#include <api/http/router.hpp>
#include <host/base/clock.hpp>
#include <host/jobs/jobs.hpp>
#include <host/plan/schedules.hpp>
#include <host/playback/player.hpp>
#include <host/rules/rules.hpp>
#include <host/services/plugin_host.hpp>
#include <host/session/registry.hpp>
#include <host/store/store.hpp>

namespace simhost::record {
class Recorder;
}

namespace simhost::routes {

// A read of variables: from published frames where they have it, else with the next tick.
using Read = std::function<void(session::SessionPointer, session::ReadRequest, session::Done<session::ReadResult>)>;

// Everything outlives the routes. The functions may be called from any thread.
struct Context {
  session::Registry& registry;
  session::Models& models;
  services::PluginHost& plugins;
  jobs::Jobs& jobs;
  store::Store& store;
  record::Recorder& recorder;
  plan::Scenarios& scenarios;
  plan::Schedules& schedules;
  rules::Rules& rules;
  playback::Player& player;
  const engine::Engine& engine;
  const Clock& clock;
  Read read;
  std::function<std::size_t()> clients;                        // sockets that follow something, now
  std::function<Value(const std::string& plugin)> compat_url;  // null: the plugin has no listener of its own
  std::function<std::string()> metrics;                        // Prometheus text
  std::function<std::string()> not_ready;                      // why not, empty when ready
  Value limits;                                                // of GET /v1/host
  http::FilesTaken uploads;                                    // of plugin files
  std::int64_t started_wall_ns = 0, started_ns = 0;
};

}  // namespace simhost::routes
