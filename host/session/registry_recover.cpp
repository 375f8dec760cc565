// Sessions come back: their lanes as the store has them, then their journal, tick by tick as it was.
#include <host/session/registry.hpp>

#include <algorithm>
#include <condition_variable>
#include <utility>

#include <host/base/log.hpp>

namespace simhost::session {

namespace {

// Counts sessions that are on their way; the control thread waits for the last.
class Latch {
 public:
  void up() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void down() {
    {
      const std::lock_guard lock(mutex_);
      --count_;
    }
    zero_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    zero_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable zero_;
  std::size_t count_ = 0;
};

bool is_replayed(const KeptEntry& kept, const Base& base) {
  const auto& entry = kept.entry;
  return (entry.kind == "variables" || entry.kind == "command") && entry.order > base.order;
}

}  // namespace

struct Registry::Replay {
  SessionPointer session;
  KeptSession kept;
  std::vector<JournalEntry> entries;  // what is to be done again, in order
  std::size_t at = 0;
  std::uint64_t now = 0, until = 0;
  std::size_t waiting = 0;  // writes given to the driver for later ticks
  std::shared_ptr<Latch> latch;
};

void Registry::recover(Done<std::size_t> done) {
  in_order([this, done = std::move(done)] {
    auto all = chronicle_.load();
    if (!all) return done(fail(all.error()));
    done(bring_back(std::move(*all)));
  });
}

std::size_t Registry::bring_back(std::vector<Chronicle::Found> all) {
  const auto latch = std::make_shared<Latch>();
  std::vector<ReplayPointer> runs;
  for (auto& found : all) {
    const auto model = models_.find(found.session.model);
    if (found.fault || model == nullptr || model->plugin != found.session.plugin) {
      const Error missing{"plugin_missing", "the plugin " + found.session.plugin + " is not loaded"};
      stand_in(found, found.fault.value_or(missing));
      continue;
    }
    found.session.spec.model = model;
    auto run = revive(std::move(found));
    if (run == nullptr) continue;
    run->latch = latch;
    latch->up();
    runs.push_back(run);
  }
  for (const auto& run : runs) replay(run);
  latch->wait();
  for (const auto& run : runs) settle_in(*run);
  models_seen_ = models_.revision();
  return runs.size();
}

// The session with its lanes, standing in a driver of its own.
Registry::ReplayPointer Registry::revive(Chronicle::Found found) {
  auto run = std::make_shared<Replay>();
  auto session = run->session = std::make_shared<Session>();
  run->kept = found.session;
  session->id_ = found.session.id;
  session->handle_ = found.session.handle;
  session->created_wall_ns_ = found.session.created_wall_ns;
  session->start_wall_ns_ = clock_.wall_ns();
  session->base_ = found.session.base;
  auto& track = session->seat_.track;
  track.order = found.session.base.order;
  for (auto& kept : found.journal) {
    session->journalled_ = std::max(session->journalled_, kept.entry.number);
    track.order = std::max(track.order, kept.entry.order);
    if (is_replayed(kept, found.session.base)) run->entries.push_back(kept.entry);
    session->journal_.push_back(std::move(kept.entry));
    if (session->journal_.size() > limits::journal_entries) session->journal_.pop_front();
  }
  session->journalled_ = std::max(session->journalled_, found.session.base.number);
  session->checkpoints_ = {found.checkpoints.begin(), found.checkpoints.end()};
  std::ranges::stable_sort(run->entries, [](const JournalEntry& a, const JournalEntry& b) {
    return a.tick != b.tick ? a.tick < b.tick : a.order < b.order;
  });
  run->now = found.session.base.tick;
  run->until = found.reached;
  const auto lanes = furnish(*session, found.session.spec, found.base ? &*found.base : nullptr);
  auto seated = lanes ? enter(session) : fail(lanes.error());
  if (seated) {
    session->seated_ = engine::Pace::Mode::manual;
    seated = engine_.join(session->seat_, *lanes, {engine::Pace::Mode::manual, 1}, engine::JoinOp::Motion::stand);
    if (!seated) leave(*session);
  }
  if (seated) return run;
  log_error("session", "a session did not come back; it stays in the store",
            {{"session", session->id_}, {"why", seated.error().detail}});
  return nullptr;
}

// A session that can be seen and deleted, and nothing else.
void Registry::stand_in(const Chronicle::Found& found, const Error& why) {
  auto session = std::make_shared<Session>();
  auto model = std::make_shared<Model>();
  model->plugin = found.session.plugin;
  model->descriptor.id = found.session.model;
  session->id_ = found.session.id;
  session->handle_ = found.session.handle;
  session->created_wall_ns_ = found.session.created_wall_ns;
  session->spec_ = found.session.spec;
  session->spec_.model = std::move(model);
  session->seat_.track.pulse.stand_at(found.reached);
  session->state_ = State::failed;
  session->reason_ = Reason{why.code, found.session.plugin, why.detail, 0, found.reached};
  session->missing_ = true;
  log_error("session", "a session came back without its lanes",
            {{"session", session->id_}, {"code", why.code}, {"why", why.detail}});
  if (auto entered = enter(session); entered) ++missing_;
}

void Registry::look_for_plugins() {
  if (missing_ == 0 || models_.revision() == models_seen_) return;
  models_seen_ = models_.revision();
  auto all = chronicle_.load();
  if (!all) return;
  std::vector<Chronicle::Found> back;
  for (auto& found : *all) {
    const auto session = find(found.session.id);
    if (session == nullptr || !session->missing_ || found.fault || models_.find(found.session.model) == nullptr)
      continue;
    session->ended_.store(true);
    leave(*session);
    --missing_;
    back.push_back(std::move(found));
  }
  bring_back(std::move(back));
}

// [any] Goes as far as it can without waiting; the callbacks of the ops go on from there.
void Registry::replay(const ReplayPointer& run) {
  while (run->at < run->entries.size()) {
    const auto& entry = run->entries[run->at];
    const bool ahead = entry.tick > run->now && entry.tick <= run->until;
    const bool runs_now = entry.kind == "command";
    if (ahead && (runs_now || run->waiting >= limits::replay_batch)) return move_on(run, entry.tick);
    ++run->at;
    if (play(run, entry)) return;
  }
  if (run->now < run->until) return move_on(run, run->until);
  run->latch->down();
}

void Registry::move_on(const ReplayPointer& run, std::uint64_t tick) {
  auto op = std::make_unique<engine::AdvanceOp>();
  op->track = &run->session->seat_.track;
  op->ticks = tick - run->now;
  run->waiting = 0;
  engine_.post(run->session->seat_, std::move(op), [this, run, tick](engine::Op&) {
    run->now = run->session->tick();
    if (run->now < tick) run->until = run->now;  // it stopped or failed, as it did the first time
    replay(run);
  });
}

// Returns whether the op's callback goes on. What the model does not know any more is left out.
bool Registry::play(const ReplayPointer& run, const JournalEntry& entry) {
  auto& session = *run->session;
  const auto model = session.model();
  if (entry.kind == "variables") {
    auto request = parse_write(entry.detail, *model, session.lanes());
    auto* pending = request ? keep_pending(session, std::move(request->write), entry.tick) : nullptr;
    if (pending == nullptr) {
      log_warning("session", "a write was not replayed", {{"session", session.id_}, {"tick", entry.tick}});
      return false;
    }
    auto op = std::make_unique<engine::WriteOp>();
    op->track = &session.seat_.track;
    op->write = pending;
    ++run->waiting;
    engine_.post(session.seat_, std::move(op), [](engine::Op&) {});
    return false;
  }
  if (entry.tick > run->now) return false;  // behind the end
  Value body = entry.detail;
  std::erase_if(body.members(), [](const Member& member) { return member.key == "name"; });
  body.set("confirm", true);
  const Value* name = entry.detail.find("name");
  auto request =
      parse_command(name != nullptr && name->is_string() ? name->string() : "", body, *model, session.lanes());
  if (!request) {
    log_warning("session", "a command was not replayed", {{"session", session.id_}, {"tick", entry.tick}});
    return false;
  }
  auto op = std::make_unique<engine::CommandOp>();
  op->track = &session.seat_.track;
  op->command = request->command;
  op->results.resize(request->lanes.size() * model->descriptor.commands[request->command].results.size());
  op->lanes = std::move(request->lanes);
  op->args = std::move(request->args);
  engine_.post(session.seat_, std::move(op), [this, run](engine::Op&) { replay(run); });
  return true;
}

// From standing where it was to what it did.
void Registry::settle_in(Replay& run) {
  auto& session = *run.session;
  const auto wall_ns = clock_.wall_ns();
  const auto end = session.seat_.track.end.load(std::memory_order_acquire);
  State state = run.kept.state;
  if (state == State::running && end == engine::TrackEnd::stop_reached) state = State::stopped;
  {
    const std::lock_guard lock(session.mutex_);
    session.reason_ = run.kept.reason;
    session.stood_ns_ = run.kept.stood_ns;
    session.stood_since_wall_ns_ = run.kept.saved_wall_ns;
    session.start_wall_ns_ = wall_ns - static_cast<std::int64_t>(session.tick()) * session.spec_.step_ns;
    session.state_ = state == State::running ? State::paused : state;
    session.base_.at_ns = clock_.monotonic_ns();
  }
  hold_at_birth(run.session, session.tick(), [&] {
    engine::HoldOp hold;
    hold.track = &session.seat_.track;
    hold.at_tick = session.tick();
    engine_.serve(session.seat_, hold);
  });
  if (end == engine::TrackEnd::failed && state != State::failed) {
    settle(session);
  } else if (state == State::running) {
    if (auto resumed = do_control(session, Action::resume); !resumed)
      log_error("session", "a session came back, but cannot run: it is paused",
                {{"session", session.id_}, {"why", resumed.error().detail}});
  }
  keep(session);
  publish({"session.recovered", 0, session.id_, Value::object({{"tick", session.tick()}})});
}

}  // namespace simhost::session
