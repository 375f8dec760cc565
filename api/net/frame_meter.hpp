// Follows the frames in the raw bytes of a WebSocket: counts fragments and control frames, which the library hides.
#pragma once

#include <cstdint>
#include <span>

#include <api/http/rate_limit.hpp>

namespace simhost::net {

enum class Flood : std::uint8_t { none, fragments, control_frames };

class FrameMeter {
 public:
  FrameMeter(std::size_t fragments_max, http::Rate control_rate) noexcept
      : fragments_max_(fragments_max), control_(control_rate) {}

  // Looks at the next bytes that came in; once it has found a flood it says so for ever.
  Flood feed(std::span<const unsigned char> bytes);

 private:
  void header_complete();
  [[nodiscard]] std::size_t header_size() const noexcept;

  std::size_t fragments_max_;
  http::TokenBucket control_;
  std::size_t fragments_ = 0;  // of the message that is open
  std::uint64_t payload_left_ = 0;
  std::size_t have_ = 0;  // bytes of the present header
  unsigned char header_[14] = {};
  Flood flood_ = Flood::none;
};

}  // namespace simhost::net
