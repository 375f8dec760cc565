/// What is injected into sensors.
#include <sim/cpp/wall.hpp>

#include "routes.hpp"
#include "status.hpp"
#include "wire.hpp"

namespace robot_test_rig {
namespace {

/// A kind of event as a command of the model, and the sensors that know it.
struct Event {
  const char *name, *command;
  bool of[sensors];
};
constexpr Event events[] = {{"spike", "spike", {true, true, true}},
                            {"overload", "overload", {true, false, false}},
                            {"overspeed", "overspeed", {false, true, false}},
                            {"low_light", "low_light", {false, false, true}},
                            {"dropout", "dropout", {true, true, true}}};

const Event* find_event(std::string_view name, Sensor sensor) noexcept {
  for (const Event& event : events) {
    if (name == event.name && event.of[static_cast<std::size_t>(sensor)]) return &event;
  }
  return nullptr;
}

void refuse_event(sim::Reply& reply, Sensor sensor) {
  std::string choice;
  for (const Event& event : events) {
    if (!event.of[static_cast<std::size_t>(sensor)]) continue;
    choice += (choice.empty() ? "'" : ", '") + std::string(event.name) + "'";
  }
  const std::string detail = "Input should be one of " + choice;
  const sim_field_error fault = sim::field_error("?event_type", "not_in_enum", detail);
  reply.problem(422, "validation_failed", detail, {&fault, 1});
}

void put_simulated(sim::Json& json, Sensor sensor, std::string_view event, std::int64_t now_ns, const char* note) {
  json.object().member("message", "Simulated " + std::string(event) + " event for " + name_of(sensor) + " sensor");
  json.member("event_type", event).member("timestamp", sim::iso_time(now_ns)).member("note", note).end();
}

}  // namespace

void post_simulate(sim::Request& request, sim::Reply& reply) {
  const auto sensor = sensor_named(request.query("sensor_type").value_or(""));
  if (!sensor) return void(reply.problem(422, "validation_failed", "sensor_type is force, motor or camera"));
  const std::string_view name = request.query("event_type").value_or("spike");
  const Event* event = find_event(name, *sensor);
  if (event == nullptr) return refuse_event(reply, *sensor);
  const Desk desk(request.host());
  const auto session = desk.current();
  const char* note = "Nothing was injected: no session is recording";
  if (session && session->is_recording()) {
    const double whose = static_cast<double>(*sensor);
    double waiting = 0;
    const auto done =
        sim::Sessions(request.host()).command(session->handle, event->command, {&whose, 1}, {&waiting, 1});
    if (!done && done.status != SIM_WRONG_STATE) return refuse(reply, done);  // it may have just ended
    if (done) note = "The next reading of the sensor takes it";
  }
  reply.json([&](sim::Json& json) { put_simulated(json, *sensor, name, desk.now_ns(session), note); });
}

}  // namespace robot_test_rig
