/// Recording sessions: start, stop, reset, and how they are.
#include "routes.hpp"
#include "settings.hpp"
#include "status.hpp"
#include "stream.hpp"
#include "wire.hpp"

#include <sim/cpp/wall.hpp>

namespace robot_test_rig {
namespace {

void log(const sim_host* host, const RigSession& session, const char* what) {
  if (settings().debug) sim::Log(host).info("recording session " + std::string(session.id()) + what);
}

void put_validation_stats(const Book::Totals& totals, sim::Json& json) {
  json.key("validation_stats").object().member("total_validations_performed", totals.readings());
  for (const Sensor sensor : all_sensors)
    json.member(std::string(name_of(sensor)) + "_readings_analyzed", totals.of[static_cast<std::size_t>(sensor)]);
  json.member("validation_active", true).end();
}

/// What a session was, for stop and summary.
void put_session_summary(const Status& status, sim::Json& json) {
  json.object().member("session_id", status.session ? status.session->id() : std::string_view());
  json.member("total_readings", status.totals.readings()).key("session_duration");
  status.session ? json.real(status.duration_s()) : json.null();
  json.member("validation_alerts", status.totals.findings).key("export_path").null().key("summary_stats").object();
  for (const Sensor sensor : all_sensors)
    json.member(std::string(name_of(sensor)) + "_readings", status.totals.of[static_cast<std::size_t>(sensor)]);
  json.end().end();
}

}  // namespace

void post_start(sim::Request& request, sim::Reply& reply) {
  const Desk desk(request.host());
  if (desk.is_recording()) return void(reply.problem(400, "wrong_state", "Session already in progress"));
  const auto made = desk.prepare();
  if (!made) return refuse(reply, made);
  announce_status(request.host());  // before its first reading
  const auto session = desk.run(made.value);
  if (!session) return refuse(reply, session);
  log(request.host(), session.value, " started");
  reply.json([&](sim::Json& json) {
    json.object().member("session_id", session.value.id()).member("status", "recording");
    json.member("started_at", sim::iso_time(session.value.info.start_wall_ns));
    json.key("duration_seconds").null().member("data_points", 0).end();
  });
}

void post_stop(sim::Request& request, sim::Reply& reply) {
  const Desk desk(request.host());
  const auto session = desk.current();
  if (!session || !session->is_recording()) return void(reply.problem(400, "wrong_state", "No active session to stop"));
  const auto stopped = desk.stop(*session);
  if (!stopped) return refuse(reply, stopped);
  log(request.host(), stopped.value, " stopped");
  announce_status(request.host());
  reply.json([&](sim::Json& json) { put_session_summary(Status(desk), json); });
}

void get_summary(sim::Request& request, sim::Reply& reply) {
  reply.json([&](sim::Json& json) { put_session_summary(Status(Desk(request.host())), json); });
}

void post_reset(sim::Request& request, sim::Reply& reply) {
  const Desk desk(request.host());
  const bool was_recording = desk.is_recording();
  if (const auto cleared = desk.clear(); !cleared) return refuse(reply, cleared);
  if (was_recording) announce_status(request.host());
  reply.json([&](sim::Json& json) {
    json.object().member("message", "Session data reset successfully");
    json.member("timestamp", sim::iso_time(desk.now_ns(std::nullopt))).end();
  });
}

void get_session_status(sim::Request& request, sim::Reply& reply) {
  const Status status{Desk(request.host())};
  reply.json([&](sim::Json& json) {
    json.object().member("recording", status.is_recording());
    put_per_sensor("sensors_active", status.is_recording(), json);
    put_summary(status, json);
    put_validation_stats(status.totals, json);
    json.member("connected_clients", status.clients).end();
  });
}

}  // namespace robot_test_rig
