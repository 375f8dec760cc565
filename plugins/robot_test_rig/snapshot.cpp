/// Snapshots by variable id, and the readings in them.
#include "snapshot.hpp"

#include <algorithm>

#include "signals.hpp"

namespace robot_test_rig {
namespace {

struct Variable {
  std::uint32_t id;
  const char* name;
};
template <class Member>
consteval Variable at(Member member) {
  return {row_of(member).id, row_of(member).name};
}

constexpr std::array<Variable, places> variables = {
    at(&O::force_n),         at(&O::motor_rpm),   at(&O::camera_brightness), at(&O::camera_exposure),
    at(&O::camera_image_id), at(&O::force_count), at(&O::motor_count),       at(&O::camera_count),
    at(&S::force_at_s),      at(&S::motor_at_s),  at(&S::camera_at_s)};
constexpr auto ids = [] {
  std::array<std::uint32_t, places> list{};
  for (std::size_t i = 0; i < places; ++i) list[i] = variables[i].id;
  return list;
}();
constexpr auto names = [] {
  std::array<const char*, places> list{};
  for (std::size_t i = 0; i < places; ++i) list[i] = variables[i].name;
  return list;
}();

double at_s(const Snapshot& shown, Sensor sensor) noexcept {
  return shown[force_at_s + static_cast<std::size_t>(sensor)];
}

}  // namespace

std::span<const std::uint32_t> snapshot_ids() noexcept { return ids; }
std::span<const char* const> snapshot_names() noexcept { return names; }

Reading reading_of(const Snapshot& shown, Sensor sensor) noexcept {
  constexpr Place values[] = {force_n, motor_rpm, camera_brightness};
  return {sensor,
          at_s(shown, sensor),
          shown[values[static_cast<std::size_t>(sensor)]],
          {shown[camera_image_id], shown[camera_brightness], shown[camera_exposure]}};
}

Fresh::Fresh(const Snapshot* before, const Snapshot& now) noexcept {
  for (const Sensor sensor : all_sensors) {
    if (count_of(now, sensor) > (before == nullptr ? 0 : count_of(*before, sensor))) list_[count_++] = sensor;
  }
  std::stable_sort(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(count_),
                   [&](Sensor a, Sensor b) { return at_s(now, a) < at_s(now, b); });
}

}  // namespace robot_test_rig
