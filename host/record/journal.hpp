// The open end of a recording: samples as they came, each batch with its length and checksum, so that a crash at any
// byte loses only the batch it hit. A full journal is made into a part and removed.
#pragma once

#include <functional>

#include <host/record/file.hpp>
#include <host/record/part.hpp>

namespace simhost::record {

// Ticks in a row as the session published them. values: per tick those of all columns, lanes within a column.
struct Batch {
  std::optional<Gap> before;  // what is missing right before the first tick
  std::vector<std::int64_t> ticks;
  std::vector<double> times_s;
  std::vector<double> values;

  [[nodiscard]] std::size_t bytes() const noexcept { return 8 * (ticks.size() + times_s.size() + values.size()); }
  [[nodiscard]] bool empty() const noexcept { return ticks.empty(); }
  // Keeps the first ticks, and gives what follows.
  Batch split(std::size_t kept);
};

class Journal {
 public:
  static Result<Journal> create(const std::filesystem::path& path, const About& about);
  // All or nothing: what a full disk left of a batch is cut off again.
  Outcome append(const Batch& batch);
  Outcome sync() { return file_.sync(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return file_.size(); }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  File file_;
  std::string buffer_;
  std::size_t lanes_ = 1;
  std::uint64_t rows_ = 0;
};

// Batches up to the first that is not whole; each is a group. Never an error of content: a journal ends where it ends.
Result<std::unique_ptr<Part>> open_journal(const std::filesystem::path& path, const About& about);

// Told now and then how much is done, 0..1.
using Progress = std::function<void(double share)>;

// Writes the rows of parts into one file, beside it first, then renamed.
Outcome convert(const std::vector<std::filesystem::path>& from, const std::filesystem::path& to, const About& about,
                std::span<const Gap> gaps, const Progress& progress = {});

}  // namespace simhost::record
