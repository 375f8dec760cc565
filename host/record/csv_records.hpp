// The records of a CSV file, one after the other: its lines, but for line ends within quotes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace simhost::record {

class CsvRecords {
 public:
  // A record longer than longest_bytes is as good as one that does not end.
  CsvRecords(const std::filesystem::path& path, std::size_t longest_bytes);

  // Without its line end, good until the next call. Nothing: there is no whole record any more.
  std::optional<std::string_view> next();
  [[nodiscard]] bool at_end() const;  // after next() gave nothing: the file ended with the record before

  struct Place {
    std::uint64_t byte = 0, line = 1;
  };
  [[nodiscard]] Place place() const;  // of the record that comes next
  void go_to(Place place);

 private:
  bool fill();

  std::ifstream file_;
  std::size_t longest_bytes_;
  std::string buffer_;
  std::size_t first_ = 0;  // of the next record, in buffer_
  std::uint64_t at_ = 0;   // of buffer_, in the file
  std::uint64_t line_ = 1;
};

}  // namespace simhost::record
