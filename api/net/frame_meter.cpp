// Reading frame headers (RFC 6455 5.2) and skipping payloads.
#include <api/net/frame_meter.hpp>

#include <algorithm>
#include <chrono>

namespace simhost::net {
namespace {

constexpr unsigned final_bit = 0x80U;
constexpr unsigned opcode_bits = 0x0fU;
constexpr unsigned control_bit = 0x08U;
constexpr unsigned mask_bit = 0x80U;
constexpr unsigned length_bits = 0x7fU;
constexpr unsigned opcode_close = 0x8U;

std::size_t length_bytes(unsigned char second) noexcept {
  const unsigned length = second & length_bits;
  return length == 126 ? 2 : length == 127 ? 8 : 0;
}

}  // namespace

std::size_t FrameMeter::header_size() const noexcept {
  if (have_ < 2) return 2;
  return 2 + length_bytes(header_[1]) + ((header_[1] & mask_bit) != 0 ? 4 : 0);
}

Flood FrameMeter::feed(std::span<const unsigned char> bytes) {
  while (!bytes.empty() && flood_ == Flood::none) {
    if (payload_left_ > 0) {
      const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
      payload_left_ -= skipped;
      bytes = bytes.subspan(skipped);
      continue;
    }
    header_[have_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (have_ >= header_size()) header_complete();
  }
  return flood_;
}

void FrameMeter::header_complete() {
  const std::size_t extra = length_bytes(header_[1]);
  payload_left_ = extra == 0 ? header_[1] & length_bits : 0;
  for (std::size_t i = 0; i < extra; ++i) payload_left_ = (payload_left_ << 8U) | header_[2 + i];
  have_ = 0;
  const unsigned opcode = header_[0] & opcode_bits;
  if ((opcode & control_bit) != 0) {
    const bool counted = opcode != opcode_close;
    if (counted && !control_.take(std::chrono::steady_clock::now())) flood_ = Flood::control_frames;
    return;
  }
  if (++fragments_ > fragments_max_) flood_ = Flood::fragments;
  if ((header_[0] & final_bit) != 0) fragments_ = 0;
}

}  // namespace simhost::net
