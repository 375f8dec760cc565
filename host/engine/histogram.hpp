// Counts of durations in buckets of a quarter octave: one writer without locks, any number of readers.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace simhost::engine {

class Histogram {
 public:
  static constexpr std::size_t buckets = 256;
  using Counts = std::array<std::uint64_t, buckets>;

  void add(std::int64_t ns, std::uint64_t times = 1) noexcept {
    const auto value = static_cast<std::uint64_t>(ns < 0 ? 0 : ns);
    bump(counts_[index(value)], times);
    bump(sum_ns_, value * times);
    if (value > max_ns_.load(std::memory_order_relaxed)) max_ns_.store(value, std::memory_order_relaxed);
  }

  [[nodiscard]] Counts counts() const noexcept {
    Counts out{};
    for (std::size_t i = 0; i < buckets; ++i) out[i] = counts_[i].load(std::memory_order_relaxed);
    return out;
  }
  [[nodiscard]] std::uint64_t max_ns() const noexcept { return max_ns_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t sum_ns() const noexcept { return sum_ns_.load(std::memory_order_relaxed); }

  // The value below which the given share of counts lies, to a quarter octave; 0 without counts.
  static double quantile_ns(const Counts& counts, double share) noexcept {
    std::uint64_t total = 0;
    for (const auto c : counts) total += c;
    if (total == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total - 1)) + 1;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i)
      if ((seen += counts[i]) >= wanted) return upper_ns(i);
    return upper_ns(buckets - 1);
  }
  static double upper_ns(std::size_t i) noexcept {
    if (i < 8) return static_cast<double>(i);
    const auto octave = i / 4 + 1;
    return static_cast<double>((std::uint64_t{1} << octave) + ((i % 4 + 1) << (octave - 2)) - 1);
  }

 private:
  // Below 8 exact; above, two bits behind the leading one.
  static std::size_t index(std::uint64_t value) noexcept {
    if (value < 8) return static_cast<std::size_t>(value);
    const auto octave = static_cast<std::size_t>(std::bit_width(value) - 1);
    return (octave - 1) * 4 + static_cast<std::size_t>((value >> (octave - 2)) & 3);
  }
  static void bump(std::atomic<std::uint64_t>& word, std::uint64_t by) noexcept {
    word.store(word.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  std::array<std::atomic<std::uint64_t>, buckets> counts_{};
  std::atomic<std::uint64_t> max_ns_{0}, sum_ns_{0};
};

}  // namespace simhost::engine
