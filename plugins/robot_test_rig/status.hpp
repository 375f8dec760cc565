/// How the rig is: the parts of it that routes and socket have in common.
#pragma once

#include <sim/cpp/json.hpp>

#include "desk.hpp"

namespace robot_test_rig {

/// One look at session and book.
struct Status {
  std::optional<RigSession> session;
  Book::Totals totals;
  std::uint64_t clients = 0;

  explicit Status(const Desk& desk);
  [[nodiscard]] bool is_recording() const noexcept { return session && session->is_recording(); }
  [[nodiscard]] double duration_s() const noexcept { return session ? session->info.time_s : 0; }
};

/// The object "data_summary".
void put_summary(const Status& status, sim::Json& json);
/// The data of a system_status message: both shapes of the original in one.
void put_system(const Status& status, sim::Json& json);

}  // namespace robot_test_rig
