/// The host's recording of a session: from it a book is written anew after a reload or a restart.
#pragma once

#include <sim/cpp/recordings.hpp>

#include <string_view>

#include "history.hpp"
#include "reel.hpp"

namespace robot_test_rig {

/// All [io]. On a host that records nothing none of it does anything.
class Tape {
 public:
  explicit Tape(const sim_host* host) noexcept : recordings_(host) {}

  /// Everything that a snapshot holds, at the ticks where readings fall due.
  [[nodiscard]] sim::Result<sim::Done> start(std::uint64_t session) const;
  /// Waits until all of it is on the disk.
  void stop(std::string_view session) const;
  void remove(std::string_view session) const;
  /// Shows the book what was recorded in the newest day, up to what the host shows it itself.
  void replay(std::string_view session, Book& book) const;
  /// Everything that was recorded, read while it is asked for.
  [[nodiscard]] NextReading readings(std::string_view session) const;

 private:
  [[nodiscard]] std::vector<Jump> jumps(std::string_view recording) const;
  [[nodiscard]] std::uint64_t row_of_newest_day(const sim_recording_info& recording) const;

  sim::Recordings recordings_;
};

}  // namespace robot_test_rig
