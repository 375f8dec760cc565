/// Readings as CSV, piece by piece: RFC 4180, CRLF, and the same digits as in JSON.
#pragma once

#include <string>

#include "history.hpp"

namespace robot_test_rig {

class CsvWriter {
 public:
  CsvWriter(NextReading readings, std::int64_t start_wall_ns)
      : readings_(std::move(readings)), start_us_(start_wall_ns / 1000) {}
  /// Appends whole rows until there are about as many bytes as wanted; nothing at the end.
  void next(std::string& to, std::size_t wanted);

 private:
  char* put_row(const Reading& reading, char* to);
  char* put_datetime(std::int64_t us, char* to);

  NextReading readings_;
  std::int64_t start_us_;
  bool has_header_ = false;
  std::int64_t second_ = -1;  // whose date and time stand in second_text_
  char second_text_[24] = {};
};

}  // namespace robot_test_rig
