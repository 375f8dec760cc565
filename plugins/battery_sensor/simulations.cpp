/// Sessions and what is attached to them.
#include "simulations.hpp"

#include <sim/cpp/json.hpp>

#include <algorithm>
#include <charconv>
#include <span>

#include "parameters.hpp"
#include "variables_by_id.hpp"

namespace battery_sensor {
namespace {

/// What is attached. A session without facts is not ours, even if it runs our model.
constexpr const char *facts_key = "facts", *ids_key = "ids", *applied_key = "applied", *last_run_key = "last_run";
constexpr std::size_t attachment_bytes = 4096;
constexpr double ambient_start_c = 25;

/// Numbers with spaces between them.
template <std::size_t N>
std::optional<std::array<double, N>> numbers_of(std::string_view text) {
  std::array<double, N> numbers{};
  for (double& number : numbers) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return numbers;
}
template <std::size_t N>
std::string text_of_numbers(const std::array<double, N>& numbers) {
  std::string text;
  for (const double number : numbers) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    text.append(text.empty() ? "" : " ").append(digits, static_cast<std::size_t>(end - digits));
  }
  return text;
}

template <class T, class F>
void put_lanes(sim::Json& json, std::string_view key, const std::vector<T>& values, F put) {
  const bool uniform = std::ranges::adjacent_find(values, std::ranges::not_equal_to{}) == values.end();
  json.key(key);
  if (uniform) return static_cast<void>(put(values.front()));
  json.array();
  for (const T& value : values) put(value);
  json.end();
}

/// The body of POST /v1/sessions.
std::string creation(const std::string& id, const Order& order) {
  std::string body;
  sim::Json json(body);
  json.object().member("model", "battery_sensor").member("name", id).member("lanes", order.ids.size());
  json.member("seed", order.seed).member("start", false);
  json.key("parameters").object().member("time_scale", order.time_scale).member("noise", order.noise);
  put_lanes(json, "profile", order.profiles, [&](std::uint8_t profile) { json.value(profile_names[profile]); });
  put_lanes(json, "initial_soh_pct", order.soh_pct, [&](double soh_pct) { json.value(soh_pct); });
  json.end().key("inputs").object().member("scenario", scenario_names[order.scenario]).end().end();
  return body;
}

template <class T, class U>
sim::Result<T> failed(const sim::Result<U>& from) {
  return {from.status, {}, from.error};
}

/// Lanes that are set, as "0-99,205".
std::string ranges_of(const std::vector<bool>& lanes) {
  std::string text;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    if (!lanes[i]) continue;
    const std::size_t first = i;
    while (i + 1 < lanes.size() && lanes[i + 1]) ++i;
    text.append(text.empty() ? "" : ",").append(std::to_string(first)).append("-").append(std::to_string(i));
  }
  return text;
}
void set_ranges(std::string_view text, std::vector<bool>& lanes) {
  while (!text.empty()) {
    std::size_t first = 0, last = 0;
    const auto dash = std::from_chars(text.data(), text.data() + text.size(), first).ptr;
    if (dash == text.data() + text.size()) return;
    const auto end = std::from_chars(dash + 1, text.data() + text.size(), last).ptr;
    for (std::size_t i = first; i <= last && i < lanes.size(); ++i) lanes[i] = true;
    text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(end - text.data()) + 1));
  }
}

std::vector<std::string> cut(const std::string& text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += attachment_bytes)
    pieces.push_back(text.substr(at, attachment_bytes));
  return pieces;
}

}  // namespace

bool Simulation::is_running() const noexcept {
  return (info.state & (SIM_STATE_READY | SIM_STATE_RUNNING | SIM_STATE_PAUSED)) != 0;
}
std::uint64_t Simulation::readings() const noexcept {
  return roster->reports_until(info.tick, info.step_s) * roster->size();
}

sim::Result<sim::Done> Simulations::attach_pieces(std::uint64_t session, const char* key,
                                                  const std::vector<std::string>& pieces) const {
  std::size_t n = 0;
  for (; n < pieces.size(); ++n) {
    auto kept = sessions_.attach(session, (std::string(key) + "." + std::to_string(n)).c_str(), pieces[n]);
    if (!kept) return kept;
  }
  for (;; ++n) {  // of a longer text before
    const std::string name = std::string(key) + "." + std::to_string(n);
    if (attached(session, name.c_str()).empty()) return {SIM_OK, {}, {}};
    sessions_.attach(session, name.c_str(), "");
  }
}

