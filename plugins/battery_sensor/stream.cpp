/// Who listens, and what is said.
#include "stream.hpp"

#include <array>

#include "simulations.hpp"
#include "variables_by_id.hpp"
#include "wire_text.hpp"

namespace battery_sensor {
namespace {

constexpr const char *path = "/api/v1/ws/telemetry", *alias = "/ws/telemetry",
                     *named_path = "/api/v1/ws/telemetry/{simulation_id}";
constexpr std::uint32_t policy_violation = 1008, idle_ms = 1000, message_bytes_max = 64 * 1024;
constexpr std::int64_t period_ns = 100'000'000;  // the shortest step: each tick is looked at, each interval is sent
constexpr std::size_t reading_bytes = 224;

/// Places in a frame; `ids` has the same order.
enum Place : std::uint32_t { voltage, current, temperature, resistance, soh, soc, mode };
constexpr std::array ids{
    id_of(&O::voltage_v), id_of(&O::current_a), id_of(&O::temperature_c), id_of(&O::internal_resistance_mohm),
    id_of(&O::soh_pct),   id_of(&O::soc_pct),   id_of(&O::mode)};

/// What AsyncAPI shows.
constexpr const char* messages = R"({"telemetry":{"type":"object","properties":{"type":{"const":"telemetry"},
"data":{"type":"array","items":{"type":"object","properties":{"battery_id":{"type":"string"},
"timestamp":{"type":"string","format":"date-time"},"voltage_v":{"type":"number"},"current_a":{"type":"number"},
"temperature_c":{"type":"number"},"internal_resistance_mohm":{"type":"number"},"soh_pct":{"type":"number"},
"mode":{"enum":["float","discharge","boost","equalize"]},"soc_pct":{"type":"number"}}}}}},
"ping":{"type":"object","properties":{"type":{"const":"ping"}}}})";

void append_number(std::string& text, std::string_view key, double value, int decimals) {
  text.append(key);
  append_fixed(text, value, decimals);
}

void append_reading(std::string& text, const sim::Frame& frame, std::uint32_t lane, const Roster& roster,
                    std::string_view time) {
  text.append(R"({"battery_id":)");
  roster.quote(lane, text);
  text.append(R"(,"timestamp":")").append(time);
  append_number(text, R"(","voltage_v":)", frame.value(voltage, lane), 3);
  append_number(text, R"(,"current_a":)", frame.value(current, lane), 3);
  append_number(text, R"(,"temperature_c":)", frame.value(temperature, lane), 2);
  append_number(text, R"(,"internal_resistance_mohm":)", frame.value(resistance, lane), 3);
  append_number(text, R"(,"soh_pct":)", frame.value(soh, lane), 2);
  text.append(R"(,"mode":")").append(mode_names[static_cast<std::size_t>(frame.value(mode, lane))]);
  append_number(text, R"(","soc_pct":)", frame.value(soc, lane), 2);
  text += '}';
}

struct Telemetry {
  static void encode(const sim::Frame*, const sim::Frame& now, std::uint32_t, const sim::Sink& sink) {
    const RosterPointer roster = find_roster(now.session());
    if (roster == nullptr || roster->size() != now.lanes() || !roster->reports(now.tick(), now.step_s())) return;
    sink.text(telemetry(now, *roster));
  }
  static void idle(std::uint32_t, const sim::Sink& sink) { sink.text(R"({"type":"ping"})"); }
};

/// Of the default simulation: also while there is none.
struct Default : Telemetry {
  static sim_status open(sim::Request& request, std::uint64_t client, const sim::Sink&) {
    const auto simulation = Simulations(request.host()).find(default_simulation);
    if (!simulation || !simulation->is_running()) return SIM_OK;
    return sim::StreamClients(request.host()).follow(client, simulation->handle);
  }
};

struct Named : Telemetry {
  static sim_status open(sim::Request& request, std::uint64_t client, const sim::Sink& sink) {
    const auto simulation = Simulations(request.host()).find(request.param("simulation_id"));
    if (simulation && simulation->is_running())
      return sim::StreamClients(request.host()).follow(client, simulation->handle);
    sink.close(policy_violation, "there is no such simulation");
    return SIM_WRONG_STATE;
  }
};

constexpr sim::Stream endpoint(const char* at, const char* summary, std::uint32_t flags) {
  return {.path = at,
          .summary = summary,
          .messages = messages,
          .model = "battery_sensor",
          .vars = ids,
          .period_ns = period_ns,
          .flags = SIM_STREAM_EACH | flags,
          .max_message = message_bytes_max,
          .idle_ms = idle_ms};
}
constexpr sim_stream list[] = {
    sim::stream<Default>(endpoint(path, "Readings of the default simulation", SIM_STREAM_FOLLOW)),
    sim::stream<Default>(endpoint(alias, "The same under the name of the seed's diagram", SIM_STREAM_FOLLOW)),
    sim::stream<Named>(endpoint(named_path, "Readings of one simulation", 0))};
constexpr sim_streams table = sim::streams(list);

}  // namespace

const sim_streams& streams_table() noexcept { return table; }

void follow_default(const sim_host* host, std::uint64_t session) {
  const sim::StreamClients clients(host);
  for (const char* at : {path, alias})
    for (const std::uint64_t client : clients.list(at)) clients.follow(client, session);
}

std::string telemetry(const sim::Frame& frame, const Roster& roster) {
  std::string text = R"({"type":"telemetry","data":[)";
  text.reserve(text.size() + roster.size() * reading_bytes);
  const std::string time = iso_time_ms(frame.wall_ns());
  for (std::uint32_t lane = 0; lane < frame.lanes(); ++lane) {
    if (lane != 0) text += ',';
    append_reading(text, frame, lane, roster, time);
  }
  return text += "]}";
}

}  // namespace battery_sensor
