/// Binary frames of the motor's stream: big-endian, a header of 8 bytes and a payload.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace bldc_motor {

enum class FrameType : std::uint16_t { data = 1, control = 2, error = 3, status = 4 };

inline constexpr std::size_t frame_header_bytes = 8, data_frame_bytes = 40, control_frame_bytes = 20;

/// The payload of a data frame, in its order. The slot is a float: seconds since the session's start keep their
/// milliseconds in it for hours, seconds of the epoch are known to 128 s only.
struct DataSlots {
  double time_s, speed_rpm, torque_nm, current_a, voltage_v, efficiency, power_w, temperature_c;
};

/// The header carries wall_ns in milliseconds modulo 2^32.
std::array<std::byte, data_frame_bytes> data_frame(std::int64_t wall_ns, const DataSlots& slots) noexcept;

/// Type 3 or 4: the payload is JSON in UTF-8. Empty where it is longer than a frame can say.
std::vector<std::byte> json_frame(FrameType type, std::int64_t wall_ns, std::string_view json);

struct BinaryControl {
  double target_speed_rpm = 0, load_torque_percent = 0;
  bool enable_pid = false;
};
/// A client's frame of type 2; otherwise says why it is none.
std::optional<BinaryControl> read_control_frame(std::span<const std::byte> frame, const char*& why) noexcept;

}  // namespace bldc_motor
