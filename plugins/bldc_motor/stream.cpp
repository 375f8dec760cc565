/// Who comes in, and what they say.
#include "stream.hpp"

#include <algorithm>

#include "health.hpp"
#include "metrics.hpp"
#include "routes_simulation.hpp"
#include "stream_frames.hpp"
#include "wire_binary.hpp"
#include "wire_text.hpp"

namespace bldc_motor {
namespace {

constexpr std::uint32_t policy_violation = 1008;
constexpr std::uint32_t message_bytes_max = 64 * 1024;

/// What AsyncAPI shows.
constexpr const char* messages =
    R"({"simulation_data":{"type":"object","properties":{"type":{"const":"simulation_data"},
"timestamp":{"type":"number"},"data":{"type":"object"}}},
"error":{"type":"object","properties":{"type":{"const":"error"},"timestamp":{"type":"number"},"data":{"type":"object",
"properties":{"error_type":{"enum":["over_temperature","simulation_runtime_error"]},"message":{"type":"string"}}}}},
"ack":{"type":"object","properties":{"type":{"const":"ack"},"status":{"enum":["success","pong","error"]}}},
"control_update":{"type":"object","properties":{"type":{"const":"control_update"},"data":{"type":"object","properties":{
"target_speed_rpm":{"type":"number","minimum":0,"maximum":6000},
"load_torque_percent":{"type":"number","minimum":0,"maximum":200},"enable_pid":{"type":"boolean"},
"pid_params":{"type":"object","properties":{"kp":{"type":"number","minimum":0,"maximum":10},
"ki":{"type":"number","minimum":0,"maximum":1},"kd":{"type":"number","minimum":0,"maximum":0.1}}}}}}},
"ping":{"type":"object","properties":{"type":{"const":"ping"}}},
"protocol_change":{"type":"object","properties":{"type":{"const":"protocol_change"},
"protocol":{"enum":["json","binary"]}}}})";

void greet(std::string_view session, Format format, std::int64_t wall_ns, const sim::Sink& sink) {
  std::string text;
  sim::Json json(text);
  json.object().member("type", "connection_established").member("session_id", session);
  json.member("protocol", format_names[static_cast<std::size_t>(format)]);
  put_time(json, wall_ns);
  json.key("server_info").object().member("version", service_version);
  json.member("max_rate_hz", settings().send_rate_hz());
  json.key("supported_protocols").array().value("json").value("binary").end().end().end();
  sink.text(text);
}

/// The answers to one message, all text, all with the type the original left out.
class Answer {
 public:
  Answer(const sim::Message& message, const sim::Sink& sink) noexcept : message_(message), sink_(sink) {}

  void error(std::string_view what) const {
    write([&](sim::Json& json) { json.member("status", "error").member("error", what); });
  }
  void pong() const {
    write([](sim::Json& json) { json.member("status", "pong"); });
  }
  template <class F>
  void success(std::string_view what, F rest) const {
    write([&](sim::Json& json) {
      json.member("status", "success").member("message", what);
      rest(json);
    });
  }

 private:
  template <class F>
  void write(F rest) const {
    std::string text;
    sim::Json json(text);
    json.object().member("type", "ack");
    rest(json);
    put_time(json, sim::Clock(message_.host).wall_ns());
    json.end();
    sink_.text(text);
  }
  const sim::Message& message_;
  const sim::Sink& sink_;
};

void put_updated(const ControlRequest& control, sim::Json& json) {
  json.key("updated_parameters").object();
  if (control.target_speed_rpm) put_real(json, "target_speed_rpm", *control.target_speed_rpm);
  if (control.load_torque_percent) put_real(json, "load_torque_percent", *control.load_torque_percent);
  if (control.enable_pid) json.member("enable_pid", *control.enable_pid);
  put_echo(json, control);
  json.end();
}

void update(const Bench& bench, const BenchSession& session, const ControlRequest& control, const Answer& answer) {
  const auto done = bench.set(session, control);
  if (!done) return answer.error(done.error.message);
  answer.success("Parameters updated", [&](sim::Json& json) { put_updated(control, json); });
}

void change_protocol(const sim::Message& message, const Answer& answer) {
  const std::string_view wanted = message.value["protocol"].text();
  for (std::uint32_t i = 0; i < std::size(format_names); ++i) {
    if (wanted != format_names[i]) continue;
    sim::StreamClients(message.host).variant(message.client, i);
    return answer.success("Protocol changed to " + std::string(wanted),
                          [&](sim::Json& json) { json.member("protocol", wanted); });
  }
  answer.error("protocol must be json or binary");
}

