// What a session should publish, given what all its readers want: columns, lanes, every k-th tick, slots.
#pragma once

#include <cstdint>
#include <span>

#include <host/base/error.hpp>
#include <host/telemetry/selection.hpp>

namespace simhost::telemetry {

// newest: the present frame now and then. every: each tick, so a history ring must bridge the time between two looks.
enum class Reads : std::uint8_t { newest, every };

// What becomes of a reader of every tick that is slower than the session. told: it loses the oldest and is told. none:
// a session of pace free or manual waits for it (Cursor::has_room); one of real time does not, and it is told.
enum class Loss : std::uint8_t { told, none };

struct Demand {
  Selection selection;
  Reads reads = Reads::newest;
  double rate_hz = 1;
  Loss loss = Loss::told;
};

// Polling periods: what is due is looked for at multiples of one of these, chosen by how often it comes due.
inline constexpr std::int64_t classes_ns[] = {2'000'000, 16'000'000, 100'000'000, 1'000'000'000};
inline constexpr std::int64_t fastest_ns = 1'000'000;        // for rates above that of the first class
inline constexpr std::int64_t history_look_ns = 16'000'000;  // how often a history ring is read at least
// Free and stepped sessions come in bursts whose rate nobody knows beforehand.
inline constexpr std::size_t burst_ring_bytes = 8 << 20;
inline constexpr std::uint32_t burst_ring_slots = 16'384;
inline constexpr std::size_t small_frame_bytes = 16 << 10;  // cheap enough to be copied at every tick

// What lies between two flushes at a rate above 0: a millisecond at least, 30 years at most.
std::int64_t period_of(double rate_hz) noexcept;
std::int64_t class_of(std::int64_t period_ns) noexcept;
// The first multiple of period_ns after now_ns; the first of grid_ns that is not before time_ns.
std::int64_t next_multiple(std::int64_t now_ns, std::int64_t period_ns) noexcept;
std::int64_t round_up(std::int64_t time_ns, std::int64_t grid_ns) noexcept;

// Whether what is published does for what is wanted.
bool suits(const engine::Wanted& published, const engine::Wanted& wanted);
bool same(const engine::Wanted& a, const engine::Wanted& b);

// ticks_per_s: of wall time while it moves; 0 when it is not paced.
engine::Wanted make_wanted(const Selection& all, Reads reads, Loss loss, double rate_hz, double ticks_per_s);

// limit_reached when no ring of allowed size bridges the time between two looks.
Outcome check_history(const Selection& all, double ticks_per_s);

}  // namespace simhost::telemetry
