/// Simulations come, are shown and go.
#include "routes_simulation.hpp"

#include <algorithm>

#include "order.hpp"
#include "settings.hpp"
#include "signals.hpp"
#include "stream.hpp"
#include "wire_text.hpp"

namespace battery_sensor {
namespace {

constexpr std::uint32_t retry_after_s = 60;

std::string started_text(std::size_t batteries) {
  return "Simulation started for " + std::to_string(batteries) + " batteries";
}

/// Sends what is wrong with an order; false where nothing is.
bool refuse_order(const Order& order, const Roster& roster, sim::Reply& reply) {
  const auto repeated = roster.repeated();
  if (repeated.empty()) return false;
  std::vector<std::string> pointers, details;
  for (const std::uint32_t place : repeated) {
    if (pointers.size() == listed_faults_max) break;
    pointers.push_back("/batteries/" + std::to_string(place) + "/battery_id");
    details.push_back("battery_id '" + order.ids[place] + "' is given twice");
  }
  std::vector<sim_field_error> faults;
  for (std::size_t i = 0; i < pointers.size(); ++i)
    faults.push_back(sim::field_error(pointers[i], "value_error", details[i]));
  reply.problem(422, "validation_failed", "battery ids are given twice", faults);
  return true;
}

/// Starts it under this name, its clients with it.
std::optional<Simulation> launch(const sim_host* host, const std::string& id, Order order, sim::Reply& reply) {
  const Simulations simulations(host);
  if (simulations.list().size() >= settings().simulations_max) {
    reply.problem(429, "limit_reached", "As many simulations as may be are there", {}, retry_after_s);
    return std::nullopt;
  }
  auto made = simulations.create(id, std::move(order));
  if (!made) return refuse(reply, made.status, made.error), std::nullopt;
  if (id == default_simulation) follow_default(host, made.value.handle);
  if (const auto runs = simulations.run(made.value); !runs) {
    simulations.remove(made.value);
    return refuse(reply, runs.status, runs.error), std::nullopt;
  }
  return std::move(made.value);
}

/// The default one, where none runs; what is left of an earlier one goes first.
std::optional<Simulation> launch_default(const sim_host* host, Order order, sim::Reply& reply) {
  const Simulations simulations(host);
  const auto old = simulations.find(default_simulation);
  if (old && old->is_running()) {
    reply.problem(400, "already_running", "Simulation already running");
    return std::nullopt;
  }
  if (old) simulations.remove(*old);
  auto made = launch(host, default_simulation, std::move(order), reply);
  if (made) simulations.remember({made->roster->interval_s(), made->info.created_wall_ns, 0});
  return made;
}

void put_scenario(std::uint32_t scenario, sim::Json& json) {
  json.key("scenario");
  scenario == 0 ? json.null() : json.value(scenario_names[scenario]);
}

void put_facts(const Simulation& simulation, bool running, sim::Json& json) {
  json.member("is_running", running).member("batteries_count", running ? simulation.roster->size() : 0);
  json.member("interval_seconds", simulation.roster->interval_s());
  put_scenario(running ? simulation.roster->scenario() : 0, json);
  json.member("started_at", iso_time_ms(simulation.info.created_wall_ns));
  json.member("readings_generated", simulation.readings());
}

void put_overrides(const Simulation& simulation, const std::vector<std::uint32_t>& own, sim::Json& json) {
  json.key("overrides").object();
  for (std::size_t lane = 0; lane < own.size(); ++lane)
    if (own[lane] != 0) json.member(simulation.roster->id(lane), scenario_names[own[lane]]);
  json.end();
}

void show(const Simulations& simulations, const Simulation& simulation, sim::Reply& reply) {
  const bool running = simulation.is_running();
  std::vector<std::uint32_t> own;
  if (running) {
    auto read = simulations.overrides(simulation);
    if (!read) return refuse(reply, read.status, read.error);
    own = std::move(read.value);
  }
  reply.json([&](sim::Json& json) {
    json.object();
    put_facts(simulation, running, json);
    put_overrides(simulation, own, json);
    json.member("time_scale", simulation.time_scale).member("seed", simulation.seed);
    json.member("noise", simulation.noise).end();
  });
}

/// As the last run left it.
void show_idle(const LastRun& run, sim::Reply& reply) {
  reply.json([&](sim::Json& json) {
    json.object().member("is_running", false).member("batteries_count", 0).member("interval_seconds", run.interval_s);
    put_scenario(0, json);
    json.key("started_at");
    run.started_wall_ns == 0 ? json.null() : json.value(iso_time_ms(run.started_wall_ns));
    json.member("readings_generated", run.readings).key("overrides").object().end();
    json.member("time_scale", 1).member("seed", 0).member("noise", true).end();
  });
}

/// What its status still tells is remembered.
void end_default(const Simulations& simulations) {
  auto simulation = simulations.find(default_simulation);
  if (!simulation) return;
  simulations.stop(*simulation);
  if (auto last = simulations.find(default_simulation)) simulation = std::move(last);
  simulations.remember({simulation->roster->interval_s(), simulation->info.created_wall_ns, simulation->readings()});
  simulations.remove(*simulation);
}

void answer_stopped(sim::Reply& reply) {
  reply.json([](sim::Json& json) {
    json.object().member("status", "stopped").member("message", "Simulation stopped successfully").end();
  });
}

}  // namespace

void refuse(sim::Reply& reply, sim_status status, const sim_error& error) {
  const std::string_view code = error.code, message = error.message;
  const bool taken = code == "name_taken" || code == "in_use", full = code == "limit_reached";
  const int said = sim::http_status(status);
  const int http = taken ? 409 : full ? 429 : said == 400 ? 500 : said;
  reply.problem(http, code.empty() ? "refused" : code, message.empty() ? "the host refused this" : message, {},
                full          ? retry_after_s
                : http == 503 ? 1
                              : 0);
}

std::optional<Simulation> named_simulation(const Simulations& simulations, sim::Request& request, sim::Reply& reply) {
  const std::string_view id = request.param("simulation_id");
  auto found = simulations.find(id);
  if (!found) reply.problem(404, "unknown_simulation", "There is no simulation '" + std::string(id) + "'");
  return found;
}

void post_start(sim::Request& request, sim::Reply& reply) {
  Order order = order_of(request.body());
  if (refuse_order(order, Roster(order.ids, order.interval_s, order.scenario), reply)) return;
  const auto made = launch_default(request.host(), std::move(order), reply);
  if (!made) return;
  reply.json([&](sim::Json& json) {
    json.object().member("status", "started").member("message", started_text(made->roster->size()));
    json.member("interval_seconds", made->roster->interval_s()).end();
  });
}

void post_stop(sim::Request& request, sim::Reply& reply) {
  end_default(Simulations(request.host()));
  answer_stopped(reply);
}

void get_status(sim::Request& request, sim::Reply& reply) {
  const Simulations simulations(request.host());
  const auto simulation = simulations.find(default_simulation);
  simulation ? show(simulations, *simulation, reply) : show_idle(simulations.last_run(), reply);
}

void post_fleet(sim::Request& request, sim::Reply& reply) {
  Order order = fleet_order_of(request.body());
  const auto made = launch_default(request.host(), std::move(order), reply);
  if (!made) return;
  const auto locations = request.body()["locations"].integer(static_cast<std::int64_t>(std::size(location_codes)));
  reply.json([&](sim::Json& json) {
    json.object().member("status", "started").member("message", started_text(made->roster->size()));
    json.member("interval_seconds", made->roster->interval_s()).member("simulation_id", made->id());
    json.key("locations").array();
    for (std::int64_t i = 0; i < locations; ++i) json.value(location_codes[i]);
    json.end().member("batteries_count", made->roster->size()).end();
  });
}

void post_simulation(sim::Request& request, sim::Reply& reply) {
  Order order = order_of(request.body());
  if (refuse_order(order, Roster(order.ids, order.interval_s, order.scenario), reply)) return;
  const std::string_view name = request.body()["name"].text();
  if (name == default_simulation) {
    const sim_field_error fault = sim::field_error("/name", "value_error", "default is what the other paths address");
    return static_cast<void>(reply.problem(422, "validation_failed", "the name is kept", {&fault, 1}));
  }
  const std::string id = name.empty() ? new_simulation_id(request.host()) : std::string(name);
  const auto made = launch(request.host(), id, std::move(order), reply);
  if (!made) return;
  reply.header("Location", std::string(request.mount()) + "/api/v1/simulations/" + id);
  reply.json(
      [&](sim::Json& json) {
        json.object().member("simulation_id", made->id()).member("status", "started");
        json.member("message", started_text(made->roster->size()));
        json.member("interval_seconds", made->roster->interval_s()).end();
      },
      201);
}

void get_simulations(sim::Request& request, sim::Reply& reply) {
  const auto all = Simulations(request.host()).list();
  reply.json([&](sim::Json& json) {
    json.object().key("simulations").array();
    for (const auto& simulation : all) {
      json.object().member("simulation_id", simulation.id());
      put_facts(simulation, simulation.is_running(), json);
      json.end();
    }
    json.end().end();
  });
}

void post_named_stop(sim::Request& request, sim::Reply& reply) {
  if (request.param("simulation_id") == default_simulation) return post_stop(request, reply);
  const Simulations simulations(request.host());
  const auto simulation = named_simulation(simulations, request, reply);
  if (!simulation) return;
  simulations.stop(*simulation);
  answer_stopped(reply);
}

void get_named_status(sim::Request& request, sim::Reply& reply) {
  if (request.param("simulation_id") == default_simulation) return get_status(request, reply);
  const Simulations simulations(request.host());
  const auto simulation = named_simulation(simulations, request, reply);
  if (simulation) show(simulations, *simulation, reply);
}

void delete_simulation(sim::Request& request, sim::Reply& reply) {
  const Simulations simulations(request.host());
  const auto simulation = named_simulation(simulations, request, reply);
  if (!simulation) return;
  simulation->id() == default_simulation ? end_default(simulations) : simulations.remove(*simulation);
  reply.status(204);
}

}  // namespace battery_sensor
