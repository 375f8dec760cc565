/// Rows of CSV from integers: at 16 readings a second a day is 1.4 million of them.
#include "csv.hpp"

#include <sim/cpp/wall.hpp>

#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "wire.hpp"

namespace robot_test_rig {
namespace {

constexpr std::size_t row_bytes_max = 320;
constexpr std::string_view header = "timestamp,sensor_type,value,datetime,session_time\r\n";

char* put(std::string_view text, char* to) noexcept {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}
char* put_integer(std::int64_t number, char* to) noexcept { return std::to_chars(to, to + 24, number).ptr; }

/// A share of a power of ten, all its digits.
char* put_fraction(std::int64_t share, int digits, char* to) noexcept {
  for (int i = digits; i-- > 0; share /= 10) to[i] = static_cast<char>('0' + share % 10);
  return to + digits;
}
/// Without zeros at the end, but for one digit.
char* put_short_fraction(std::int64_t share, int digits, char* to) noexcept {
  char* end = put_fraction(share, digits, to);
  while (end > to + 1 && end[-1] == '0') --end;
  return end;
}
/// A number of two decimals.
char* put_hundredths(double value, char* to) noexcept {
  std::int64_t hundredths = std::llround(value * 100);
  if (hundredths < 0) {
    *to++ = '-';
    hundredths = -hundredths;
  }
  to = put_integer(hundredths / 100, to);
  *to++ = '.';
  return put_short_fraction(hundredths % 100, 2, to);
}

char* put_image_text(const Image& image, char* to) noexcept {
  to = put(R"("{""image_id"": )", to);
  to = put_integer(std::llround(image.id), to);
  to = put(R"(, ""resolution"": "")", to);
  to = put(resolution, to);
  to = put(R"("", ""brightness"": )", to);
  to = put_integer(std::llround(image.brightness), to);
  to = put(R"(, ""exposure"": )", to);
  to = put_hundredths(image.exposure, to);
  return put(R"(}")", to);
}

}  // namespace

char* CsvWriter::put_datetime(std::int64_t us, char* to) {
  const std::int64_t second = us / 1'000'000, fraction = us % 1'000'000;
  if (second != second_) {
    second_ = second;
    std::string text = sim::iso_time(second * 1'000'000'000);
    text.pop_back();
    std::memcpy(second_text_, text.c_str(), text.size() + 1);
  }
  to = put(second_text_, to);
  if (fraction != 0) {
    *to++ = '.';
    to = put_fraction(fraction, 6, to);
  }
  *to++ = 'Z';
  return to;
}

char* CsvWriter::put_row(const Reading& reading, char* to) {
  const std::int64_t at_us = std::llround(reading.at_s * 1e6), us = start_us_ + at_us;
  to = put_integer(us / 1'000'000, to);
  *to++ = '.';
  to = put_short_fraction(us % 1'000'000, 6, to);
  *to++ = ',';
  to = put(name_of(reading.sensor), to);
  *to++ = ',';
  to = reading.sensor == Sensor::camera ? put_image_text(reading.image, to) : put_hundredths(reading.value, to);
  *to++ = ',';
  to = put_datetime(us, to);
  *to++ = ',';
  to = put_integer(at_us / 1'000'000, to);
  *to++ = '.';
  to = put_fraction(at_us % 1'000'000, 6, to);
  return put("\r\n", to);
}

void CsvWriter::next(std::string& to, std::size_t wanted) {
  const std::size_t before = to.size();
  to.resize(before + wanted + row_bytes_max);
  char *at = to.data() + before, *const enough = at + wanted;
  if (!has_header_) at = put(header, at);
  has_header_ = true;
  while (at < enough) {
    const auto reading = readings_();
    if (!reading) break;
    at = put_row(*reading, at);
  }
  to.resize(static_cast<std::size_t>(at - to.data()));
}

}  // namespace robot_test_rig
