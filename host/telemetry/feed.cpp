// Reading a tap, once for all, and keeping it as wide as its readers need.
#include <host/telemetry/feed.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace simhost::telemetry {

namespace {
constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t shrink_after_ns = 1'000'000'000;
constexpr int newest_tries = 3;
}  // namespace

double ticks_per_s(const session::Session& session) {
  if (session.state() != session::State::running) return 0;
  const auto pace = session.pace();
  return pace.mode == engine::Pace::Mode::realtime ? pace.rate * 1e9 / static_cast<double>(session.step_ns()) : 0;
}

Feed::Feed(session::Registry& registry, session::SessionPointer session, Post post)
    : registry_(registry), session_(std::move(session)), post_(std::move(post)), ticks_per_s_(ticks_per_s(*session_)) {}

Feed::~Feed() {
  cursors_.clear();
  mark();
  for (const auto& done : when_attached_) done();
}

Outcome Feed::admits(const Demand& demand) const {
  Selection all = demand.selection;
  bool every = demand.reads == Reads::every;
  for (const auto& cursor : cursors_) {
    unite(all, cursor->demand().selection);
    every = every || cursor->demand().reads == Reads::every;
  }
  return every ? check_history(all, ticks_per_s_) : Outcome{};
}

// Where nobody has read each frame, those that lie behind the present one are nobody's.
Cursor& Feed::add(std::unique_ptr<Cursor> cursor) {
  if (tap_ != nullptr && tap_->frames() > 0 && !any_reads_every())
    next_number_ = std::max(next_number_, tap_->frames() - 1);
  if (tap_ != nullptr) cursor->place(tap_->wanted());
  look_ns_ = 0;
  return *cursors_.emplace_back(std::move(cursor));
}

// One that may miss nothing still gets what there is up to now.
void Feed::remove(const Cursor& cursor) {
  const bool here = std::ranges::any_of(cursors_, [&](const auto& c) { return c.get() == &cursor; });
  if (here && cursor.lossless() && tap_ != nullptr) read_all();
  std::erase_if(cursors_, [&](const auto& c) { return c.get() == &cursor; });
  mark();
}

void Feed::want(const Selection& selection, std::int64_t until_ns) {
  for (auto& wish : wishes_)
    if (wish.selection == selection) {
      wish.until_ns = until_ns;
      return;
    }
  wishes_.push_back({selection, until_ns});
}

engine::Wanted Feed::wanted(std::int64_t now_ns) {
  std::erase_if(wishes_, [&](const Wish& wish) { return wish.until_ns <= now_ns; });
  Selection all;
  Reads reads = Reads::newest;
  Loss loss = Loss::told;
  double rate_hz = 1;
  for (const auto& cursor : cursors_) {
    unite(all, cursor->demand().selection);
    rate_hz = std::max(rate_hz, cursor->demand().rate_hz);
    if (cursor->demand().reads == Reads::every) reads = Reads::every;
    if (cursor->demand().loss == Loss::none) loss = Loss::none;
  }
  for (const auto& wish : wishes_) unite(all, wish.selection);
  return make_wanted(all, reads, loss, rate_hz, ticks_per_s_);
}

void Feed::update(std::int64_t now_ns) {
  updated_ns_ = now_ns;
  ticks_per_s_ = ticks_per_s(*session_);
  if (coming_ || session_->ended()) return;
  auto wish = wanted(now_ns);
  const bool none = wish.ids.empty();
  if (tap_ == nullptr) {
    if (!none) publish(std::move(wish));
    return;
  }
  if (!none && !suits(tap_->wanted(), wish)) return publish(std::move(wish));
  if (!none && same(tap_->wanted(), wish)) {
    surplus_ns_ = 0;
    return;
  }
  if (surplus_ns_ == 0) surplus_ns_ = now_ns;
  if (now_ns - surplus_ns_ >= shrink_after_ns) publish(std::move(wish));
}

