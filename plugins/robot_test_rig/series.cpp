/// Chunks of samples.
#include "series.hpp"

#include <algorithm>
#include <cmath>

namespace robot_test_rig {

std::size_t Pages::find(double at_s) const noexcept {
  std::size_t first = 0, count = size_;
  while (count > 0) {
    const std::size_t half = count / 2;
    if ((*this)[first + half].at_s < at_s) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

void Series::add(const Sample& sample) {
  if (size_ % chunk_samples == 0) {
    chunks_.push_back(std::make_shared<Chunk>());
    drop_old(sample.at_s);
  }
  (*chunks_.back())[size_ % chunk_samples] = sample;
  ++size_;
}

void Series::drop_old(double now_s) {
  while (chunks_.size() > chunks_min_ + 1 && chunks_.front()->back().at_s < now_s - day_s) {
    chunks_.erase(chunks_.begin());
    size_ -= chunk_samples;
    dropped_ += chunk_samples;
  }
}

// The chunk that is cut is written again, so those who read the old one keep it.
void Series::cut(double at_s) {
  const Pages now = pages();
  std::size_t left = size_;
  while (left > 0 && now[left - 1].at_s > at_s) --left;
  if (left == size_) return;
  size_ = left;
  chunks_.resize((left + chunk_samples - 1) / chunk_samples);
  if (left % chunk_samples != 0) chunks_.back() = std::make_shared<Chunk>(*chunks_.back());
}

Pages Series::pages() const { return {{chunks_.begin(), chunks_.end()}, size_}; }

Sample sample_of(const Reading& reading) noexcept {
  return {reading.at_s, reading.value, static_cast<std::int32_t>(reading.image.id),
          static_cast<std::int32_t>(std::lround(reading.image.exposure * 100))};
}

Reading reading_of(const Sample& sample, Sensor sensor) noexcept {
  return {sensor,
          sample.at_s,
          sample.value,
          {static_cast<double>(sample.image_id), sample.value, sample.exposure_hundredths / 100.0}};
}

}  // namespace robot_test_rig
