// A ring of rows with one writer and one reader.
#include <host/playback/deck.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace simhost::playback {

namespace {
std::size_t slots_for(std::size_t values, std::uint64_t rows) {
  const auto fit = Deck::window_bytes / (std::max<std::size_t>(values, 1) * sizeof(double));
  const auto useful = static_cast<std::size_t>(std::min<std::uint64_t>(rows, Deck::window_rows));
  return std::max<std::size_t>(std::min(fit, useful), 2);
}
}  // namespace

Deck::Deck(std::uint64_t rows, std::size_t lanes, std::vector<double> starts)
    : rows_(rows),
      lanes_(lanes),
      starts_(std::move(starts)),
      slots_(slots_for(starts_.size() * lanes, rows)),
      memory_(slots_.size() * starts_.size() * lanes),
      goal_(pack({0, 0})) {
  for (std::size_t s = 0; s < slots_.size(); ++s) slots_[s].values = memory_.data() + s * starts_.size() * lanes;
}

// All orders are sequential: whoever sleeps last looks last.
engine::Source::Next Deck::look() noexcept {
  if (row_ + 1 >= rows_) return Next::end;
  if (find_row()) return Next::row;
  starved_.store(true);
  if (find_row()) return Next::row;
  return broken_.load() ? Next::broken : Next::wait;
}

// Whether the next row is there. Those that were fetched before a jump are passed over; more of them may come
// meanwhile, so each is looked at that counts.
bool Deck::find_row() noexcept {
  const auto jumps = unpack(goal_.load(std::memory_order_relaxed)).jumps;
  const auto before = taken_.load(std::memory_order_relaxed), put = put_.load();
  auto taken = before;
  while (taken < put && slots_[taken % slots_.size()].jumps != jumps) ++taken;
  if (taken != before) taken_.store(taken);
  return taken < put;
}

std::uint64_t Deck::take() noexcept {
  present_ = &slots_[taken_.load(std::memory_order_relaxed) % slots_.size()];
  ++row_;
  return present_->tick;
}

void Deck::release() noexcept {
  present_ = nullptr;
  taken_.store(taken_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

// What was put up to now is of the goal before: counted before the new goal can be seen, since rows for that are kept.
void Deck::jump(std::uint64_t row) noexcept {
  row_ = row;
  const auto stale = put_.load();
  const auto jumps = unpack(goal_.load(std::memory_order_relaxed)).jumps + 1;
  goal_.store(pack({jumps & ((std::uint64_t{1} << (64 - row_bits)) - 1), row}), std::memory_order_release);
  taken_.store(stale, std::memory_order_release);  // what is put for the goal before from here on, look() passes over
}

std::int32_t Deck::step(void* instance, const sim_step*, const sim_lanes* lanes) noexcept {
  const auto& deck = *static_cast<const Deck*>(instance);
  const Slot* row = deck.present_;
  for (std::size_t c = 0; c < deck.starts_.size(); ++c)
    for (std::uint32_t k = 0; k < lanes->n; ++k)
      if (lanes->active[k] != 0) lanes->out[c][k] = row->values[c * deck.lanes_ + lanes->lane[k]];
  std::fill_n(lanes->status, lanes->n, SIM_OK);
  return SIM_OK;
}

Deck::Room Deck::room() noexcept {
  const auto goal = unpack(goal_.load(std::memory_order_acquire));
  if (goal.jumps != filling_.jumps) filling_ = goal;
  const auto free = slots_.size() - (put_.load(std::memory_order_relaxed) - taken_.load(std::memory_order_acquire));
  const auto next = filling_.row + 1;
  if (next >= rows_ || broken_.load(std::memory_order_relaxed)) return {next, 0};
  return {next, static_cast<std::size_t>(std::min<std::uint64_t>(free, rows_ - next))};
}

void Deck::put(std::uint64_t tick, const std::vector<const double*>& columns) noexcept {
  const auto number = put_.load(std::memory_order_relaxed);
  Slot& slot = slots_[number % slots_.size()];
  slot.jumps = filling_.jumps;
  slot.tick = tick;
  double* to = slot.values;
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t k = 0; k < lanes_; ++k) *to++ = std::isnan(columns[c][k]) ? starts_[c] : columns[c][k];
  ++filling_.row;
  put_.store(number + 1);
}

}  // namespace simhost::playback
