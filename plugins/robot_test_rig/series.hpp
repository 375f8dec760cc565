/// The readings of one sensor in the order they came: written by one thread, read by others without disturbing it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "snapshot.hpp"

namespace robot_test_rig {

/// A reading, packed: 24 h of the default rates are 33 MB.
struct Sample {
  double at_s, value;  ///< N, rpm, or the brightness
  std::int32_t image_id, exposure_hundredths;
};

inline constexpr std::size_t chunk_samples = 4096;
using Chunk = std::array<Sample, chunk_samples>;

/// Samples of a moment; what is written later does not show, and what is dropped later stays.
class Pages {
 public:
  Pages() = default;
  Pages(std::vector<std::shared_ptr<const Chunk>> chunks, std::size_t size) : chunks_(std::move(chunks)), size_(size) {}
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const Sample& operator[](std::size_t i) const noexcept {
    return (*chunks_[i / chunk_samples])[i % chunk_samples];
  }
  /// The first that is not before this time.
  [[nodiscard]] std::size_t find(double at_s) const noexcept;

 private:
  std::vector<std::shared_ptr<const Chunk>> chunks_;
  std::size_t size_ = 0;
};

inline constexpr double day_s = 86'400;

/// Those of the newest day, and the newest samples_min in any case. Whoever calls takes care that only one does at a
/// time.
class Series {
 public:
  explicit Series(std::size_t samples_min = 0) : chunks_min_(samples_min / chunk_samples + 1) {}
  void add(const Sample& sample);
  /// Time went back: what is later than this is no more.
  void cut(double at_s);
  [[nodiscard]] Pages pages() const;
  /// Whether some had to go.
  [[nodiscard]] bool is_whole() const noexcept { return dropped_ == 0; }

 private:
  void drop_old(double now_s);

  std::size_t chunks_min_, size_ = 0, dropped_ = 0;
  std::vector<std::shared_ptr<Chunk>> chunks_;
};

Sample sample_of(const Reading& reading) noexcept;
Reading reading_of(const Sample& sample, Sensor sensor) noexcept;

}  // namespace robot_test_rig