void Feed::publish(engine::Wanted wanted) {
  surplus_ns_ = 0;
  coming_ = true;
  auto tap = wanted.ids.empty() ? nullptr : std::make_shared<engine::Tap>(std::move(wanted));
  auto done = [this, tap, post = post_, alive = std::weak_ptr(alive_)](const Result<session::Nothing>& result) {
    post([this, tap, alive, worked = result.has_value()] {
      if (!alive.expired()) attached(tap, worked);
    });
  };
  registry_.set_tap(session_, tap, std::move(done));
}

// The old tap has stood since the new one was attached: it is read to its end, so that no tick is lost in between.
void Feed::attached(std::shared_ptr<engine::Tap> tap, bool worked) {
  if (worked)
    arrived_ = std::move(tap);
  else
    coming_ = false;
  for (const auto& done : std::exchange(when_attached_, {})) done();
  settle();
}

void Feed::when_published(std::function<void()> done) {
  if (!coming_) return done();
  when_attached_.push_back(std::move(done));
}

// Goes over to a tap that has arrived, and ends what has ended, as soon as all of before is read.
void Feed::settle() {
  if (arrived_) {
    if (tap_ != nullptr && any_reads_every() && !read_all()) return;
    tap_ = *std::exchange(arrived_, std::nullopt);
    coming_ = false;
    next_number_ = 0;
    frame_valid_ = false;
    for (const auto& cursor : cursors_)
      if (tap_ != nullptr) cursor->place(tap_->wanted());
    mark();
  }
  if (ending_) finish(*std::exchange(ending_, std::nullopt));
  update(updated_ns_);  // more may have been wanted meanwhile
}

bool Feed::any_reads_every() const noexcept {
  return std::ranges::any_of(cursors_, [](const auto& cursor) { return cursor->reads_every(); });
}

std::int64_t Feed::look_period_ns() const noexcept { return ticks_per_s_ > 0 ? history_look_ns : classes_ns[0]; }

std::int64_t Feed::due_ns() const {
  if (tap_ == nullptr) return never_ns;
  if (arrived_ || ending_) return look_ns_ + classes_ns[0];
  std::int64_t due = any_reads_every() ? look_ns_ + look_period_ns() : never_ns;
  for (const auto& cursor : cursors_)
    if (cursor->placed()) due = std::min(due, cursor->due_ns());
  return due;
}

bool Feed::idle() const noexcept { return cursors_.empty() && wishes_.empty() && tap_ == nullptr && !coming_; }

void Feed::serve(std::int64_t now_ns) {
  if (tap_ == nullptr || due_ns() > now_ns) return;
  if (arrived_ || (ending_ && !coming_)) {
    look_ns_ = now_ns;
    return settle();
  }
  if (any_reads_every()) {
    look_ns_ = now_ns;
    read_all();
  } else {
    read_newest();
  }
  for (const auto& cursor : cursors_)
    if (cursor->placed() && cursor->due_ns() <= now_ns) cursor->serve(now_ns, newest());
}

void Feed::read_newest() {
  for (int i = 0; i < newest_tries; ++i) {
    const auto count = tap_->frames();
    if (count == next_number_) return;
    if (!tap_->read(count - 1, scratch_)) continue;
    next_number_ = count;
    return pass(scratch_, 0);
  }
}

// A lossless reader without room, of a session that can wait for it.
bool Feed::crowded() const {
  return ticks_per_s_ == 0 &&
         std::ranges::any_of(cursors_, [](const auto& cursor) { return cursor->lossless() && !cursor->has_room(); });
}

