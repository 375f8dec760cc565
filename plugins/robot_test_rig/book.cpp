/// From ticks to readings and results.
#include "book.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace robot_test_rig {
namespace {

struct Shelf {
  std::mutex mutex;
  std::string session;
  BookPointer book;
  std::vector<BookPointer> shown;  // the host may still show ticks to these
};
Shelf shelf;

}  // namespace

void Book::see(const Snapshot& now) {
  const std::lock_guard lock(mutex_);
  if (!holds_) return put(now);
  if (held_.empty() || held_.back() != now) held_.push_back(now);
}

void Book::hold() {
  const std::lock_guard lock(mutex_);
  holds_ = true;
}

void Book::see_recorded(const Snapshot& now) {
  const std::lock_guard lock(mutex_);
  put(now);
}

void Book::begin_at(const Snapshot& now) {
  const std::lock_guard lock(mutex_);
  before_ = now;
  began_late_ = true;
  for (const Sensor sensor : all_sensors)
    totals_.of[static_cast<std::size_t>(sensor)] = static_cast<std::uint64_t>(count_of(now, sensor));
}

bool Book::wants_more() const {
  constexpr auto moment = std::chrono::milliseconds(50);
  std::unique_lock lock(mutex_);
  ends_.wait_for(lock, moment, [this] { return ended_; });
  if (held_.empty()) return !ended_;
  for (const Sensor sensor : all_sensors)
    if (count_of(held_.front(), sensor) > count_of(before_, sensor) + 1) return true;
  return false;
}

void Book::release() {
  const std::lock_guard lock(mutex_);
  holds_ = false;
  for (const Snapshot& one : held_) {
    bool is_known = true;  // it was recorded
    for (const Sensor sensor : all_sensors) is_known = is_known && count_of(one, sensor) <= count_of(before_, sensor);
    if (!is_known) put(one);
  }
  held_.clear();
  held_.shrink_to_fit();
}

void Book::put(const Snapshot& now) {
  go_back_to(now);
  for (const Sensor sensor : Fresh(&before_, now)) {
    const auto which = static_cast<std::size_t>(sensor);
    series_[which].add(sample_of(reading_of(now, sensor)));
    ++totals_.of[which];
  }
  before_ = now;
}

// A tick that comes again, after a reset, a restore or a crash, takes back what was found from it on.
void Book::hear(const Finding& finding) {
  const std::lock_guard lock(mutex_);
  if (finding.id <= heard_) return;
  heard_ = finding.id;
  const auto is_taken_back = [&](const Finding& one) {
    return one.tick > finding.tick || (one.tick == finding.tick && one.rule == finding.rule);
  };
  totals_.findings -= static_cast<std::uint64_t>(std::erase_if(findings_, is_taken_back));
  ++totals_.findings;
  findings_.push_back(finding);
  if (findings_.size() > findings_max) findings_.pop_front();
}

std::string Book::heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

void Book::see_end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ends_.notify_all();
}

void Book::wait_for_end() const {
  std::unique_lock lock(mutex_);
  ends_.wait_for(lock, std::chrono::seconds(2), [this] { return ended_; });
}

// A session that was reset or restored shows fewer readings than before: those after them never were.
void Book::go_back_to(const Snapshot& now) {
  bool back = false;
  for (const Sensor sensor : all_sensors) back = back || count_of(now, sensor) < count_of(before_, sensor);
  if (!back) return;
  before_ = now;
  for (const Sensor sensor : all_sensors) {
    if (count_of(now, sensor) > 0)
      before_[force_count + static_cast<std::size_t>(sensor)] -= 1;  // its newest comes anew
    const auto which = static_cast<std::size_t>(sensor);
    const double before_s = std::nextafter(count_of(now, sensor) > 0 ? reading_of(now, sensor).at_s : 0.0, -1.0);
    series_[which].cut(before_s);
    totals_.of[which] = static_cast<std::uint64_t>(count_of(before_, sensor));
    const auto later = [&](const Finding& finding) {
      return sensor_of(finding.rule) == sensor && finding.at_s > before_s;
    };
    totals_.findings -= static_cast<std::uint64_t>(std::erase_if(findings_, later));
  }
}

Book::Totals Book::totals() const {
  const std::lock_guard lock(mutex_);
  return totals_;
}

Log Book::log() const {
  const std::lock_guard lock(mutex_);
  Log log;
  log.is_whole = !began_late_;
  for (std::size_t i = 0; i < sensors; ++i) {
    log.of[i] = series_[i].pages();
    log.is_whole = log.is_whole && series_[i].is_whole();
  }
  return log;
}

std::vector<Finding> Book::findings(std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(limit, findings_.size()));
  return {findings_.end() - count, findings_.end()};
}

BookPointer find_book(std::string_view session) {
  const std::lock_guard lock(shelf.mutex);
  return shelf.session == session ? shelf.book : nullptr;
}

BookPointer open_book(std::string_view session) {
  const std::lock_guard lock(shelf.mutex);
  shelf.session = session;
  shelf.book = std::make_shared<Book>(settings().readings_max);
  shelf.shown.push_back(shelf.book);
  return shelf.book;
}

void close_books() noexcept {
  const std::lock_guard lock(shelf.mutex);
  shelf.session.clear();
  shelf.book = nullptr;
}

void see_tick(void* context, const sim_view* now, std::uint64_t) noexcept {
  auto* const book = static_cast<Book*>(context);
  try {
    if (now == nullptr) {
      book->see_end();
      const std::lock_guard lock(shelf.mutex);
      std::erase_if(shelf.shown, [&](const BookPointer& one) { return one.get() == book; });
      return;
    }
    Snapshot shown{};
    for (std::size_t place = 0; place < places; ++place) shown[place] = now->value[place][0];
    book->see(shown);
  } catch (...) {  // no memory for one more reading: it is missing, and nothing else
  }
}

}  // namespace robot_test_rig
