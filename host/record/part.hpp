// One file of a recording, written once and read in groups of rows; the formats are behind it.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include <host/record/about.hpp>
#include <host/record/rows.hpp>

namespace simhost::record {

// Rows that are read together; ticks and times are the smallest and the largest among them.
struct Group {
  std::uint64_t rows = 0;
  std::int64_t first_tick = 0, last_tick = 0;
  double from_s = 0, to_s = 0;
};

// Every error is file_damaged or storage_error, with the file's name in its detail.
class Part {
 public:
  virtual ~Part() = default;
  [[nodiscard]] const About& about() const noexcept { return about_; }
  [[nodiscard]] const std::vector<Gap>& gaps() const noexcept { return gaps_; }
  [[nodiscard]] const std::vector<Group>& groups() const noexcept { return groups_; }
  // columns: places in about().columns.
  virtual Result<Rows> read(std::size_t group, std::span<const std::size_t> columns) = 0;

 protected:
  About about_;
  std::vector<Gap> gaps_;
  std::vector<Group> groups_;
};

// Writes to the path it was made for, synchronised to the disk once finish() has returned. An error of any call
// (disk_full, storage_error) ends it; what it leaves behind is the caller's to remove.
class PartWriter {
 public:
  virtual ~PartWriter() = default;
  virtual Outcome write(const Rows& rows) = 0;  // all columns; becomes one group
  virtual Outcome finish() = 0;
};

Result<std::unique_ptr<PartWriter>> create_part(const std::filesystem::path& path, const About& about,
                                                std::span<const Gap> gaps = {});
// about: of the recording; Parquet files also tell their own.
Result<std::unique_ptr<Part>> open_part(const std::filesystem::path& path, const About& about);

// Rows of one group when a file is written: bounded memory, and few enough groups for whole lists of them.
std::size_t group_rows(const About& about) noexcept;

}  // namespace simhost::record
