// Lays out a block's memory and steps its lanes through the C table.
#include <host/engine/block.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include <host/base/clock.hpp>

namespace simhost::engine {

namespace {
// 2^52 as a double: its low bits are an integer's, so that the conversion below vectorises (ticks stay below 2^52).
constexpr std::uint64_t two52_bits = 0x4330000000000000ULL;
inline double to_double(std::uint64_t tick) noexcept {
  return std::bit_cast<double>(tick | two52_bits) - std::bit_cast<double>(two52_bits);
}

// A parcel of a hundred thousand lanes takes longer to get its pages one by one than to be filled. A wish: refused, it
// is as if nobody had asked.
void wish_huge_pages(void* memory, std::size_t bytes) noexcept {
  constexpr std::size_t huge_bytes = 2 << 20;
  void* first = memory;
  std::size_t left = bytes;
  if (std::align(huge_bytes, huge_bytes, first, left) != nullptr)
    ::madvise(first, left / huge_bytes * huge_bytes, MADV_HUGEPAGE);
}
}  // namespace

Block::Block(std::shared_ptr<const StepModel> model, std::uint32_t capacity, std::int64_t dt_ns)
    : owner(capacity, nullptr), model_(std::move(model)), capacity_(capacity), slot_taken_(capacity, false) {
  step_ = {sizeof(sim_step), 0, dt_ns, seconds_of(dt_ns), 0};
  lay_out();
  clear(0, capacity_);
  recount();
}

Block::~Block() { ::operator delete (memory_, std::align_val_t{alignment_bytes}); }

void Block::lay_out() {
  const std::size_t n = model_->n_columns() + model_->n_work;
  // 64 bytes more than the column: without them all columns fall into the same cache sets.
  const std::size_t stride = capacity_ * sizeof(double) + alignment_bytes;
  const std::size_t arrays = n + 7;
  memory_ = ::operator new (arrays* stride, std::align_val_t{alignment_bytes});
  wish_huge_pages(memory_, arrays * stride);
  std::memset(memory_, 0, arrays * stride);
  auto* next = static_cast<std::byte*>(memory_);
  auto take_array = [&] { return std::exchange(next, next + stride); };
  columns_.resize(n);
  for (auto& c : columns_) c = reinterpret_cast<double*>(take_array());
  tick = reinterpret_cast<std::uint64_t*>(take_array());
  time_s = reinterpret_cast<double*>(take_array());
  seed = reinterpret_cast<std::uint64_t*>(take_array());
  lane = reinterpret_cast<std::uint32_t*>(take_array());
  active = reinterpret_cast<std::int64_t*>(take_array());
  marked = reinterpret_cast<std::int64_t*>(take_array());
  status = reinterpret_cast<std::int32_t*>(take_array());
  read_.assign(columns_.begin(), columns_.begin() + model_->n_columns());
  double* const* variables = columns_.data();
  lanes_ = {sizeof(sim_lanes),
            0,
            capacity_,
            0,
            read_.data(),
            variables + model_->first_out(),
            read_.data() + model_->first_param(),
            variables + model_->first_state(),
            variables + model_->n_columns(),
            tick,
            time_s,
            seed,
            lane,
            active,
            status};
  marked_lanes_ = lanes_;
  marked_lanes_.in = variables;
  marked_lanes_.param = variables + model_->first_param();
  marked_lanes_.active = marked;
  if ((model_->flags & SIM_MODEL_CHECKED) == 0) shadow_.resize((model_->n_out + model_->n_state) * capacity_);
}

void Block::clear(std::uint32_t first, std::uint32_t count) noexcept {
  for (std::uint32_t c = 0; c < model_->n_columns(); ++c)
    std::fill_n(column(c) + first, count, model_->columns[c].start);
  for (std::uint32_t w = 0; w < model_->n_work; ++w) std::fill_n(work(w) + first, count, 0.0);
  for (std::uint32_t k = first; k < first + count; ++k) {
    tick[k] = 0;
    time_s[k] = 0;
    seed[k] = 0;
    lane[k] = 0;
    active[k] = 0;
    marked[k] = 0;
    status[k] = SIM_OK;
    owner[k] = nullptr;
  }
}

void Block::recount() noexcept {
  std::uint32_t n = capacity_;
  while (n > 0 && owner[n - 1] == nullptr) --n;
  lanes_.n = marked_lanes_.n = n;
  moving = static_cast<std::uint32_t>(std::count_if(active, active + n, [](std::int64_t a) { return a != 0; }));
  share();
}

// By bits: 0 and -0 are two values.
void Block::share() noexcept {
  if (capacity_ > lanes_max) return;  // a parcel, which is not stepped
  for (std::uint32_t c = 0; c < model_->n_columns(); ++c) {
    const double* start = model_->starts_of(c);
    if (start != nullptr && std::memcmp(columns_[c], start, capacity_ * sizeof(double)) == 0)
      read_[c] = const_cast<double*>(start);  // read only: as in and param the step sees const
  }
  lanes_.flags = has_same_parameters() ? SIM_LANES_SAME_PARAMETERS : 0;
}

bool Block::has_same_parameters() const noexcept {
  if (lanes_.n == 0) return false;
  for (std::uint32_t c = model_->first_param(); c < model_->first_param() + model_->n_param; ++c)
    if (std::memcmp(columns_[c], columns_[c] + 1, (lanes_.n - 1) * sizeof(double)) != 0) return false;
  return true;
}

std::int64_t Block::take(std::uint32_t count) {
  std::uint32_t run = 0;
  for (std::uint32_t k = 0; k < capacity_; ++k) {
    run = slot_taken_[k] ? 0 : run + 1;
    if (run < count) continue;
    const std::uint32_t first = k + 1 - count;
    std::fill_n(slot_taken_.begin() + first, count, true);
    taken_ += count;
    return first;
  }
  return -1;
}

void Block::give_back(std::uint32_t first, std::uint32_t count) {
  std::fill_n(slot_taken_.begin() + first, count, false);
  taken_ -= count;
}

void Block::adopt_slots(const Block& other) {
  slot_taken_ = other.slot_taken_;
  taken_ = other.taken_;
}

bool Block::step() noexcept {
  if (!shadow_.empty()) save_shadow();
  call_status_ = model_->table.step(model_->instance, &step_, &lanes_);
  if (!shadow_.empty()) restore_non_finite();
  std::int32_t worst = 0;
  for (std::uint32_t k = 0; k < lanes_.n; ++k) worst |= status[k] & static_cast<std::int32_t>(active[k]);
  advance();
  return worst == SIM_OK && call_status_ != SIM_FATAL;
}

void Block::advance() noexcept {
  const double dt_s = step_.dt_s;
  const std::uint32_t n = lanes_.n;
  for (std::uint32_t k = 0; k < n; ++k) {
    tick[k] -= static_cast<std::uint64_t>(active[k]);
    time_s[k] = to_double(tick[k]) * dt_s;
  }
}

void Block::save_shadow() noexcept {
  double* to = shadow_.data();
  const auto copy = [&](std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t c = first; c < first + count; ++c, to += capacity_)
      std::memcpy(to, columns_[c], lanes_.n * sizeof(double));
  };
  copy(model_->first_out(), model_->n_out);
  copy(model_->first_state(), model_->n_state);
}

void Block::restore_non_finite() noexcept {
  const std::uint32_t n_out = model_->n_out;
  const std::uint32_t n = n_out + model_->n_state;
  const auto column_of = [&](std::uint32_t i) {
    return columns_[i < n_out ? model_->first_out() + i : model_->first_state() + (i - n_out)];
  };
  for (std::uint32_t k = 0; k < lanes_.n; ++k) {
    double poison = 0;
    for (std::uint32_t i = 0; i < n; ++i) poison += column_of(i)[k] * 0.0;
    if (poison == 0) continue;
    if (status[k] == SIM_OK) status[k] = SIM_ERROR;
    for (std::uint32_t i = 0; i < n; ++i) column_of(i)[k] = shadow_[std::size_t{i} * capacity_ + k];
  }
}

}  // namespace simhost::engine
