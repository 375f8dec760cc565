// Collects the ticks between two flushes: all of them, or their smallest, largest and last values.
#pragma once

#include <cstdint>
#include <vector>

#include <host/telemetry/encoder.hpp>

namespace simhost::telemetry {

// One tick as a cursor sees it. lost: ticks just before it that could not be read.
struct Sample {
  std::uint64_t tick = 0;
  double time_s = 0;
  std::uint64_t lost = 0;
  const double* values = nullptr;  // of the cursor's selection
};

class Batch {
 public:
  Batch(Mode mode, std::size_t columns) : mode_(mode), columns_(columns) {}

  void add(const Sample& sample);
  // Whether a sample may join what is there: the rows of one message of mode all are ticks without a hole, since a
  // binary frame names only the first.
  [[nodiscard]] bool takes(const Sample& sample) const noexcept;
  // Whether it must be flushed before it is due, so that no message grows beyond what a client can take.
  [[nodiscard]] bool full() const noexcept { return values_.size() >= values_max && mode_ == Mode::all; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  // The message of what was collected; empty afterwards.
  MessagePointer flush(const Schema& schema, Format format);

  static constexpr std::size_t values_max = 65'536;

 private:
  void spread(const double* values);

  Mode mode_;
  std::size_t columns_;
  std::uint64_t count_ = 0, lost_ = 0;
  std::vector<std::uint64_t> ticks_;
  std::vector<double> times_s_;
  std::vector<double> values_;
};

}  // namespace simhost::telemetry
