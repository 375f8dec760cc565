/// From rows to readings.
#include "reel.hpp"

#include <algorithm>

namespace robot_test_rig {

bool Reel::read_more() {
  rows_ = read_(row_);
  at_ = 0;
  return !rows_.empty();
}

bool Reel::never_was(std::int64_t tick) {
  while (!jumps_.empty() && jumps_.front().row <= row_) jumps_.erase(jumps_.begin());
  return std::ranges::any_of(jumps_, [&](const Jump& jump) { return tick >= jump.tick; });
}

std::optional<Reading> Reel::next() {
  while (ready_.empty()) {
    if (at_ == rows_.size() && !read_more()) return std::nullopt;
    const auto& [tick, shown] = rows_[at_++];
    const bool counts = !never_was(tick);
    ++row_;
    if (!counts) continue;
    for (const Sensor sensor : Fresh(before_ ? &*before_ : nullptr, shown)) ready_.push_back(reading_of(shown, sensor));
    before_ = shown;
  }
  const Reading reading = ready_.front();
  ready_.pop_front();
  return reading;
}

}  // namespace robot_test_rig
