// Copies wanted columns into ring slots under a sequence lock.
#include <host/engine/tap.hpp>

#include <algorithm>
#include <utility>

namespace simhost::engine {

namespace {
// Relaxed atomics on the payload: a reader may look while the writer writes, and checks the sequence afterwards.
void copy_in(double* to, const double* from, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) std::atomic_ref<double>(to[i]).store(from[i], std::memory_order_relaxed);
}
}  // namespace

std::uint32_t Wanted::lanes() const noexcept {
  std::uint32_t n = 0;
  for (const auto& tile : tiles) n += tile.count;
  return n;
}

Tap::Tap(Wanted wanted) : wanted_(std::move(wanted)), lanes_(wanted_.lanes()), floor_(wanted_.lossless ? 0 : no_floor) {
  const std::size_t doubles = wanted_.ids.size() * lanes_;
  slots_ = std::make_unique<Slot[]>(wanted_.slots);
  memory_.resize(doubles * wanted_.slots);
  for (std::uint32_t s = 0; s < wanted_.slots; ++s) slots_[s].values = memory_.data() + s * doubles;
}

void Tap::place(const Track& track) {
  parts_.clear();
  columns_.clear();
  const StepModel& model = track.parts.front().block->model();
  for (const auto id : wanted_.ids) {
    std::uint32_t c = 0;
    while (c < model.n_columns() && model.columns[c].id != id) ++c;
    columns_.push_back(c);
  }
  std::uint32_t at = 0;
  for (const auto& tile : wanted_.tiles) {
    for (const auto& part : track.parts) {
      const auto first = std::max(tile.first_lane, part.first_lane);
      const auto last = std::min(tile.first_lane + tile.count, part.first_lane + part.count);
      if (first >= last) continue;
      parts_.push_back({this, part.block, part.first + (first - part.first_lane), last - first,
                        at + (first - tile.first_lane), nullptr});
    }
    at += tile.count;
  }
}

void Tap::attach(Track& track) noexcept {
  track_ = &track;
  track.tap = this;
  for (auto& part : parts_) {
    part.next = part.block->taps;
    part.block->taps = &part;
  }
}

void Tap::detach() noexcept {
  if (track_ != nullptr && track_->tap == this) track_->tap = nullptr;
  track_ = nullptr;
  for (auto& part : parts_)
    for (TapPart** at = &part.block->taps; *at != nullptr; at = &(*at)->next)
      if (*at == &part) {
        *at = part.next;
        break;
      }
}

void Tap::rebase(Block& old_block, Block& new_block) noexcept {
  for (auto& part : parts_)
    if (part.block == &old_block) {
      part.block = &new_block;
      part.next = new_block.taps;
      new_block.taps = &part;
    }
}

void Tap::open_slot() noexcept {
  writing_ = &slots_[next_number_ % wanted_.slots];
  writing_->sequence.store(2 * next_number_ + 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
}

void Tap::begin(std::uint64_t tick_after, std::uint64_t ticks) noexcept {
  due_ = wanted_.every_ticks == 1 || tick_after % wanted_.every_ticks < ticks;
  if (due_) open_slot();
}

void Tap::copy(const TapPart& part) noexcept {
  if (!due_) return;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (columns_[c] < part.block->model().n_columns())
      copy_in(writing_->values + c * lanes_ + part.at, std::as_const(*part.block).column(columns_[c]) + part.first,
              part.count);
}

void Tap::end(std::uint64_t tick, double time_s, std::uint32_t revision) noexcept {
  if (due_) publish(tick, time_s, revision, 0);
  due_ = false;
}

void Tap::republish(std::uint64_t tick, double time_s, std::uint32_t revision) noexcept {
  due_ = true;
  open_slot();
  for (const auto& part : parts_) copy(part);
  publish(tick, time_s, revision, 1);
  due_ = false;
}

void Tap::publish(std::uint64_t tick, double time_s, std::uint32_t revision, std::uint32_t standing) noexcept {
  writing_->tick.store(tick, std::memory_order_relaxed);
  writing_->time_s.store(time_s, std::memory_order_relaxed);
  writing_->revision.store(revision, std::memory_order_relaxed);
  writing_->standing.store(standing, std::memory_order_relaxed);
  ++next_number_;
  stale_.store(false, std::memory_order_relaxed);
  writing_->sequence.store(2 * next_number_, std::memory_order_release);
  published_.store(next_number_, std::memory_order_release);
}

bool Tap::read(std::uint64_t number, Frame& out) const {
  const Slot& slot = slots_[number % wanted_.slots];
  const std::uint64_t whole = 2 * (number + 1);
  if (slot.sequence.load(std::memory_order_acquire) != whole) return false;
  out.number = number;
  out.tick = slot.tick.load(std::memory_order_relaxed);
  out.time_s = slot.time_s.load(std::memory_order_relaxed);
  out.revision = slot.revision.load(std::memory_order_relaxed);
  out.standing = slot.standing.load(std::memory_order_relaxed) != 0;
  out.values.resize(wanted_.ids.size() * lanes_);
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = std::atomic_ref<double>(slot.values[i]).load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  return slot.sequence.load(std::memory_order_relaxed) == whole;
}

}  // namespace simhost::engine
