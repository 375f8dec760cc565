/// Everything a session has read, and what was noteworthy about it: kept as the host shows tick after tick.
#pragma once

#include <sim/ext/streams.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "rules.hpp"
#include "series.hpp"

namespace robot_test_rig {

inline constexpr std::size_t samples_max = 8'640'000;  // of a sensor: 24 h at 100 Hz, 10 days at 10 Hz
inline constexpr std::size_t findings_max = 10'000;

/// Readings of all sensors of a moment.
struct Log {
  Pages of[sensors];
  bool is_whole = true;  ///< from the session's start on
  [[nodiscard]] const Pages& operator[](Sensor sensor) const noexcept { return of[static_cast<std::size_t>(sensor)]; }
};

/// All [any].
class Book {
 public:
  explicit Book(const Settings& limits) : limits_(limits) {}

  void see(const Snapshot& now);
  /// From now on what is seen is kept aside, until what was recorded before it has been put in and release is called.
  void hold();
  void see_recorded(const Snapshot& now);
  /// Whether what was put in does not reach up to what was seen yet; waits a moment.
  [[nodiscard]] bool wants_more() const;
  void release();
  void see_end();
  /// Until the session's last tick has been seen; not for ever.
  void wait_for_end() const;

  struct Totals {
    std::uint64_t of[sensors] = {};
    std::uint64_t findings = 0;
    [[nodiscard]] std::uint64_t readings() const noexcept { return of[0] + of[1] + of[2]; }
  };
  [[nodiscard]] Totals totals() const;
  [[nodiscard]] Log log() const;
  /// The newest of each sensor.
  [[nodiscard]] std::array<std::optional<Reading>, sensors> latest() const;
  /// The newest, at most that many, oldest first.
  [[nodiscard]] std::vector<Finding> findings(std::size_t limit) const;

 private:
  void put(const Snapshot& now);
  void go_back_to(const Snapshot& now);

  const Settings limits_;
  mutable std::mutex mutex_;
  mutable std::condition_variable ends_;
  bool ended_ = false;
  std::array<Series, sensors> series_{Series(samples_max), Series(samples_max), Series(samples_max)};
  std::deque<Finding> findings_;
  Totals totals_;
  Snapshot before_{};
  bool holds_ = false;
  std::vector<Snapshot> held_;  // what differs from the one before
};
using BookPointer = std::shared_ptr<Book>;

/// The book of a session by its id; null where none is kept. [any]
BookPointer find_book(std::string_view session);
/// A new one in the place of all others.
BookPointer open_book(std::string_view session, const Settings& limits);
void close_books() noexcept;

/// What the host shows every tick to; context is the book.
void see_tick(void* context, const sim_view* now, std::uint64_t lost) noexcept;

}  // namespace robot_test_rig