void take_text(const sim::Message& message, const Bench& bench, const BenchSession& session, const Answer& answer) {
  if (!message.value.is_object()) return answer.error("A message must be a JSON object");
  const sim::Value type = message.value["type"];
  if (!type.is_text()) return answer.error("A message needs a text \"type\"");
  if (type.text() == "ping") return answer.pong();
  if (type.text() == "protocol_change") return change_protocol(message, answer);
  if (type.text() != "control_update") return answer.error("Unknown message type: " + std::string(type.text()));
  std::string why;
  const auto control = read_update(message.value["data"], why);
  control ? update(bench, session, *control, answer) : answer.error(why);
}

/// A frame of type 4 without payload asks for the status, and is answered by one.
bool asks_for_status(std::span<const std::byte> frame) noexcept {
  constexpr std::byte header[] = {std::byte{0}, std::byte{4}, std::byte{0}, std::byte{0}};
  return frame.size() == frame_header_bytes && std::equal(std::begin(header), std::end(header), frame.begin());
}

void take_binary(const sim::Message& message, const Bench& bench, const BenchSession& session, const Answer& answer,
                 const sim::Sink& sink) {
  const auto frame = std::as_bytes(std::span(message.bytes));
  std::string why;
  if (const auto control = read_update(frame, why)) return update(bench, session, *control, answer);
  if (!asks_for_status(frame)) return answer.error(why);
  const auto now = bench.read(session.handle);
  if (!now) return answer.error(now.error.message);
  std::string text;
  sim::Json json(text);
  put_status(bench, session, now.value, json);
  sink.binary(json_frame(FrameType::status, bench.now_ns(), text));
}

void take_problem(const sim_problem& problem, const Answer& answer) {
  if (problem.status == 429) return answer.error("rate_limit_exceeded");
  answer.error("Invalid JSON: " + std::string(sim::view_of(problem.detail)));
}

}  // namespace

sim_status Telemetry::open(sim::Request& request, std::uint64_t client, const sim::Sink& sink) {
  const Bench bench(request.host());
  const auto session = bench.find(request.param("session_id"));
  if (!session) {
    sink.close(policy_violation, "there is no such session");
    return SIM_WRONG_STATE;
  }
  const Format format = request.query("protocol") == "binary" ? Format::binary : Format::json;
  const sim::StreamClients clients(request.host());
  clients.variant(client, static_cast<std::uint32_t>(format));
  greet(session->info.name, format, bench.now_ns(), sink);
  const sim_status followed = clients.follow(client, session->handle);
  if (followed != SIM_OK) return followed;
  counters().sockets.add();
  bench.touch(session->handle);
  return SIM_OK;
}

void Telemetry::message(const sim::Message& message, const sim::Sink& sink) {
  const Answer answer(message, sink);
  const Bench bench(message.host);
  const auto session = bench.at(sim::StreamClients(message.host).session(message.client));
  if (message.problem != nullptr) return take_problem(*message.problem, answer);
  if (!session) return answer.error("Session has ended");
  bench.touch(session->handle);
  message.value.exists() ? take_text(message, bench, *session, answer)
                         : take_binary(message, bench, *session, answer, sink);
}

void Telemetry::encode(const sim::Frame* before, const sim::Frame& now, std::uint32_t variant, const sim::Sink& sink) {
  put_frame(before, now, static_cast<Format>(variant), sink);
}

void Telemetry::ended(const sim_ending& ending, std::uint32_t variant, const sim::Sink& sink) {
  put_ending(ending, static_cast<Format>(variant), sink);
}

const sim_streams& streams_table() noexcept {
  static sim_stream list[] = {sim::stream<Telemetry>({.path = "/ws/{session_id}",
                                                      .summary = "Live data of a session, and its control",
                                                      .messages = messages,
                                                      .model = "bldc_motor",
                                                      .vars = frame_variables(),
                                                      .variants = format_names,
                                                      .flags = SIM_STREAM_EACH,
                                                      .max_message = message_bytes_max})};
  static const sim_streams table = sim::streams(list);
  list[0].period_ns = settings().send_period_ns;
  list[0].max_per_s = settings().messages_per_s;
  return table;
}

}  // namespace bldc_motor
