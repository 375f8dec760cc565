/// Sessions of the host under the names and facts of the batteries' clients.
#pragma once

#include <sim/cpp/host.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roster.hpp"

namespace battery_sensor {

inline constexpr const char* default_simulation = "default";

/// What a start asks for. Profiles and SOH by lane, or one for all.
struct Order {
  std::vector<std::string> ids;
  std::vector<std::uint8_t> profiles;
  std::vector<double> soh_pct;
  std::uint32_t interval_s = 5, scenario = 0;
  double time_scale = 1;
  std::uint64_t seed = 0;
  bool noise = true;
};

struct Simulation {
  std::uint64_t handle = 0;
  sim_session_info info{};
  RosterPointer roster;
  double time_scale = 1;
  std::uint64_t seed = 0;
  bool noise = true;

  std::string_view id() const noexcept { return info.name; }
  bool is_running() const noexcept;
  std::uint64_t readings() const noexcept;
};

/// What the last run of the default simulation leaves behind for its status.
struct LastRun {
  std::uint32_t interval_s = 5;
  std::int64_t started_wall_ns = 0;  ///< 0: none yet
  std::uint64_t readings = 0;
};

/// What an apply or a clear puts in force.
struct Change {
  std::uint32_t scenario = 0;
  std::optional<double> ambient_c;
};

class Simulations {
 public:
  explicit Simulations(const sim_host* host) : sessions_(host), clients_(host) {}

  std::optional<Simulation> find(std::string_view id) const;
  std::vector<Simulation> list() const;

  /// It stands at tick 0 until `run`: whoever is to see its first tick can follow it before.
  sim::Result<Simulation> create(const std::string& id, Order order) const;
  sim::Result<sim::Done> run(const Simulation& simulation) const;
  void stop(const Simulation& simulation) const;
  void remove(const Simulation& simulation) const;

  /// On these lanes, rising; none: all.
  sim::Result<std::uint64_t> apply(const Simulation& simulation, const std::vector<std::uint32_t>& lanes,
                                   const Change& change) const;
  /// The start scenario holds again on these lanes.
  sim::Result<std::uint64_t> clear(const Simulation& simulation, const std::vector<std::uint32_t>& lanes) const;
  /// Nothing holds any more, the start scenario neither.
  sim::Result<std::uint64_t> clear_all(Simulation& simulation) const;
  /// The scenario of each lane where it has one of its own, else 0.
  sim::Result<std::vector<std::uint32_t>> overrides(const Simulation& simulation) const;

  LastRun last_run() const;
  void remember(const LastRun& run) const;

  /// Rosters of sessions that an earlier generation of the plugin, or of the host, has started.
  void recall() const;

 private:
  std::optional<Simulation> at(std::uint64_t handle) const;
  RosterPointer roster_of(std::uint64_t handle, const std::string& id, std::uint32_t interval_s,
                          std::uint32_t scenario) const;
  std::string attached(std::uint64_t session, const char* key) const {
    return sessions_.attachment(session, key).value;
  }
  sim::Result<sim::Done> attach_pieces(std::uint64_t session, const char* key,
                                       const std::vector<std::string>& pieces) const;
  std::vector<std::string> pieces(std::uint64_t session, const char* key) const;
  sim::Result<std::uint64_t> write(const Simulation& simulation, const std::vector<std::uint32_t>& lanes,
                                   const Change& change) const;
  std::vector<bool> marked(const Simulation& simulation) const;
  void mark(const Simulation& simulation, const std::vector<bool>& lanes) const;

  sim::Sessions sessions_;
  sim::StreamClients clients_;
};

}  // namespace battery_sensor
