/// Sessions of the host under the names and facts of the motor's clients.
#include "routes_sessions.hpp"

#include <sim/cpp/random.hpp>
#include <sim/cpp/routes.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>

#include "metrics.hpp"
#include "wire_text.hpp"
#include "wire_variables.hpp"

namespace bldc_motor {
namespace {

/// What is attached to a session. A session without a motor is not ours, even if it runs our model.
constexpr const char *motor_key = "motor_id", *mode_key = "control_mode", *title_key = "session_name",
                     *access_key = "last_access_ns", *steps_key = "steps_counted";

constexpr double data_rate_hz = 100;
constexpr int name_attempts = 8;

std::uint64_t number_of(std::string_view text) noexcept {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The body of POST /v1/sessions.
std::string creation(const BenchOrder& order, const std::string& name) {
  std::string body;
  sim::Json json(body);
  json.object().member("model", "bldc_motor").member("name", name).member("step_s", settings().step_s);
  if (order.motor != &motor_types().front()) {
    json.key("parameters").object();
    json.member("kt_n_m_per_a", order.motor->torque_constant).member("ke_v_s_per_rad", order.motor->torque_constant);
    json.member("rated_current_a", order.motor->rated_current_a);
    json.member("rated_torque_n_m", order.motor->rated_torque_nm).end();
  }
  json.key("inputs").object().member("control_mode", control_modes[order.control_mode]);
  json.member("use_cascaded_control", order.use_cascaded_control).end();
  json.key("tags").object().member("motor_id", order.motor->id).end().end();
  return body;
}

template <class T, class U>
sim::Result<T> failed(const sim::Result<U>& from) {
  return {from.status, {}, from.error};
}

}  // namespace

std::uint64_t BenchSession::data_points() const noexcept {
  return static_cast<std::uint64_t>(std::floor(info.time_s * data_rate_hz + 1e-6));
}

double BenchSession::load_base_n_m(LoadBase base) const noexcept {
  return base == LoadBase::max || motor == nullptr ? start_of(&P::max_torque_n_m) : motor->rated_torque_nm;
}

std::string Bench::attached(std::uint64_t session, const char* key) const {
  return sessions_.attachment(session, key).value;
}

std::optional<BenchSession> Bench::at(std::uint64_t handle) const {
  BenchSession session;
  session.handle = handle;
  session.motor = find_motor(attached(handle, motor_key));
  const auto info = sessions_.info(handle);
  if (!info || session.motor == nullptr) return std::nullopt;
  session.info = info.value;
  session.control_mode = attached(handle, mode_key);
  session.title = attached(handle, title_key);
  return session;
}

std::optional<BenchSession> Bench::find(std::string_view name) const {
  const auto handle = sessions_.find(name);
  if (!handle) return std::nullopt;
  auto session = at(handle.value);
  if (session && name != session->info.name) return std::nullopt;  // the host's own id names it elsewhere
  return session;
}

std::vector<BenchSession> Bench::list() const {
  std::vector<BenchSession> all;
  for (const std::uint64_t handle : sessions_.list()) {
    if (auto session = at(handle)) all.push_back(std::move(*session));
  }
  return all;
}

/// Unguessable it need not be, but no two alike: the clocks and a count make the number.
std::string Bench::new_name() const {
  static std::atomic<std::uint64_t> made{0};
  const auto now = static_cast<std::uint64_t>(now_ns()), steady = static_cast<std::uint64_t>(clock_.monotonic_ns());
  const double draw = sim::Random<double>(now, made.fetch_add(1), steady).uniform(0);
  constexpr char digits[] = "0123456789abcdef";
  std::string name = "sim_" + std::to_string(now / 1'000'000'000) + "_00000000";
  auto number = static_cast<std::uint32_t>(draw * 0x1p32);
  for (std::size_t i = 0; i < 8; ++i, number >>= 4) name[name.size() - 1 - i] = digits[number & 15];
  return name;
}

sim::Result<BenchSession> Bench::start(const BenchOrder& order) const {
  auto made = sessions_.create(creation(order, new_name()));
  for (int attempt = 1; attempt < name_attempts && std::string_view(made.error.code) == "name_taken"; ++attempt)
    made = sessions_.create(creation(order, new_name()));
  if (!made) return failed<BenchSession>(made);
  counters().sessions.add();
  const std::string title = order.title.empty() ? "Session " + std::to_string(std::llround(counters().sessions.value()))
                                                : std::string(order.title);
  const std::pair<const char*, std::string_view> facts[] = {
      {mode_key, control_modes[order.control_mode]}, {title_key, title}, {motor_key, order.motor->id}};
  for (const auto& [key, value] : facts) {
    const auto kept = sessions_.attach(made.value, key, value);
    if (kept) continue;
    sessions_.control(made.value, SIM_DELETE);
    return failed<BenchSession>(kept);
  }
  touch(made.value);
  auto session = at(made.value);
  if (!session) return {SIM_ERROR, {}, {sizeof(sim_error), SIM_ERROR, "not_found", "the session ended at once"}};
  return {SIM_OK, std::move(*session), {}};
}

sim::Result<BenchSession> Bench::stop(BenchSession session) const {
  sessions_.control(session.handle, SIM_STOP);  // refused where it has stopped or failed already
  if (auto last = at(session.handle)) session = std::move(*last);
  count_steps(session);
  if (const auto ended = sessions_.control(session.handle, SIM_DELETE); !ended) return failed<BenchSession>(ended);
  return {SIM_OK, std::move(session), {}};
}

sim::Result<Readings> Bench::read(std::uint64_t session) const {
  constexpr std::array ids = {
      id_of(&O::speed_rpm),    id_of(&O::torque_n_m), id_of(&O::current_a),          id_of(&O::voltage_v),
      id_of(&O::power_w),      id_of(&O::efficiency), id_of(&O::temperature_c),      id_of(&O::control_input_v),
      id_of(&I::control_mode), id_of(&I::enable_pid), id_of(&I::speed_setpoint_rpm), id_of(&I::load_torque_n_m),
      id_of(&I::manual_source)};
  std::array<double, ids.size()> v{};
  const auto tick = sessions_.read(session, ids, v);
  if (!tick) return failed<Readings>(tick);
  return {SIM_OK, {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12]}, {}};
}

sim::Result<Readings> Bench::set(const BenchSession& session, const ControlRequest& control) const {
  auto now = read(session.handle);
  if (!now) return now;
  const double base = session.load_base_n_m(settings().load_base);
  const Writes writes = writes_of(control, {now.value.control_mode, now.value.manual_source}, base);
  if (!writes.ids.empty()) {
    const auto applied = sessions_.write(session.handle, writes.ids, writes.values);
    if (!applied) return failed<Readings>(applied);
  }
  if (control.control_mode) sessions_.attach(session.handle, mode_key, control_modes[*control.control_mode]);
  auto& readings = now.value;
  readings.speed_setpoint_rpm = control.target_speed_rpm.value_or(readings.speed_setpoint_rpm);
  readings.enable_pid = control.enable_pid.value_or(readings.enable_pid > 0.5) ? 1 : 0;
  if (control.load_torque_percent) readings.load_torque_n_m = *control.load_torque_percent / 100 * base;
  return now;
}

void Bench::touch(std::uint64_t session) const { sessions_.attach(session, access_key, std::to_string(now_ns())); }

bool Bench::is_idle(const BenchSession& session) const {
  if (sockets(session.handle) > 0) {
    touch(session.handle);
    return false;
  }
  const auto last_ns = static_cast<std::int64_t>(number_of(attached(session.handle, access_key)));
  return now_ns() - last_ns > settings().idle_ns_max;
}

std::size_t Bench::end_idle() const {
  std::size_t ended = 0;
  for (const auto& session : list()) {
    if (!is_idle(session)) continue;
    const std::string name = session.info.name;
    if (!stop(session)) continue;
    ++ended;
    if (settings().debug) sim::Log(host_).info("session " + name + " ended: nobody used it");
  }
  return ended;
}

void Bench::count_steps(const BenchSession& session) const {
  const std::uint64_t counted = number_of(attached(session.handle, steps_key)), ticks = session.info.ticks;
  if (ticks > counted) counters().steps.add(static_cast<double>(ticks - counted));
  if (ticks != counted) sessions_.attach(session.handle, steps_key, std::to_string(ticks));
}

double Bench::loop_duration_s() const {
  std::int64_t sum_ns = 0, running = 0;
  for (const std::uint64_t handle : sessions_.list()) {
    const auto info = sessions_.info(handle);
    if (!info || info.value.state != SIM_STATE_RUNNING) continue;
    sum_ns += info.value.step_p50_ns;
    ++running;
  }
  return running == 0 ? 0 : static_cast<double>(sum_ns) / static_cast<double>(running) / 1e9;
}

void Bench::count_steps() const {
  for (const auto& session : list()) count_steps(session);
}

}  // namespace bldc_motor
