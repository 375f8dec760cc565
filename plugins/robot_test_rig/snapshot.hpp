/// What the rig shows at one tick, and the readings that are new in it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sensor.hpp"

namespace robot_test_rig {

/// Places in a snapshot; `snapshot_ids` has the same order.
enum Place : std::size_t {
  force_n,
  motor_rpm,
  camera_brightness,
  camera_exposure,
  camera_image_id,
  force_count,
  motor_count,
  camera_count,
  force_at_s,
  motor_at_s,
  camera_at_s,
  places
};
using Snapshot = std::array<double, places>;
std::span<const std::uint32_t> snapshot_ids() noexcept;
std::span<const char* const> snapshot_names() noexcept;

inline double count_of(const Snapshot& shown, Sensor sensor) noexcept {
  return shown[force_count + static_cast<std::size_t>(sensor)];
}

struct Image {
  double id, brightness, exposure;
};
/// value: N or rpm; of the camera its brightness.
struct Reading {
  Sensor sensor;
  double at_s, value;
  Image image;  ///< of the camera
};
Reading reading_of(const Snapshot& shown, Sensor sensor) noexcept;

/// The new ones in the order in which they were due; at the same time force, motor, camera.
class Fresh {
 public:
  /// before: null where nothing was seen before, then everything there is counts as new.
  Fresh(const Snapshot* before, const Snapshot& now) noexcept;
  [[nodiscard]] const Sensor* begin() const noexcept { return list_.data(); }
  [[nodiscard]] const Sensor* end() const noexcept { return list_.data() + count_; }

 private:
  std::array<Sensor, sensors> list_{};
  std::size_t count_ = 0;
};

}  // namespace robot_test_rig
