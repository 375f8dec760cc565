// Sizes of rings and spacing of frames.
#include <host/telemetry/plan.hpp>

#include <algorithm>
#include <cmath>

#include <host/base/limits.hpp>

namespace simhost::telemetry {

namespace {

std::size_t frame_bytes(const Selection& all) { return std::max<std::size_t>(all.values(), 1) * sizeof(double); }

std::uint32_t newest_slots(std::size_t bytes) {
  return bytes > limits::frame_single_copy_bytes ? 1 : static_cast<std::uint32_t>(limits::frame_copies);
}

double ticks_in(std::int64_t span_ns, double ticks_per_s) {
  return std::ceil(static_cast<double>(span_ns) * 1e-9 * ticks_per_s);
}

std::uint32_t slots_of(double wanted, std::size_t bytes_max, std::size_t bytes) {
  return static_cast<std::uint32_t>(std::min(wanted, static_cast<double>(bytes_max / bytes)));
}

// A session in real time does not wait for those that may miss nothing: small frames are kept for as long as a busy
// machine may leave the pump without a turn.
std::uint32_t ring_slots(std::size_t bytes, Loss loss, double ticks_per_s) {
  auto slots = static_cast<std::uint32_t>(limits::frame_copies);
  if (ticks_per_s <= 0) return std::max(slots, slots_of(double{burst_ring_slots}, burst_ring_bytes, bytes));
  slots = std::max(slots, slots_of(ticks_in(limits::history_ns, ticks_per_s), limits::history_bytes, bytes));
  if (loss == Loss::told) return slots;
  const double wanted = ticks_in(limits::history_lossless_ns, ticks_per_s);
  return std::max(slots, slots_of(wanted, limits::history_lossless_bytes, bytes));
}

}  // namespace

std::int64_t period_of(double rate_hz) noexcept {
  constexpr double longest_ns = 1e18;
  return std::max(fastest_ns, static_cast<std::int64_t>(std::min(std::round(1e9 / rate_hz), longest_ns)));
}

std::int64_t class_of(std::int64_t period_ns) noexcept {
  if (period_ns < classes_ns[0]) return fastest_ns;
  if (period_ns < 100'000'000) return classes_ns[0];
  if (period_ns < 1'000'000'000) return classes_ns[1];
  return period_ns < 10'000'000'000 ? classes_ns[2] : classes_ns[3];
}

std::int64_t next_multiple(std::int64_t now_ns, std::int64_t period_ns) noexcept {
  return (now_ns / period_ns + 1) * period_ns;
}

std::int64_t round_up(std::int64_t time_ns, std::int64_t grid_ns) noexcept {
  return (time_ns + grid_ns - 1) / grid_ns * grid_ns;
}

bool suits(const engine::Wanted& published, const engine::Wanted& wanted) {
  return published.slots >= wanted.slots && published.lossless >= wanted.lossless &&
         wanted.every_ticks % published.every_ticks == 0 && Gather(published, {wanted.ids, wanted.tiles}).complete();
}

bool same(const engine::Wanted& a, const engine::Wanted& b) {
  return a.slots == b.slots && a.lossless == b.lossless && a.every_ticks == b.every_ticks &&
         Selection{a.ids, a.tiles} == Selection{b.ids, b.tiles};
}

engine::Wanted make_wanted(const Selection& all, Reads reads, Loss loss, double rate_hz, double ticks_per_s) {
  engine::Wanted wanted{all.ids, all.tiles, 1, 1, loss == Loss::none};
  const std::size_t bytes = frame_bytes(all);
  if (reads == Reads::every) {
    wanted.slots = ring_slots(bytes, loss, ticks_per_s);
    return wanted;
  }
  wanted.slots = newest_slots(bytes);
  if (bytes > small_frame_bytes && ticks_per_s > 0)
    wanted.every_ticks = static_cast<std::uint32_t>(std::clamp(std::floor(ticks_per_s / (2 * rate_hz)), 1.0, 1e9));
  return wanted;
}

Outcome check_history(const Selection& all, double ticks_per_s) {
  if (ticks_per_s <= 0) return {};
  const double slots = ring_slots(frame_bytes(all), Loss::told, ticks_per_s);
  const double needed = std::min(ticks_in(4 * history_look_ns, ticks_per_s), ticks_in(limits::history_ns, ticks_per_s));
  if (slots >= needed) return {};
  return fail({"limit_reached",
               "every tick of so many values does not fit into the history of a session (" +
                   std::to_string(limits::history_bytes >> 20U) +
                   " MiB); ask for fewer fields or lanes, or mode latest",
               {},
               422});
}

}  // namespace simhost::telemetry
