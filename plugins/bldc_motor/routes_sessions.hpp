/// Sessions as this plugin's routes see them: host sessions by the name sim_<unix s>_<8 hex>, with what the routes add
/// attached to them, so that nothing is lost in a reload.
#pragma once

#include <sim/cpp/host.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "settings.hpp"
#include "wire_control.hpp"

namespace bldc_motor {

/// One of our sessions; motor, mode as sent and title stand in attachments.
struct BenchSession {
  std::uint64_t handle = 0;
  sim_session_info info{};
  const MotorType* motor = nullptr;
  std::string control_mode, title;

  [[nodiscard]] bool is_running() const noexcept { return info.state == SIM_STATE_RUNNING; }
  /// Samples of the 100 Hz record so far, whether anybody listened or not.
  [[nodiscard]] std::uint64_t data_points() const noexcept;
  [[nodiscard]] double load_base_n_m(LoadBase base) const noexcept;
};

/// What a start asks for.
struct BenchOrder {
  const MotorType* motor = nullptr;
  std::size_t control_mode = 0;
  bool use_cascaded_control = true;
  std::string_view title;  ///< empty: "Session N"
};

/// The values of one tick that the status shows.
struct Readings {
  double speed_rpm, torque_nm, current_a, voltage_v, power_w, efficiency, temperature_c;
  double control_input_v, control_mode, enable_pid, speed_setpoint_rpm, load_torque_n_m, manual_source;
};

/// Access to the sessions; made anew in each call of a handler, costs nothing. All [io].
class Bench {
 public:
  explicit Bench(const sim_host* host) noexcept : host_(host), sessions_(host), clients_(host), clock_(host) {}

  [[nodiscard]] std::optional<BenchSession> find(std::string_view name) const;
  [[nodiscard]] std::optional<BenchSession> at(std::uint64_t handle) const;
  [[nodiscard]] std::vector<BenchSession> list() const;
  [[nodiscard]] std::size_t count() const { return sessions_.list().size(); }

  [[nodiscard]] sim::Result<BenchSession> start(const BenchOrder& order) const;
  /// Stops it, reads its last state and removes it; its sockets are closed.
  [[nodiscard]] sim::Result<BenchSession> stop(BenchSession session) const;
  [[nodiscard]] sim::Result<Readings> read(std::uint64_t session) const;
  /// Gives the readings of before with what was set.
  [[nodiscard]] sim::Result<Readings> set(const BenchSession& session, const ControlRequest& control) const;

  /// Somebody asked for it: the idle time begins anew.
  void touch(std::uint64_t session) const;
  /// Ends sessions that nobody asked for and nobody listens to; gives their number.
  [[nodiscard]] std::size_t end_idle() const;
  /// Adds the ticks of all sessions since the last count to the counter of steps.
  void count_steps() const;

  [[nodiscard]] std::uint64_t sockets(std::uint64_t session = 0) const noexcept { return clients_.count(session); }
  [[nodiscard]] std::int64_t now_ns() const noexcept { return clock_.wall_ns(); }
  /// Median duration of a step, the mean of the running sessions.
  [[nodiscard]] double loop_duration_s() const;
  [[nodiscard]] double uptime_s(const BenchSession& session) const noexcept {
    return static_cast<double>(now_ns() - session.info.created_wall_ns) / 1e9;
  }

 private:
  [[nodiscard]] std::string new_name() const;
  [[nodiscard]] std::string attached(std::uint64_t session, const char* key) const;
  void count_steps(const BenchSession& session) const;
  [[nodiscard]] bool is_idle(const BenchSession& session) const;

  const sim_host* host_;
  sim::Sessions sessions_;
  sim::StreamClients clients_;
  sim::Clock clock_;
};

}  // namespace bldc_motor
