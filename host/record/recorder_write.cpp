// The writer's thread of the recorder: recordings from their first sample to their last file.
#include <algorithm>
#include <utility>

#include <host/base/log.hpp>
#include <host/record/parquet_module.hpp>
#include <host/record/recorder.hpp>

namespace simhost::record {

namespace {

constexpr std::int64_t age_period_ns = 60'000'000'000;
constexpr std::uint64_t quota_room_min = 4096;  // with less, going on would be waiting again at once

Error disk_full(std::string detail) { return {"disk_full", std::move(detail)}; }

}  // namespace

std::uint64_t Recorder::used_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [id, entry] : entries_) sum += entry->recording->bytes();
  return sum;
}

Outcome Recorder::check_room() const {
  const auto free = free_bytes(options_.folder);
  if (!free) return fail(free.error());
  if (*free <= options_.reserve_bytes)
    return fail(disk_full("the disk of the recordings has " + std::to_string(*free) + " bytes left, and " +
                          std::to_string(options_.reserve_bytes) + " are kept free (recordings.reserve_bytes)"));
  if (options_.quota_bytes > 0 && used_bytes() + quota_room_min >= options_.quota_bytes)
    return fail(disk_full("all recordings together have reached recordings.quota_bytes, " +
                          std::to_string(options_.quota_bytes) + "; delete some"));
  return {};
}

Outcome Recorder::check_create(const Request& request) const {
  if (!request.name.empty() && entry(request.name) != nullptr) {
    const std::string detail = "another recording is named " + request.name;
    return fail({"name_taken", detail, {{"/name", "name_taken", detail}}});
  }
  const auto open = std::ranges::count_if(entries_, [](const auto& e) { return e.second->recording->is_open(); });
  if (static_cast<std::size_t>(open) >= options_.open_max)
    return fail("limit_reached", "at most " + std::to_string(options_.open_max) + " recordings are open at a time");
  if (entries_.size() >= options_.kept_max)
    return fail("limit_reached", "at most " + std::to_string(options_.kept_max) + " recordings are kept; delete some");
  for (const auto& [id, other] : entries_)
    if (other->recording->state() == State::waiting) return fail(disk_full(other->recording->info().reason));
  return check_room();
}

void Recorder::do_create(const session::SessionPointer& session, const Request& request, const Done<Info>& done) {
  if (auto checked = check_create(request); !checked) return done(fail(checked.error()));
  About about = make_about(request, *session, options_.host_version);
  about.id = ids_.next();
  about.created_wall_ns = clock_.wall_ns();
  Info info;
  info.about = std::make_shared<const About>(std::move(about));
  info.max_bytes = request.max_bytes;
  info.max_s = request.max_s;
  const auto folder = options_.folder / info.about->id;
  auto made = Recording::create(folder, std::move(info));
  if (!made) return done(fail(made.error()));
  auto entry = std::make_shared<Entry>();
  entry->recording = std::move(*made);
  entry->session = session;
  entry->starting = done;
  publish(*entry);
  {
    const std::lock_guard lock(mutex_);
    entries_[entry->shown.about->id] = entry;
  }
  attach(entry, "skipped");
  if (entry->shown.about->format == Format::parquet) fetch_module(entry);
}

// While the first samples come: a host that cannot write Parquet says so now, not when the first journal is full.
void Recorder::fetch_module(const EntryPointer& entry) {
  converting_->post([this, entry] {
    const auto module = parquet_module();
    if (module) return;
    post([this, entry, why = module.error()] {
      if (entry->gone || !entry->recording->is_open()) return;
      entry->recording->fail_with(why, clock_.wall_ns());
      serve(entry, clock_.monotonic_ns());
    });
  });
}

void Recorder::attach(const EntryPointer& entry, std::string gap_reason) {
  const auto info = entry->recording->info();
  CursorPlan plan;
  for (const auto& column : info.about->columns) plan.selection.ids.push_back(column.id);
  plan.selection.tiles = telemetry::tiles_of(info.about->lanes, entry->session->lanes());
  plan.every_ticks = info.about->every_ticks;
  plan.max_s = info.max_s;
  plan.from_s = info.from_s;
  plan.last_tick = info.rows > 0 ? info.last_tick : -1;
  plan.gap_reason = std::move(gap_reason);
  plan.begun = [this, weak = std::weak_ptr(entry)] {
    post([this, weak] {
      if (const auto alive = weak.lock()) begun(alive);
    });
  };
  entry->intake = std::make_shared<Intake>(intake_bytes);
  auto cursor = std::make_unique<RecordCursor>(std::move(plan), entry->intake);
  entry->cursor = cursor.get();
  pump_.add(entry->session, std::move(cursor), [this, weak = std::weak_ptr(entry)](const Outcome& outcome) {
    post([this, weak, outcome] {
      if (const auto alive = weak.lock()) attached(alive, outcome);
    });
  });
}

