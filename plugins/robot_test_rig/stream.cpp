/// What clients hear, and what they say.
#include "stream.hpp"

#include <array>

#include "status.hpp"
#include "wire.hpp"

namespace robot_test_rig {
namespace {

constexpr std::uint32_t message_bytes_max = 64 * 1024;

/// Which sensors a client does not want to hear of, as bits; 0 is all of them.
constexpr const char* variants[] = {"force,motor,camera", "motor,camera", "force,camera", "camera",
                                    "force,motor",        "motor",        "force",        "none"};
bool wants(std::uint32_t variant, Sensor sensor) noexcept {
  return ((variant >> static_cast<unsigned>(sensor)) & 1u) == 0;
}

/// What AsyncAPI shows.
constexpr const char* messages =
    R"({"connection_established":{"type":"object","properties":{"type":{"const":"connection_established"},
"data":{"type":"object"}}},
"sensor_data":{"type":"object","properties":{"type":{"const":"sensor_data"},"data":{"type":"object","properties":{
"timestamp":{"type":"number"},"sensor_type":{"enum":["force","motor","camera"]},"value":{}}}}},
"validation":{"type":"object","properties":{"type":{"const":"validation"},"data":{"type":"object","properties":{
"sensor_type":{"enum":["force","motor","camera"]},"status":{"enum":["warning","error"]},"message":{"type":"string"},
"timestamp":{"type":"number"},"details":{"type":"object"}}}}},
"system_status":{"type":"object","properties":{"type":{"const":"system_status"},"data":{"type":"object"}}},
"ping":{"type":"object","properties":{"type":{"const":"ping"},"timestamp":{}}},
"get_status":{"type":"object","properties":{"type":{"const":"get_status"}}},
"subscribe":{"type":"object","properties":{"type":{"const":"subscribe"},"data":{"type":"object","properties":{
"sensor_types":{"type":"array","items":{"enum":["force","motor","camera"]}}}}}},
"error":{"type":"object","properties":{"type":{"const":"error"},"message":{"type":"string"}}}})";

/// {type, data}
template <class F>
void send(const sim::Sink& sink, const char* type, F put_data) {
  std::string text;
  sim::Json json(text);
  json.object().member("type", type).key("data");
  put_data(json);
  json.end();
  if (json.ok()) sink.text(text);
}
void send_error(const sim::Sink& sink, std::string_view message) {
  std::string text;
  sim::Json(text).object().member("type", "error").member("message", message).end();
  sink.text(text);
}

Snapshot snapshot_of(const sim::Frame& frame) noexcept {
  Snapshot shown{};
  for (std::uint32_t place = 0; place < places; ++place) shown[place] = frame.value(place);
  return shown;
}

void greet(const Desk& desk, const sim::Sink& sink) {
  const bool recording = desk.is_recording();
  send(sink, "connection_established", [&](sim::Json& json) {
    json.object().member("message", "Connected to " + settings().title);
    put_per_sensor("sensors_active", recording, json);
    json.member("recording", recording).end();
  });
}

void send_pong(const sim::Value& timestamp, const sim::Sink& sink) {
  std::string text;
  sim::Json(text).object().member("type", "pong").key("timestamp").raw(timestamp.json()).end();
  sink.text(text);
}

/// The variant that a list of sensors asks for; nothing where it is no such list.
std::optional<std::uint32_t> variant_for(const sim::Value& list) {
  if (list.is_null()) return 0;
  if (!list.is_array()) return std::nullopt;
  std::uint32_t unwanted = (1u << sensors) - 1;
  for (std::uint64_t i = 0; i < list.size(); ++i) {
    const auto sensor = sensor_named(list.item(i).text());
    if (!sensor) return std::nullopt;
    unwanted &= ~(1u << static_cast<unsigned>(*sensor));
  }
  return unwanted;
}