// Returns whether all that there was has been read. A frame that cannot be read has been overwritten.
bool Feed::read_all() {
  const std::uint64_t slots = tap_->wanted().slots - (tap_->wanted().lossless ? 0 : 1);  // one is being written
  const auto end = tap_->frames();
  std::uint64_t skipped = 0;
  while (next_number_ < end && !crowded()) {
    const auto count = tap_->frames();
    const auto oldest = count >= slots ? count - slots : 0;
    if (next_number_ < oldest) skipped += oldest - std::exchange(next_number_, oldest);
    if (next_number_ >= end) break;
    if (tap_->read(next_number_++, scratch_))
      pass(scratch_, std::exchange(skipped, 0));
    else
      ++skipped;
  }
  for (const auto& cursor : cursors_)  // of a session that stands no further frame may come
    if (frame_valid_ && cursor->reads_every() && !cursor->started()) pass_to(*cursor, frame_, 0);
  spread_notices();
  mark();
  return next_number_ >= end;
}

// Frames from here on are not to be overwritten, where somebody may miss none.
void Feed::mark() {
  if (tap_ == nullptr || !tap_->wanted().lossless) return;
  const bool holds = std::ranges::any_of(cursors_, [](const auto& cursor) { return cursor->lossless(); });
  const auto floor = holds ? next_number_ : engine::Tap::no_floor;
  if (floor == tap_->floor()) return;
  tap_->set_floor(floor);
  registry_.nudge(*session_);
}

// frame becomes the newest one; its memory is the former newest one's.
void Feed::pass(const engine::Frame& frame, std::uint64_t skipped) {
  const bool first = serial_ == 0;
  const bool fresh = first || frame.tick != frame_.tick || frame.revision != frame_.revision;
  const std::uint64_t lost = skipped > 0 && !first && frame.tick > frame_.tick ? frame.tick - frame_.tick - 1 : skipped;
  if (fresh) ++serial_;
  for (const auto& cursor : cursors_)
    if (cursor->reads_every() && (fresh || !cursor->started())) pass_to(*cursor, frame, lost);
  std::swap(frame_, scratch_);
  frame_valid_ = true;
  spread_notices();
}

void Feed::spread_notices() {
  for (std::size_t i = 0; i < cursors_.size(); ++i) {
    if (!cursors_[i]->has_notices()) continue;
    for (const auto& notice : cursors_[i]->take_notices())
      for (const auto& cursor : cursors_) cursor->hear(notice);
  }
}

void Feed::pass_to(Cursor& cursor, const engine::Frame& frame, std::uint64_t lost) {
  const bool begins = !cursor.started();
  cursor.start();
  cursor.take({frame.tick, frame.time_s, begins ? 0 : lost, cursor.values_of(frame)});
}

void Feed::catch_up() {
  if (tap_ != nullptr && any_reads_every()) read_all();
}

void Feed::end(Ending ending) {
  if (coming_ || ending_) {
    ending_ = ending;
    return;
  }
  finish(ending);
}

void Feed::finish(Ending ending) {
  if (tap_ != nullptr) {
    if (any_reads_every() && !read_all()) {
      ending_ = ending;
      return;
    }
    read_newest();
    for (const auto& cursor : cursors_)
      if (cursor->placed()) cursor->serve(never_ns, newest());
  }
  // Telling may remove cursors from this list: each is taken out before it is told.
  auto cursors = std::exchange(cursors_, {});
  for (auto& cursor : cursors)
    if (cursor->end(ending) == Cursor::After::stays) cursors_.push_back(std::move(cursor));
  mark();
}

void Feed::refresh() {
  ticks_per_s_ = ticks_per_s(*session_);
  for (const auto& cursor : cursors_) cursor->refresh();
}

void Feed::enter(const Client& client) {
  ++watchers_[&client];
  session_->clients.store(watchers_.size(), std::memory_order_relaxed);
}

void Feed::leave(const Client& client) {
  const auto at = watchers_.find(&client);
  if (at == watchers_.end()) return;
  if (--at->second == 0) watchers_.erase(at);
  session_->clients.store(watchers_.size(), std::memory_order_relaxed);
}

}  // namespace simhost::telemetry
