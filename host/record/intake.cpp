// Frames to batches, and batches to the writer.
#include <host/record/intake.hpp>

#include <limits>
#include <utility>

namespace simhost::record {

namespace {
constexpr std::int64_t flush_period_ns = 100'000'000;
constexpr std::size_t flush_bytes = 1 << 20;
}  // namespace

bool Intake::push(Batch batch) {
  if (bytes_.load() >= bytes_max_) return false;
  const std::lock_guard lock(mutex_);
  bytes_.fetch_add(batch.bytes());
  batches_.push_back(std::move(batch));
  return true;
}

void Intake::end(std::string why) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(ended_, true)) why_ = std::move(why);
}

Intake::Taken Intake::take() {
  const std::lock_guard lock(mutex_);
  bytes_.store(0);
  return {std::exchange(batches_, {}), ended_, why_};
}

RecordCursor::RecordCursor(CursorPlan plan, std::shared_ptr<Intake> intake)
    : Cursor({plan.selection, telemetry::Reads::every, 10, telemetry::Loss::none}),
      plan_(std::move(plan)),
      intake_(std::move(intake)),
      has_rows_(plan_.last_tick >= 0),
      repeats_(has_rows_) {}

RecordCursor::~RecordCursor() {
  flush();
  intake_->end("");
}

// A session that comes back begins at its last kept tick and does the same again until it is where the recording is.
// Time that goes back meanwhile is a reset by somebody.
bool RecordCursor::is_repeated(std::int64_t tick) {
  repeats_ = repeats_ && tick <= plan_.last_tick && tick >= seen_tick_;
  seen_tick_ = tick;
  return repeats_;
}

// A row per tick: what is published again while the session stands is the tick that is there already. Time that goes
// back (reset, restore) goes on from there.
void RecordCursor::take(const telemetry::Sample& sample) {
  if (!std::exchange(begun_, true) && plan_.begun) plan_.begun();
  const auto tick = static_cast<std::int64_t>(sample.tick);
  lapped_ = lapped_ || sample.lost > 0;
  if (full_ || is_repeated(tick) || tick % plan_.every_ticks != 0 || (has_rows_ && tick == plan_.last_tick)) return;
  if (!has_rows_) plan_.from_s = sample.time_s;
  if (plan_.max_s > 0 && sample.time_s - plan_.from_s > plan_.max_s) {
    full_ = true;
    flush();
    return intake_->end("max_s");
  }
  note_gap(sample);
  keep(sample);
}

// The ticks between the last row and this one, where one of them should have been a row.
void RecordCursor::note_gap(const telemetry::Sample& sample) {
  const auto every = static_cast<std::int64_t>(plan_.every_ticks);
  const auto tick = static_cast<std::int64_t>(sample.tick);
  const auto reason =
      std::exchange(lapped_, false) ? std::string("lapped") : std::exchange(plan_.gap_reason, "skipped");
  if (!has_rows_ || tick <= plan_.last_tick + every) return;
  flush();
  const Gap gap{plan_.last_tick + every, tick - every, reason};
  batch_.before = batch_.before ? Gap{batch_.before->from_tick, gap.to_tick, batch_.before->reason} : gap;
}

void RecordCursor::keep(const telemetry::Sample& sample) {
  batch_.ticks.push_back(static_cast<std::int64_t>(sample.tick));
  batch_.times_s.push_back(sample.time_s);
  batch_.values.insert(batch_.values.end(), sample.values, sample.values + demand().selection.values());
  plan_.last_tick = static_cast<std::int64_t>(sample.tick);
  has_rows_ = true;
  if (batch_.bytes() >= flush_bytes) flush();
}

// What finds no room is a gap before the next batch.
void RecordCursor::flush() {
  if (batch_.empty()) return;
  const std::int64_t first = batch_.before ? batch_.before->from_tick : batch_.ticks.front();
  const std::int64_t last = batch_.ticks.back();
  const bool kept = intake_->push(std::exchange(batch_, {}));
  if (!kept) batch_.before = Gap{first, last, "queue_full"};
}

void RecordCursor::serve(std::int64_t now_ns, const telemetry::Newest&) {
  flush();
  if (now_ns != std::numeric_limits<std::int64_t>::max()) next_ns_ = telemetry::next_multiple(now_ns, flush_period_ns);
}

telemetry::Cursor::After RecordCursor::end(telemetry::Ending ending) {
  flush();
  intake_->end(std::string(to_string(ending)));
  return After::gone;
}

}  // namespace simhost::record
