/// How the rig is, as JSON.
#include "status.hpp"

#include "wire.hpp"

namespace robot_test_rig {

Status::Status(const Desk& desk) : session(desk.current()), clients(desk.clients()) {
  if (session) totals = desk.judged_book(*session)->totals();
}

void put_summary(const Status& status, sim::Json& json) {
  json.key("data_summary").object();
  if (status.totals.readings() == 0) return void(json.member("message", "No data recorded").end());
  json.member("total_readings", status.totals.readings()).key("sensor_breakdown").object();
  for (const Sensor sensor : all_sensors)
    json.member(name_of(sensor), status.totals.of[static_cast<std::size_t>(sensor)]);
  json.end().member("validation_alerts", status.totals.findings).real("session_duration_seconds", status.duration_s());
  json.member("recording_active", status.is_recording()).member("connected_clients", status.clients).end();
}

void put_system(const Status& status, sim::Json& json) {
  const bool active = status.is_recording();
  json.object().member("force_sensor", active).member("motor_controller", active).member("camera", true);
  json.member("recording", active).real("uptime_seconds", status.duration_s());
  json.member("data_points_collected", status.totals.readings());
  put_per_sensor("sensors", active, json);
  put_summary(status, json);
  json.end();
}

}  // namespace robot_test_rig