void subscribe(const sim::Message& message, const sim::Sink& sink) {
  const sim::Value data = message.value["data"];
  const auto variant = variant_for(data["sensor_types"]);
  if (!variant) return send_error(sink, "sensor_types is a list of force, motor and camera");
  sim::StreamClients(message.host).variant(message.client, *variant);
  send(sink, "subscription_confirmed",
       [&](sim::Json& json) { data.is_null() ? json.object().end() : json.raw(data.json()); });
}

void send_status(const Desk& desk, const sim::Sink& sink) {
  send(sink, "system_status", [&](sim::Json& json) { put_system(Status(desk), json); });
}

/// The readings of a tick that are new since another.
void send_fresh(const Snapshot* before, const Snapshot& shown, double after_s, const sim::Frame& now,
                std::uint32_t variant, const sim::Sink& sink) {
  for (const Sensor sensor : Fresh(before, shown)) {
    const Reading reading = reading_of(shown, sensor);
    if (!wants(variant, sensor) || reading.at_s <= after_s) continue;
    send(sink, "sensor_data", [&](sim::Json& json) { put_reading(reading, now.start_wall_ns(), json); });
  }
}

}  // namespace

sim_status Live::open(sim::Request& request, std::uint64_t client, const sim::Sink& sink) {
  const Desk desk(request.host());
  greet(desk, sink);
  const auto session = desk.current();
  if (!session || !session->is_recording()) return SIM_OK;
  return sim::StreamClients(request.host()).follow(client, session->handle);
}

void Live::message(const sim::Message& message, const sim::Sink& sink) {
  if (message.problem != nullptr) return send_error(sink, "Invalid JSON format");
  if (!message.value.exists()) return send_error(sink, "A message must be text, and a JSON object");
  if (!message.value.is_object()) return send_error(sink, "A message must be a JSON object");
  const std::string_view type = message.value["type"].text("unknown");
  if (type == "ping") return send_pong(message.value["timestamp"], sink);
  if (type == "subscribe") return subscribe(message, sink);
  if (type == "get_status") return send_status(Desk(message.host), sink);
  send_error(sink, "Unknown message type: " + std::string(type));
}

// Where time 0 lies on the wall clock is known once the session runs: its readings go out with the frame after. A
// client that has just come sees what falls due at this very tick, not what came before it.
void Live::encode(const sim::Frame* before, const sim::Frame& now, std::uint32_t variant, const sim::Sink& sink) {
  constexpr double any_s = -1;
  if (now.tick() == 0) return;
  const Snapshot shown = snapshot_of(now);
  if (before == nullptr) return send_fresh(nullptr, shown, now.time_s() - now.step_s(), now, variant, sink);
  const Snapshot last = snapshot_of(*before);
  if (before->tick() == 0) send_fresh(nullptr, last, any_s, now, variant, sink);
  send_fresh(&last, shown, any_s, now, variant, sink);
}

void Live::alert(const sim::Frame& now, const sim::Value& alert, std::uint32_t variant, const sim::Sink& sink) {
  const auto finding = finding_of(alert);
  if (!finding || !wants(variant, sensor_of(finding->rule))) return;
  send(sink, "validation", [&](sim::Json& json) { put_result(*finding, now.start_wall_ns(), settings(), json); });
}

const sim_streams& streams_table() noexcept {
  static constexpr std::int64_t tick_ns = 10'000'000;
  static const sim_stream list[] = {sim::stream<Live>({.path = "/ws/sensor-data",
                                                       .summary = "Readings and validation results as they come",
                                                       .messages = messages,
                                                       .model = "robot_test_rig",
                                                       .vars = snapshot_ids(),
                                                       .variants = variants,
                                                       .period_ns = tick_ns,
                                                       .flags = SIM_STREAM_EACH | SIM_STREAM_FOLLOW,
                                                       .max_message = message_bytes_max})};
  static const sim_streams table = sim::streams(list);
  return table;
}

void announce_status(const sim_host* host) {
  std::string text;
  sim::Json json(text);
  json.object().member("type", "system_status").key("data");
  put_system(Status(Desk(host)), json);
  json.end();
  sim::StreamClients(host).push_session(0, text);
}

}  // namespace robot_test_rig