// A recording that could not begin was never there.
void Recorder::attached(const EntryPointer& entry, const Outcome& outcome) {
  if (outcome) return;
  entry->cursor = nullptr;
  if (!entry->starting) return end(*entry, outcome.error().code, outcome.error().detail);
  const auto done = std::exchange(entry->starting, {});
  forget(entry, [done, error = outcome.error()] { done(fail(error)); });
}

void Recorder::begun(const EntryPointer& entry) {
  if (!entry->starting) return;
  say(entry->shown, "recording.started");
  std::exchange(entry->starting, {})(entry->shown);
  const auto state = entry->session != nullptr ? entry->session->state() : session::State::running;
  if (state != session::State::stopped && state != session::State::failed) return;
  // It ended before the pump had its reader: nobody will say so any more.
  entry->end_code = "session_" + std::string(session::to_string(state));
  entry->end_detail = "the session was " + std::string(session::to_string(state));
  detach(*entry);
}

void Recorder::detach(Entry& entry) {
  if (const auto* cursor = std::exchange(entry.cursor, nullptr)) pump_.remove(entry.session, cursor, [] {});
}

void Recorder::look() {
  const auto now_ns = clock_.monotonic_ns();
  for (const auto& [id, entry] : std::map(entries_))
    if (entry->recording->is_open()) serve(entry, now_ns);
  if (options_.max_age_s > 0 && now_ns - aged_ns_ >= age_period_ns) {
    aged_ns_ = now_ns;
    forget_old();
  }
}

void Recorder::serve(const EntryPointer& entry, std::int64_t now_ns) {
  if (closing_ || entry->gone) return;
  Recording& recording = *entry->recording;
  if (!entry->ending) take(*entry);
  keep_room(*entry, now_ns);
  const auto segment_ns = static_cast<std::int64_t>(options_.segment_s * 1e9);
  if (entry->ending)
    recording.close();
  else if (recording.is_due(now_ns, options_.segment_bytes, segment_ns))
    recording.roll();
  if (now_ns >= entry->convert_ns) convert_next(entry);
  if (recording.state() == State::failed) end(*entry, "", "");
  publish(*entry);
  if (entry->ending) settle(entry);
}

void Recorder::take(Entry& entry) {
  if (entry.intake == nullptr) return;
  auto taken = entry.intake->take();
  for (auto& batch : taken.batches) {
    if (entry.ending) break;
    const auto used = used_bytes(), before = entry.recording->bytes();
    const auto room =
        options_.quota_bytes > 0 ? options_.quota_bytes - std::min(options_.quota_bytes, used) : UINT64_MAX;
    entry.recording->write(std::move(batch), room);
    bytes_total_.fetch_add(entry.recording->bytes() - before);
    if (entry.recording->is_bounded_out()) end(entry, "max_bytes", "it has reached its max_bytes");
  }
  if (!taken.ended || entry.ending) return;
  if (taken.why == "max_s") return end(entry, "max_s", "it has reached its max_s");
  entry.cursor = nullptr;  // the pump has let go of it
  if (taken.why.empty()) return end(entry, std::string(entry.end_code), std::string(entry.end_detail));
  end(entry, "session_" + taken.why, "the session was " + taken.why);
}

// Once a second: on the disk what there is, and whether there is room for more. A full disk is looked at each 5 s.
void Recorder::keep_room(Entry& entry, std::int64_t now_ns) {
  Recording& recording = *entry.recording;
  if (recording.state() == State::recording && now_ns - entry.synced_ns >= options_.sync_ns) {
    entry.synced_ns = now_ns;
    recording.sync();
    if (auto room = check_room(); !room) recording.wait(room.error());
  }
  if (recording.state() != State::waiting) {
    entry.tried_ns = now_ns;
  } else if (now_ns - entry.tried_ns >= options_.retry_ns) {
    entry.tried_ns = now_ns;
    if (check_room()) recording.go_on();
  }
}

void Recorder::end(Entry& entry, std::string code, std::string detail) {
  if (std::exchange(entry.ending, true)) return;
  detach(entry);
  entry.end_code = std::move(code);
  entry.end_detail = std::move(detail);
  if (entry.starting) std::exchange(entry.starting, {})(entry.shown);
}

// Its journals are parts now; or there is no room for that, which whoever stops it is told by its state.
void Recorder::settle(const EntryPointer& entry) {
  Recording& recording = *entry->recording;
  if (recording.is_converting()) return;
  const bool stuck = recording.state() == State::waiting;
  if (recording.is_settled() && recording.is_open()) {
    recording.stop(entry->end_code, entry->end_detail, clock_.wall_ns());
    if (auto saved = recording.save(); !saved)
      log_error("record", "the end of a recording is not kept", {{"why", saved.error().detail}});
    publish(*entry);
    if (recording.needs_join()) join(entry);
  } else if (!stuck && recording.is_open()) {
    return;
  }
  for (const auto& done : std::exchange(entry->stopping, {})) done(entry->shown);
  entry->session.reset();
}

