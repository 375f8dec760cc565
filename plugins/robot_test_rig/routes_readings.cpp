/// Readings: how many, the newest, those of a time, bins of them, and what was noteworthy.
#include <sim/cpp/wall.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "history.hpp"
#include "routes.hpp"
#include "status.hpp"
#include "wire.hpp"

namespace robot_test_rig {
namespace {

constexpr double minute_s = 60, hour_s = 3600;
constexpr std::int64_t any_us = std::int64_t{1} << 60;

/// The session, its readings, and when it is.
struct View {
  explicit View(const sim_host* host) : desk(host), session(desk.current()), now_ns(desk.now_ns(session)) {
    if (session) book = desk.book(*session);
    if (book != nullptr) log = book->log();
    if (session) start_ns = session->info.start_wall_ns;
  }
  Desk desk;
  std::optional<RigSession> session;
  std::int64_t now_ns = 0, start_ns = 0;
  BookPointer book;
  Log log;

  [[nodiscard]] double now_s() const noexcept { return static_cast<double>(now_ns - start_ns) / 1e9; }
};

/// A number of the query; the host has held it against its range.
double number_in(const sim::Request& request, std::string_view key, double otherwise) noexcept {
  const auto text = request.query(key);
  double value = otherwise;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

/// A Unix time of the query as simulated microseconds; absent and 0 are no limit.
std::int64_t simulated_us(const sim::Request& request, std::string_view key, std::int64_t start_ns,
                          std::int64_t otherwise) noexcept {
  const double unix_s = number_in(request, key, 0);
  if (unix_s == 0 || !std::isfinite(unix_s)) return otherwise;
  return std::llround(std::clamp(unix_s, -1e11, 1e11) * 1e6) - start_ns / 1000;
}

void put_bin(const Bin& bin, std::int64_t from_us, std::int64_t width_us, sim::Json& json) {
  const std::int64_t start_us = from_us + static_cast<std::int64_t>(bin.place) * width_us;
  json.object().real("interval_start", static_cast<double>(start_us) / 1e6);
  json.real("interval_end", static_cast<double>(start_us + width_us) / 1e6).member("count", bin.count);
  json.real("average", bin.sum / static_cast<double>(bin.count)).real("min", bin.min).real("max", bin.max);
  json.member("timestamp", sim::iso_time(start_us * 1000)).end();
}

}  // namespace

void get_sensors_status(sim::Request& request, sim::Reply& reply) {
  const View view(request.host());
  const bool active = view.session && view.session->is_recording();
  reply.json([&](sim::Json& json) {
    json.object().key("sensors").object();
    for (const Sensor sensor : all_sensors) {
      json.key(name_of(sensor)).object().member("active", active);
      json.member("readings_per_minute", count_since(view.log, sensor, view.now_s() - minute_s)).end();
    }
    json.end().key("system").object().member("recording", active);
    json.member("total_readings", view.book == nullptr ? 0 : view.book->totals().readings());
    json.member("connected_clients", view.desk.clients()).end();
    json.member("timestamp", sim::iso_time(view.now_ns)).end();
  });
}

void get_readings(sim::Request& request, sim::Reply& reply) {
  const View view(request.host());
  const Wanted wanted{sensor_named(request.query("sensor_type").value_or("")),
                      static_cast<std::size_t>(number_in(request, "limit", 100)),
                      simulated_us(request, "start_time", view.start_ns, -any_us),
                      simulated_us(request, "end_time", view.start_ns, any_us)};
  reply.json([&](sim::Json& json) {
    json.array();
    for (const Reading& reading : newest(view.log, wanted, settings().readings_max))
      put_reading(reading, view.start_ns, json);
    json.end();
  });
}

void get_latest(sim::Request& request, sim::Reply& reply) {
  const View view(request.host());
  const auto newest_of = latest(view.log);
  reply.json([&](sim::Json& json) {
    json.object().key("latest_readings").object();
    for (const Sensor sensor : all_sensors) {
      json.key(name_of(sensor));
      const auto& reading = newest_of[static_cast<std::size_t>(sensor)];
      reading ? put_reading(*reading, view.start_ns, json) : static_cast<void>(json.null());
    }
    json.end().member("timestamp", sim::iso_time(view.now_ns));
    json.member("total_readings", view.book == nullptr ? 0 : view.book->totals().readings()).end();
  });
}

void get_aggregated(sim::Request& request, sim::Reply& reply) {
  const View view(request.host());
  const Sensor sensor = sensor_named(request.query("sensor_type").value_or("")).value_or(Sensor::force);
  const auto width_s = static_cast<std::int64_t>(number_in(request, "interval_seconds", 60));
  const auto hours = static_cast<std::int64_t>(number_in(request, "hours_back", 1));
  const std::int64_t from_us = view.now_ns / 1000 - hours * std::llround(hour_s * 1e6);
  const double from_s = static_cast<double>(from_us - view.start_ns / 1000) / 1e6;
  if (count_since(view.log, sensor, from_s) == 0)
    return void(reply.json([](sim::Json& json) {
      json.object().member("message", "No readings available for the specified criteria").end();
    }));
  const auto found =
      sensor == Sensor::camera ? std::vector<Bin>() : bins(view.log[sensor], from_s, static_cast<double>(width_s));
  reply.json([&](sim::Json& json) {
    json.object().member("sensor_type", name_of(sensor)).member("interval_seconds", width_s);
    json.member("hours_back", hours).member("total_intervals", found.size()).key("data").array();
    for (const Bin& bin : found) put_bin(bin, from_us, width_s * 1'000'000, json);
    json.end().end();
  });
}

void get_validation(sim::Request& request, sim::Reply& reply) {
  const View view(request.host());
  const auto limit = static_cast<std::size_t>(number_in(request, "limit", 50));
  reply.json([&](sim::Json& json) {
    json.array();
    if (view.session)
      for (const Finding& finding : view.desk.judged_book(*view.session)->findings(limit))
        put_result(finding, view.start_ns, settings(), json);
    json.end();
  });
}

}  // namespace robot_test_rig
