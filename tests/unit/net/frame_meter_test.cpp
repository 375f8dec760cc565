// Counting frames in raw bytes, however they are cut.
#include <api/net/frame_meter.hpp>

#include <gtest/gtest.h>

#include <string>

namespace simhost::net {
namespace {

constexpr http::Rate plenty{1000, 1000};

// A masked frame; the payload's bytes do not matter.
std::string frame(unsigned char first, std::size_t size) {
  std::string out(1, static_cast<char>(first));
  if (size < 126) {
    out += static_cast<char>(0x80U | size);
  } else if (size < 65536) {
    out += static_cast<char>(0x80U | 126U);
    out += static_cast<char>(size >> 8U);
    out += static_cast<char>(size & 255U);
  } else {
    out += static_cast<char>(0x80U | 127U);
    for (unsigned shift = 64; shift > 0; shift -= 8) out += static_cast<char>((size >> (shift - 8)) & 255U);
  }
  return out + std::string(4 + size, '\x89');
}

Flood fed(FrameMeter& meter, std::string_view bytes, std::size_t piece) {
  Flood flood = Flood::none;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string_view part = bytes.substr(at, piece);
    flood = meter.feed({reinterpret_cast<const unsigned char*>(part.data()), part.size()});
  }
  return flood;
}

TEST(FrameMeter, CountsTheFragmentsOfOneMessage) {
  for (const std::size_t size : {0UL, 5UL, 125UL, 126UL, 70000UL}) {
    for (const std::size_t piece : {1UL, 3UL, 1UL << 20U}) {
      FrameMeter meter(3, plenty);
      std::string good = frame(0x01, size) + frame(0x00, size) + frame(0x80, size);
      good += frame(0x82, size) + frame(0x02, size) + frame(0x80, size);
      EXPECT_EQ(fed(meter, good, piece), Flood::none) << size << ' ' << piece;
      EXPECT_EQ(fed(meter, frame(0x01, size) + frame(0x00, size) + frame(0x00, size), piece), Flood::none);
      EXPECT_EQ(fed(meter, frame(0x00, size), piece), Flood::fragments) << size << ' ' << piece;
    }
  }
}

TEST(FrameMeter, DoesNotCountControlFramesBetweenFragments) {
  FrameMeter meter(2, plenty);
  EXPECT_EQ(fed(meter, frame(0x01, 1) + frame(0x89, 4) + frame(0x8a, 0) + frame(0x80, 1), 2), Flood::none);
}

TEST(FrameMeter, LimitsPingsAndPongsButNotCloses) {
  FrameMeter meter(64, {1, 3});
  EXPECT_EQ(fed(meter, frame(0x89, 0) + frame(0x8a, 0) + frame(0x89, 0), 1), Flood::none);
  EXPECT_EQ(fed(meter, frame(0x88, 2), 1), Flood::none);
  EXPECT_EQ(fed(meter, frame(0x89, 0), 1), Flood::control_frames);
  EXPECT_EQ(fed(meter, frame(0x81, 1), 1), Flood::control_frames);
}

}  // namespace
}  // namespace simhost::net
