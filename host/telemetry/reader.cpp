// Which frames may answer a read.
#include <host/telemetry/reader.hpp>

#include <utility>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>

namespace simhost::telemetry {

namespace {

constexpr std::size_t copied_bytes_max = 1 << 20;  // a frame is copied whole; more is better read by itself
// Up to this period a driver applies a write right before it steps, so that the frame after an acknowledgement has it.
constexpr std::int64_t quick_tick_ns = 2'000'000;

bool steps_quickly(const session::Session& session) {
  const auto pace = session.info().pace;
  return pace.mode != engine::Pace::Mode::realtime ||
         static_cast<double>(session.step_ns()) / pace.rate <= quick_tick_ns;
}

// A session that stands publishes each write before it is acknowledged; a slow one is asked, which wakes it at once.
bool is_current(const session::Session& session, const engine::Tap& tap, const engine::Frame& frame) {
  if (session.state() != session::State::running) return frame.tick == session.tick();
  return tap.wanted().every_ticks == 1 && steps_quickly(session);
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32U);
}

}  // namespace

// A place holds 32 bits of hash and the time in ms.
bool RecentWishes::is_new(std::uint64_t session, const Selection& selection, std::int64_t now_ns) noexcept {
  std::uint64_t hash = mix(0, session);
  for (const auto id : selection.ids) hash = mix(hash, id);
  for (const auto& tile : selection.tiles) hash = mix(mix(hash, tile.first_lane), tile.count);
  const auto now_ms = static_cast<std::uint32_t>(now_ns / 1'000'000);
  auto& place = places_[hash % places_.size()];
  const auto said = place.load(std::memory_order_relaxed);
  const auto age_ms = now_ms - static_cast<std::uint32_t>(said);
  if (said >> 32U == hash >> 32U && age_ms < limits::wanted_ns / 4'000'000) return false;
  place.store((hash >> 32U << 32U) | now_ms, std::memory_order_relaxed);
  return true;
}

std::optional<session::ReadResult> read_frame(const session::Session& session, const Selection& selection) {
  const auto tap = session.tap();
  if (tap == nullptr || tap->frames() == 0 || tap->stale()) return {};
  const Gather gather(tap->wanted(), selection);
  if (!gather.complete()) return {};
  if (tap->wanted().ids.size() * tap->wanted().lanes() * sizeof(double) > copied_bytes_max) return {};
  engine::Frame frame;
  if (!tap->read(tap->frames() - 1, frame) || !is_current(session, *tap, frame)) return {};
  session::ReadResult result{frame.tick, frame.time_s, std::vector<double>(gather.values())};
  gather.copy(frame.values.data(), result.values.data());
  return result;
}

void Reader::want(const session::SessionPointer& session, const Selection& selection) {
  if (wishes_.is_new(session->handle(), selection, system_clock().monotonic_ns())) pump_.want(session, selection);
}

void Reader::read(session::SessionPointer session, session::ReadRequest request,
                  session::Done<session::ReadResult> done) {
  const Selection selection{request.ids, tiles_of(request.lanes, session->lanes())};
  want(session, selection);
  if (!session->ended())
    if (auto result = read_frame(*session, selection)) return done(std::move(*result));
  registry_.read(std::move(session), std::move(request), std::move(done));
}

}  // namespace simhost::telemetry