void Recorder::convert_next(const EntryPointer& entry) {
  auto conversion = entry->recording->next_conversion();
  if (!conversion) return;
  const bool taken = converting_->post([this, entry, conversion = *conversion] {
    auto part = conversion.run();
    post([this, entry, conversion, part = std::move(part)] {
      if (entry->gone) return;
      if (!part) entry->convert_ns = clock_.monotonic_ns() + options_.retry_ns;
      entry->recording->done(conversion, part);
      serve(entry, clock_.monotonic_ns());
    });
  });
  if (!taken) entry->recording->done(*conversion, fail("overloaded", "too many files wait for conversion"));
}

void Recorder::join(const EntryPointer& entry) {
  entry->joining = true;
  converting_->post([this, entry, join = entry->recording->begin_join()] {
    auto whole = join.run([this, entry](double share) {
      post([entry, share] {
        for (const auto& progress : entry->watching) progress(share);
      });
    });
    post([this, entry, whole = std::move(whole)] {
      entry->joining = false;
      entry->watching.clear();
      if (entry->gone) return;
      if (auto done = entry->recording->joined(whole); !done)
        log_warning("record", "the parts of a recording were not joined",
                    {{"recording", entry->shown.about->id}, {"why", done.error().detail}});
      publish(*entry);
      for (const auto& work : std::exchange(entry->after_join, {})) work();
    });
  });
}

Outcome Recorder::check_whole(const Entry& entry) {
  const auto& info = entry.shown;
  if (entry.gone) return fail("not_found", "the recording was deleted");
  if (info.is_open()) return fail("wrong_state", "it is still recorded; stop it, or take a finished part with ?part=");
  if (info.parts.empty()) return fail("not_found", "the recording has no file");
  if (info.parts.size() == 1) return {};
  return fail("disk_full", "there was no room to join its parts; take them one by one with ?part=");
}

void Recorder::answer_file(const EntryPointer& entry, std::optional<std::uint64_t> part, const Done<FilePlace>& done) {
  const auto& info = entry->shown;
  if (auto whole = part ? Outcome{} : check_whole(*entry); !whole) return done(fail(whole.error()));
  const auto found = std::ranges::find(info.parts, part.value_or(info.parts.empty() ? 0 : info.parts.front().number),
                                       &PartInfo::number);
  if (found == info.parts.end()) return done(fail("not_found", "the recording has no such part (yet)"));
  done(FilePlace{entry->recording->folder() / found->file, found->bytes, found->sha256, info.about->format});
}

// Its files go after what is being made of them.
void Recorder::forget(const EntryPointer& entry, std::function<void()> done) {
  end(*entry, "deleted", "it was deleted");
  entry->gone = true;
  for (const auto& told : std::exchange(entry->stopping, {})) told(fail("not_found", "the recording was deleted"));
  for (const auto& work : std::exchange(entry->after_join, {})) work();
  {
    const std::lock_guard lock(mutex_);
    entries_.erase(entry->shown.about->id);
  }
  say(entry->shown, "recording.deleted");
  converting_->post([entry, done = std::move(done)] {
    entry->recording->remove();
    done();
  });
}

void Recorder::forget_old() {
  const auto oldest = clock_.wall_ns() - static_cast<std::int64_t>(options_.max_age_s * 1e9);
  for (const auto& [id, entry] : std::map(entries_))
    if (!entry->recording->is_open() && entry->shown.ended_wall_ns < oldest) forget(entry, [] {});
}

// What it is now, for everybody; a change of state is an event, and kept.
void Recorder::publish(Entry& entry) {
  Info info = entry.recording->info();
  const State before = std::exchange(entry.said, info.state);
  {
    const std::lock_guard lock(mutex_);
    entry.shown = info;
  }
  entry.recording->drop_replaced();
  if (before == info.state) return;
  if (info.state == State::waiting || info.state == State::failed) static_cast<void>(entry.recording->save());
  say(info, info.state == State::recording ? "recording.resumed" : "recording." + std::string(to_string(info.state)));
}

void Recorder::say(const Info& info, std::string type) {
  const Value reason = info.reason_code.empty() ? Value() : Value(info.reason_code);
  registry_.publish({std::move(type), 0, info.about->session,
                     Value::object({{"recording", info.about->id},
                                    {"name", info.about->name.empty() ? Value() : Value(info.about->name)},
                                    {"state", to_string(info.state)},
                                    {"reason", reason},
                                    {"rows", info.rows}})});
}

}  // namespace simhost::record
