// What the store is told of sessions, and when. All on the control thread.
#include <host/session/registry.hpp>

#include <algorithm>

namespace simhost::session {

KeptSession Registry::kept(const Session& session, std::int64_t wall_ns) {
  KeptSession kept;
  kept.id = session.id_;
  kept.model = session.spec_.model->id();
  kept.plugin = session.spec_.model->plugin;
  kept.handle = session.handle_;
  kept.spec = session.spec_;
  kept.spec.model = nullptr;
  kept.state = session.state_;
  kept.reason = session.reason_;
  kept.tick = session.tick();
  kept.created_wall_ns = session.created_wall_ns_;
  kept.saved_wall_ns = wall_ns;
  kept.stood_ns = session.stood_ns_;
  kept.base = session.base_;
  return kept;
}

// What came back without its plugin stays in the store as it was, and returns with the plugin. A playback is not
// stored: its recording is, and can be played again.
bool Registry::is_kept(const Session& session) const {
  return chronicle_.is_kept() && !session.missing_ && session.spec_.playback == nullptr;
}

void Registry::keep(Session& session) {
  if (!is_kept(session)) return;
  const std::lock_guard lock(session.mutex_);
  if (!session.ended()) chronicle_.put(kept(session, clock_.wall_ns()));
}

// The newest entries stay for whoever reads the journal, however old they are.
void Registry::keep_base(Session& session, const Checkpoint& base, Lanes lanes, Epoch epoch) {
  const std::lock_guard lock(session.mutex_);
  auto& known = session.base_;
  known.kept = lanes == Lanes::of_checkpoint;
  known.tick = base.tick;
  known.order = base.order;
  known.number = session.journalled_;
  known.epoch += epoch == Epoch::next ? 1 : 0;
  known.at_ns = clock_.monotonic_ns();
  if (!is_kept(session) || session.ended()) return;
  const auto spent = known.number - std::min<std::uint64_t>(known.number, limits::journal_entries);
  chronicle_.rebase(kept(session, clock_.wall_ns()), known.kept ? &base : nullptr, spent);
}

void Registry::rebase(Session& session) {
  if (!is_kept(session)) return;
  const Checkpoint now = take(session, Digest::without);
  keep_base(session, now, Lanes::of_checkpoint, Epoch::same);
}

bool Registry::is_due(const Session& session, std::int64_t now_ns) const {
  if (!is_kept(session)) return false;
  const std::lock_guard lock(session.mutex_);
  const auto& base = session.base_;
  const auto entries = session.journalled_ - base.number;
  if (entries == 0 && session.tick() == base.tick && base.at_ns != 0) return false;
  const auto age_s = static_cast<double>(now_ns - base.at_ns) * 1e-9;
  return age_s >= options_.keep_every_s || entries >= limits::store_replayed_entries;
}

// How far each session is that runs, so that little simulated time is lost when nobody asks for anything.
void Registry::beat(std::int64_t now_ns) {
  if (now_ns - beat_ns_ < limits::store_beat_ns) return;
  beat_ns_ = now_ns;
  std::vector<Chronicle::Beat> beats;
  for (const auto& session : list())
    if (session->state() == State::running && is_kept(*session))
      beats.push_back({session->id_, session->base_.epoch, session->tick()});
  const auto same = [](const Chronicle::Beat& a, const Chronicle::Beat& b) {
    return a.session == b.session && a.epoch == b.epoch && a.tick == b.tick;
  };
  if (std::ranges::equal(beats, beats_, same)) return;
  chronicle_.ticks(beats);
  beats_ = std::move(beats);
}

// Takes turns, and stops when it has had its share of the control thread or of the disk: large or many sessions are
// stored less often, never all at once.
void Registry::keep_round() {
  if (!chronicle_.is_writable()) return;
  const auto begin = clock_.monotonic_ns();
  beat(begin);
  look_for_plugins();
  const auto rested_s = static_cast<double>(begin - std::exchange(round_ns_, begin)) * 1e-9;
  const auto earned = static_cast<std::int64_t>(std::min(rested_s, 1.0) * limits::store_lane_bytes_per_s);
  allowance_bytes_ = std::min(allowance_bytes_ + earned, limits::store_lane_bytes_per_s);
  const auto all = list();
  for (std::size_t i = 0; i < all.size() && allowance_bytes_ > 0; ++i) {
    auto& session = *all[round_place_++ % all.size()];
    if (!is_due(session, begin)) continue;
    rebase(session);
    allowance_bytes_ -= static_cast<std::int64_t>(session.initial_.values.size() * sizeof(double));
    if (clock_.monotonic_ns() - begin > limits::store_round_work_ns) return;
  }
}

void Registry::keep_all(Done<Nothing> done) {
  in_order([this, done = std::move(done)] {
    const auto now = clock_.monotonic_ns();
    beat_ns_ = 0;
    if (chronicle_.is_writable()) beat(now);
    for (const auto& session : list()) {
      if (!is_kept(*session) || !chronicle_.is_writable()) continue;
      const bool moved = session->tick() != session->base_.tick || session->journalled_ != session->base_.number;
      if (moved) rebase(*session);
    }
    done(Nothing{});
  });
}

}  // namespace simhost::session