std::vector<std::string> Simulations::pieces(std::uint64_t session, const char* key) const {
  std::vector<std::string> all;
  for (std::size_t n = 0;; ++n) {
    std::string piece = attached(session, (std::string(key) + "." + std::to_string(n)).c_str());
    if (piece.empty()) return all;
    all.push_back(std::move(piece));
  }
}

RosterPointer Simulations::roster_of(std::uint64_t handle, const std::string& id, std::uint32_t interval_s,
                                     std::uint32_t scenario) const {
  RosterPointer known = find_roster(id);
  if (known != nullptr && known->interval_s() == interval_s && known->scenario() == scenario) return known;
  std::vector<std::string> ids;
  for (const auto& piece : pieces(handle, ids_key))
    if (!unpack_ids(piece, ids)) return nullptr;
  auto roster = std::make_shared<const Roster>(ids, interval_s, scenario);
  keep_roster(id, roster);
  return roster;
}

std::optional<Simulation> Simulations::at(std::uint64_t handle) const {
  const auto facts = numbers_of<5>(attached(handle, facts_key));
  const auto info = sessions_.info(handle);
  if (!info || !facts) return std::nullopt;
  Simulation simulation;
  simulation.handle = handle;
  simulation.info = info.value;
  simulation.time_scale = (*facts)[2];
  simulation.seed = static_cast<std::uint64_t>((*facts)[3]);
  simulation.noise = (*facts)[4] != 0;
  simulation.roster = roster_of(handle, info.value.name, static_cast<std::uint32_t>((*facts)[0]),
                                static_cast<std::uint32_t>((*facts)[1]));
  if (simulation.roster == nullptr || simulation.roster->size() != info.value.lanes) return std::nullopt;
  return simulation;
}

std::optional<Simulation> Simulations::find(std::string_view id) const {
  const auto handle = sessions_.find(id);
  if (!handle) return std::nullopt;
  auto simulation = at(handle.value);
  if (simulation && simulation->id() != id) return std::nullopt;  // the host's own id names it elsewhere
  return simulation;
}

std::vector<Simulation> Simulations::list() const {
  std::vector<Simulation> all;
  for (const std::uint64_t handle : sessions_.list())
    if (auto simulation = at(handle)) all.push_back(std::move(*simulation));
  return all;
}

sim::Result<Simulation> Simulations::create(const std::string& id, Order order) const {
  const auto made = sessions_.create(creation(id, order));
  if (!made) return failed<Simulation>(made);
  const std::array<double, 5> facts{static_cast<double>(order.interval_s), static_cast<double>(order.scenario),
                                    order.time_scale, static_cast<double>(order.seed), order.noise ? 1.0 : 0.0};
  auto kept = attach_pieces(made.value, ids_key, pack_ids(order.ids, attachment_bytes));
  if (kept) kept = sessions_.attach(made.value, facts_key, text_of_numbers(facts));
  if (!kept) {
    sessions_.control(made.value, SIM_DELETE);
    return failed<Simulation>(kept);
  }
  keep_roster(id, std::make_shared<const Roster>(order.ids, order.interval_s, order.scenario));
  auto simulation = at(made.value);
  if (!simulation) return {SIM_ERROR, {}, {sizeof(sim_error), SIM_ERROR, "not_found", "the session ended at once"}};
  return {SIM_OK, std::move(*simulation), {}};
}

sim::Result<sim::Done> Simulations::run(const Simulation& simulation) const {
  return sessions_.control(simulation.handle, SIM_RESUME);
}
void Simulations::stop(const Simulation& simulation) const { sessions_.control(simulation.handle, SIM_STOP); }
void Simulations::remove(const Simulation& simulation) const {
  sessions_.control(simulation.handle, SIM_DELETE);
  drop_roster(std::string(simulation.id()));
}

