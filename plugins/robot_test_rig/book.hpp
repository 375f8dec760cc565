/// Everything a session has read, kept as the host shows tick after tick, and what the rules found about it.
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
  /// readings_min: what is kept in any case, beside those of the newest day.
  explicit Book(std::size_t readings_min = 0)
      : series_{Series(readings_min), Series(readings_min), Series(readings_min)} {}

  void see(const Snapshot& now);
  /// From now on what is seen is kept aside, until what was recorded before it has been put in and release is called.
  void hold();
  void see_recorded(const Snapshot& now);
  /// What was recorded before this tick is not put in.
  void begin_at(const Snapshot& now);
  /// Whether what was put in does not reach up to what was seen yet; waits a moment.
  [[nodiscard]] bool wants_more() const;
  void release();
  void see_end();
  /// Alerts come in the order of their ids; one that came before, or an earlier one, is left out.
  void hear(const Finding& finding);
  /// The id of the last one heard.
  [[nodiscard]] std::string heard() const;
  /// Until the session's last tick has been seen; not for ever.
  void wait_for_end() const;

  struct Totals {
    std::uint64_t of[sensors] = {};
    std::uint64_t findings = 0;
    [[nodiscard]] std::uint64_t readings() const noexcept { return of[0] + of[1] + of[2]; }
  };
  [[nodiscard]] Totals totals() const;
  [[nodiscard]] Log log() const;
  /// The newest, at most that many, oldest first.
  [[nodiscard]] std::vector<Finding> findings(std::size_t limit) const;

 private:
  void put(const Snapshot& now);
  void go_back_to(const Snapshot& now);

  mutable std::mutex mutex_;
  mutable std::condition_variable ends_;
  bool ended_ = false;
  std::array<Series, sensors> series_;
  bool began_late_ = false;
  std::deque<Finding> findings_;  // by tick
  std::string heard_;
  Totals totals_;
  Snapshot before_{};
  bool holds_ = false;
  std::vector<Snapshot> held_;  // what differs from the one before
};
using BookPointer = std::shared_ptr<Book>;

/// The book of a session by its id; null where none is kept. [any]
BookPointer find_book(std::string_view session);
/// A new one in the place of all others.
BookPointer open_book(std::string_view session);
void close_books() noexcept;

/// What the host shows every tick to; context is the book.
void see_tick(void* context, const sim_view* now, std::uint64_t lost) noexcept;

}  // namespace robot_test_rig
