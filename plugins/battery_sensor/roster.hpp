/// Which batteries a simulation has, by lane: their ids and how often they report. What a session does not know itself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace battery_sensor {

class Roster {
 public:
  Roster(const std::vector<std::string>& ids, std::uint32_t interval_s, std::uint32_t scenario);

  std::size_t size() const noexcept { return ends_.size(); }
  std::string_view id(std::size_t lane) const noexcept {
    const std::size_t begin = lane == 0 ? 0 : ends_[lane - 1];
    return std::string_view(text_).substr(begin, ends_[lane] - begin);
  }
  /// Appends the id as a JSON text, quotes and all.
  void quote(std::size_t lane, std::string& to) const;
  std::optional<std::uint32_t> find(std::string_view wanted) const noexcept;
  /// A place where an id stands that stands earlier too, if any; ascending.
  std::vector<std::uint32_t> repeated() const;

  std::uint32_t interval_s() const noexcept { return interval_s_; }
  /// The start scenario, by its place in the enum; 0 none.
  std::uint32_t scenario() const noexcept { return scenario_; }
  /// Whether this tick is sent, and how many have been by then.
  bool reports(std::uint64_t tick, double step_s) const noexcept;
  std::uint64_t reports_until(std::uint64_t tick, double step_s) const noexcept;

 private:
  std::uint64_t ticks(double step_s) const noexcept;
  std::string text_;  // all ids, one after the other: a fleet has many
  std::vector<std::uint32_t> ends_, sorted_;
  bool plain_ = true;  // no id has anything that JSON escapes
  std::uint32_t interval_s_, scenario_;
};
using RosterPointer = std::shared_ptr<const Roster>;

/// Ids as pieces of at most `bytes` each, for attachments, and back: every id says how much of the one before it
/// begins with. Nothing if the pieces are not of that make.
std::vector<std::string> pack_ids(const std::vector<std::string>& ids, std::size_t bytes);
bool unpack_ids(std::string_view piece, std::vector<std::string>& ids);

/// The rosters of this generation of the plugin by simulation, for encode, which may ask no one. [any]
void keep_roster(const std::string& simulation, RosterPointer roster);
void drop_roster(const std::string& simulation);
RosterPointer find_roster(std::string_view simulation);

}  // namespace battery_sensor
