// Rows of ticks, or the spread over them.
#include <host/telemetry/batch.hpp>

#include <algorithm>
#include <utility>

namespace simhost::telemetry {

bool Batch::takes(const Sample& sample) const noexcept {
  if (mode_ != Mode::all || empty()) return true;
  return sample.lost == 0 && sample.tick == ticks_.back() + 1;
}

void Batch::add(const Sample& sample) {
  lost_ += sample.lost;
  if (mode_ == Mode::minmax) {
    spread(sample.values);
    ticks_.assign(1, sample.tick);
    times_s_.assign(1, sample.time_s);
  } else {
    values_.insert(values_.end(), sample.values, sample.values + columns_);
    ticks_.push_back(sample.tick);
    times_s_.push_back(sample.time_s);
  }
  ++count_;
}

// Three rows: min, max, last.
void Batch::spread(const double* values) {
  if (count_ == 0) {
    for (int row = 0; row < 3; ++row) values_.insert(values_.end(), values, values + columns_);
    return;
  }
  double* min = values_.data();
  double* max = min + columns_;
  for (std::size_t i = 0; i < columns_; ++i) {
    min[i] = std::min(min[i], values[i]);
    max[i] = std::max(max[i], values[i]);
  }
  std::copy_n(values, columns_, max + columns_);
}

MessagePointer Batch::flush(const Schema& schema, Format format) {
  auto message = std::make_shared<Message>(encode(schema, format, mode_, {ticks_, times_s_, values_}));
  message->ticks = std::exchange(count_, 0);
  message->lost = std::exchange(lost_, 0);
  ticks_.clear();
  times_s_.clear();
  values_.clear();
  return message;
}

}  // namespace simhost::telemetry
