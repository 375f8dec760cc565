/// Writes and reads binary frames byte by byte, so that the machine's own order does not count.
#include "wire_binary.hpp"

#include <bit>
#include <cstring>

namespace bldc_motor {
namespace {

constexpr std::size_t payload_bytes_max = 0xffff;

void put(std::byte* to, std::uint32_t value, std::size_t bytes) noexcept {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = static_cast<std::byte>(value >> (8 * (bytes - 1 - i)));
}
std::uint32_t get(const std::byte* from, std::size_t bytes) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | std::to_integer<std::uint32_t>(from[i]);
  return value;
}
double get_float(const std::byte* from) noexcept { return static_cast<double>(std::bit_cast<float>(get(from, 4))); }

void put_header(std::byte* to, FrameType type, std::size_t payload, std::int64_t wall_ns) noexcept {
  put(to, static_cast<std::uint32_t>(type), 2);
  put(to + 2, static_cast<std::uint32_t>(payload), 2);
  put(to + 4, static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall_ns / 1'000'000)), 4);
}

}  // namespace

std::array<std::byte, data_frame_bytes> data_frame(std::int64_t wall_ns, const DataSlots& slots) noexcept {
  std::array<std::byte, data_frame_bytes> frame{};
  put_header(frame.data(), FrameType::data, data_frame_bytes - frame_header_bytes, wall_ns);
  const double values[] = {slots.time_s,    slots.speed_rpm,  slots.torque_nm, slots.current_a,
                           slots.voltage_v, slots.efficiency, slots.power_w,   slots.temperature_c};
  std::byte* to = frame.data() + frame_header_bytes;
  for (const double value : values) {
    put(to, std::bit_cast<std::uint32_t>(static_cast<float>(value)), 4);
    to += 4;
  }
  return frame;
}

std::vector<std::byte> json_frame(FrameType type, std::int64_t wall_ns, std::string_view json) {
  if (json.size() > payload_bytes_max) return {};
  std::vector<std::byte> frame(frame_header_bytes + json.size());
  put_header(frame.data(), type, json.size(), wall_ns);
  if (!json.empty()) std::memcpy(frame.data() + frame_header_bytes, json.data(), json.size());
  return frame;
}

std::optional<BinaryControl> read_control_frame(std::span<const std::byte> frame, const char*& why) noexcept {
  constexpr std::uint32_t payload = control_frame_bytes - frame_header_bytes;
  if (frame.size() < frame_header_bytes) return why = "a binary frame has a header of 8 bytes", std::nullopt;
  if (get(frame.data(), 2) != static_cast<std::uint32_t>(FrameType::control))
    return why = "Unknown binary message type; clients send type 2, control update", std::nullopt;
  if (get(frame.data() + 2, 2) != payload || frame.size() != control_frame_bytes)
    return why = "a binary control update has a payload of 12 bytes", std::nullopt;
  const std::byte* at = frame.data() + frame_header_bytes;
  return BinaryControl{get_float(at), get_float(at + 4), get_float(at + 8) > 0.5};
}

}  // namespace bldc_motor
