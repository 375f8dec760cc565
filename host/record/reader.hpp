// Reads a recording by row, tick or time, over all its files, in bounded memory. For previews and playback.
#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <host/record/part.hpp>

namespace simhost::record {

// Frame n is rows n * lanes to (n + 1) * lanes - 1. Ticks rise from row to row, but for where the session was reset or
// restored. Used by one thread at a time.
class Reader {
 public:
  // The files of one recording in its order. Error: file_damaged names the file.
  static Result<std::unique_ptr<Reader>> open(const About& about, const std::vector<std::filesystem::path>& files);
  Reader(const About& about, std::vector<std::unique_ptr<Part>> parts);

  [[nodiscard]] const About& about() const noexcept { return about_; }
  [[nodiscard]] const std::vector<Gap>& gaps() const noexcept { return gaps_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t frames() const noexcept { return rows_ / std::max<std::size_t>(about_.lanes.size(), 1); }
  // Of the smallest and the largest; 0 where there are no rows.
  [[nodiscard]] double from_s() const noexcept { return from_s_; }
  [[nodiscard]] double to_s() const noexcept { return to_s_; }

  // Which columns read() gives, as places in about().columns; all of them at first.
  void select(std::vector<std::size_t> columns);
  // Rows from there on, at most count and at most to the end of their group: call again for what follows. Empty past
  // the last row.
  Result<Rows> read(std::uint64_t from_row, std::size_t count);

  // The first row of the last frame that is not after this; nothing when all are.
  Result<std::optional<std::uint64_t>> row_at_time(double time_s);
  Result<std::optional<std::uint64_t>> row_at_tick(std::int64_t tick);

  struct Place {
    std::size_t part = 0, group = 0;
    std::uint64_t first_row = 0;
    Group is;
  };
  [[nodiscard]] const std::vector<Place>& places() const noexcept { return places_; }

 private:
  Outcome load(std::size_t place);
  template <class Before, class In>
  Result<std::optional<std::uint64_t>> last_row(const Before& is_before, const In& is_in);

  std::vector<std::unique_ptr<Part>> parts_;
  About about_;
  std::vector<Gap> gaps_;
  std::vector<Place> places_;
  std::uint64_t rows_ = 0;
  double from_s_ = 0, to_s_ = 0;
  std::vector<std::size_t> columns_;
  std::optional<std::size_t> loaded_;
  Rows rows_of_loaded_;
};

}  // namespace simhost::record
