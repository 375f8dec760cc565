// Which frames may answer a read.
#include <host/telemetry/reader.hpp>

#include <utility>

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

}  // namespace

std::optional<session::ReadResult> read_frame(const session::Session& session, const Selection& selection) {
  const auto tap = session.tap();
  if (tap == nullptr || tap->frames() == 0) return {};
  const Gather gather(tap->wanted(), selection);
  if (!gather.complete()) return {};
  if (tap->wanted().ids.size() * tap->wanted().lanes() * sizeof(double) > copied_bytes_max) return {};
  engine::Frame frame;
  if (!tap->read(tap->frames() - 1, frame) || !is_current(session, *tap, frame)) return {};
  session::ReadResult result{frame.tick, frame.time_s, std::vector<double>(gather.values())};
  gather.copy(frame.values.data(), result.values.data());
  return result;
}

void Reader::read(session::SessionPointer session, session::ReadRequest request,
                  session::Done<session::ReadResult> done) {
  Selection selection{request.ids, tiles_of(request.lanes, session->lanes())};
  if (!session->ended())
    if (auto result = read_frame(*session, selection)) {
      pump_.want(session, std::move(selection));
      return done(std::move(*result));
    }
  pump_.want(session, std::move(selection));
  registry_.read(std::move(session), std::move(request), std::move(done));
}

}  // namespace simhost::telemetry