sim::Result<std::uint64_t> Simulations::write(const Simulation& simulation, const std::vector<std::uint32_t>& lanes,
                                              const Change& change) const {
  constexpr std::array vars{id_of(&I::scenario), id_of(&I::ambient_override), id_of(&I::ambient_temp_c)};
  const std::array<double, 3> values{static_cast<double>(change.scenario), change.ambient_c ? 1.0 : 0.0,
                                     change.ambient_c.value_or(ambient_start_c)};
  if (lanes.empty()) return sessions_.write(simulation.handle, vars, values);
  std::vector<double> of_lanes;
  of_lanes.reserve(values.size() * lanes.size());
  for (const double value : values) of_lanes.insert(of_lanes.end(), lanes.size(), value);
  return sessions_.write_lanes(simulation.handle, vars, of_lanes, lanes);
}

std::vector<bool> Simulations::marked(const Simulation& simulation) const {
  std::vector<bool> lanes(simulation.roster->size());
  std::string text;
  for (const auto& piece : pieces(simulation.handle, applied_key)) text += piece;
  set_ranges(text, lanes);
  return lanes;
}
void Simulations::mark(const Simulation& simulation, const std::vector<bool>& lanes) const {
  attach_pieces(simulation.handle, applied_key, cut(ranges_of(lanes)));
}

sim::Result<std::uint64_t> Simulations::apply(const Simulation& simulation, const std::vector<std::uint32_t>& lanes,
                                              const Change& change) const {
  const auto done = write(simulation, lanes, change);
  if (!done) return done;
  auto applied = marked(simulation);
  if (lanes.empty()) applied.assign(applied.size(), true);
  for (const std::uint32_t lane : lanes) applied[lane] = true;
  mark(simulation, applied);
  return done;
}

sim::Result<std::uint64_t> Simulations::clear(const Simulation& simulation,
                                              const std::vector<std::uint32_t>& lanes) const {
  const auto done = write(simulation, lanes, {simulation.roster->scenario(), {}});
  if (!done) return done;
  auto applied = marked(simulation);
  for (const std::uint32_t lane : lanes) applied[lane] = false;
  mark(simulation, applied);
  return done;
}

sim::Result<std::uint64_t> Simulations::clear_all(Simulation& simulation) const {
  const auto done = write(simulation, {}, {});
  if (!done) return done;
  mark(simulation, {});
  const Roster& old = *simulation.roster;
  const std::array<double, 5> facts{static_cast<double>(old.interval_s()), 0, simulation.time_scale,
                                    static_cast<double>(simulation.seed), simulation.noise ? 1.0 : 0.0};
  if (const auto kept = sessions_.attach(simulation.handle, facts_key, text_of_numbers(facts)); !kept)
    return failed<std::uint64_t>(kept);
  if (auto now = at(simulation.handle)) simulation = std::move(*now);
  return done;
}

sim::Result<std::vector<std::uint32_t>> Simulations::overrides(const Simulation& simulation) const {
  const std::size_t lanes = simulation.roster->size();
  constexpr std::array vars{id_of(&I::scenario)};
  std::vector<double> scenarios(lanes);
  const auto read = sessions_.read(simulation.handle, vars, scenarios, 0, static_cast<std::uint32_t>(scenarios.size()));
  if (!read) return failed<std::vector<std::uint32_t>>(read);
  const auto applied = marked(simulation);
  std::vector<std::uint32_t> own(lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const auto scenario = static_cast<std::uint32_t>(scenarios[lane]);
    own[lane] = applied[lane] || scenario != simulation.roster->scenario() ? scenario : 0;
  }
  return {SIM_OK, std::move(own), {}};
}

LastRun Simulations::last_run() const {
  const auto facts = numbers_of<3>(attached(0, last_run_key));
  if (!facts) return {};
  return {static_cast<std::uint32_t>((*facts)[0]), static_cast<std::int64_t>((*facts)[1]) * 1'000'000,
          static_cast<std::uint64_t>((*facts)[2])};
}
/// Times to the millisecond: nanoseconds since 1970 are no exact double.
void Simulations::remember(const LastRun& run) const {
  const std::array<double, 3> facts{static_cast<double>(run.interval_s),
                                    static_cast<double>(run.started_wall_ns / 1'000'000),
                                    static_cast<double>(run.readings)};
  sessions_.attach(0, last_run_key, text_of_numbers(facts));
}

void Simulations::recall() const { static_cast<void>(list()); }

}  // namespace battery_sensor
