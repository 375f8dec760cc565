// Flushes of lines: when they are due, what they send, to whom.
#include <host/telemetry/line.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace simhost::telemetry {

namespace {

Demand demand_of(Selection selection, Mode mode) {
  return {std::move(selection), mode == Mode::latest ? Reads::newest : Reads::every, 1};
}

// Adds the time it took to the counters.
template <class Work>
MessagePointer timed(Counters& counters, Work work) {
  const auto before = std::chrono::steady_clock::now();
  auto message = work();
  const auto took = std::chrono::steady_clock::now() - before;
  counters.encodes.fetch_add(1, std::memory_order_relaxed);
  counters.encode_ns.fetch_add(static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()),
                               std::memory_order_relaxed);
  return message;
}

}  // namespace

std::string_view to_string(Ending ending) noexcept {
  constexpr std::string_view names[] = {"stopped", "failed", "deleted"};
  return names[static_cast<std::size_t>(ending)];
}

void begin(Subscription& subscription, std::uint64_t tick) {
  if (const auto answer = std::exchange(subscription.begin, nullptr)) answer(tick);
}

Line::Line(Desk& desk, Selection selection, SchemaPointer schema, Kind kind)
    : Cursor(demand_of(std::move(selection), kind.mode)), desk_(desk), schema_(std::move(schema)), kind_(kind) {}

void Line::add(SubscriptionPointer subscription, std::int64_t now_ns) {
  subscription->line = this;
  const auto period_ns = subscription->period_ns;
  auto at = std::ranges::find(tempos_, period_ns, &Tempo::period_ns);
  if (at == tempos_.end()) {
    tempos_.push_back({period_ns, next_multiple(now_ns, period_ns), Batch(kind_.mode, schema_->values()), {}});
    at = tempos_.end() - 1;
  } else if (!at->batch.empty()) {
    flush(*at);  // what came before is not for the newcomer
  }
  greet(*subscription);
  at->subscriptions.push_back(std::move(subscription));
  if (kind_.mode == Mode::latest) ++fresh_;
  update_rate();
}

void Line::remove(const Subscription& subscription) {
  for (auto& tempo : tempos_)
    if (std::erase_if(tempo.subscriptions, [&](const auto& s) { return s.get() == &subscription; }) > 0 &&
        kind_.mode == Mode::latest && subscription.seen == 0)
      --fresh_;
  std::erase_if(tempos_, [](const Tempo& tempo) { return tempo.subscriptions.empty(); });
  update_rate();
}

void Line::update_rate() {
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
  for (const auto& tempo : tempos_) shortest = std::min(shortest, tempo.period_ns);
  set_rate(1e9 / static_cast<double>(shortest));
}

std::vector<SubscriptionPointer> Line::subscriptions() const {
  std::vector<SubscriptionPointer> all;
  for (const auto& tempo : tempos_) all.insert(all.end(), tempo.subscriptions.begin(), tempo.subscriptions.end());
  return all;
}

std::int64_t Line::due_ns() const {
  if (fresh_ > 0) return 0;
  std::int64_t due = std::numeric_limits<std::int64_t>::max();
  for (const auto& tempo : tempos_) due = std::min(due, round_up(tempo.due_ns, class_of(tempo.period_ns)));
  return due;
}

void Line::take(const Sample& sample) {
  begin_all(sample.tick);
  last_ = sample;
  last_values_.assign(sample.values, sample.values + schema_->values());
  for (auto& tempo : tempos_) {
    if (!tempo.batch.takes(sample)) flush(tempo);
    tempo.batch.add(sample);
    if (tempo.batch.full()) flush(tempo);
  }
}

// Whoever joins readers of every tick has the present one first, as the first of them had.
void Line::greet(Subscription& newcomer) {
  if (kind_.mode == Mode::latest) return;
  if (last_values_.empty()) {
    some_wait_ = true;
    return;
  }
  begin(newcomer, last_.tick);
  Batch one(kind_.mode, schema_->values());
  one.add({last_.tick, last_.time_s, 0, last_values_.data()});
  desk_.deliver(*newcomer.client, newcomer.slot, one.flush(*schema_, kind_.format));
}

void Line::begin_all(std::uint64_t tick) {
  if (!std::exchange(some_wait_, false)) return;
  for (const auto& s : subscriptions()) begin(*s, tick);
}

void Line::flush(Tempo& tempo) {
  const auto message = timed(desk_.counters, [&] { return tempo.batch.flush(*schema_, kind_.format); });
  for (const auto& s : tempo.subscriptions) desk_.deliver(*s->client, s->slot, message);
}

const MessagePointer& Line::newest_message(const Newest& newest) {
  if (newest_serial_ == newest.serial) return newest_;
  newest_serial_ = newest.serial;
  newest_ = timed(desk_.counters, [&] {
    const double* values = values_of(*newest.frame);
    const Rows rows{{&newest.frame->tick, 1}, {&newest.frame->time_s, 1}, {values, schema_->values()}};
    return std::make_shared<const Message>(encode(*schema_, kind_.format, Mode::latest, rows));
  });
  return newest_;
}

void Line::send_newest(Tempo& tempo, const Newest& newest, std::int64_t now_ns) {
  const bool due = now_ns >= tempo.due_ns;
  for (const auto& s : tempo.subscriptions) {
    if (s->seen == newest.serial || (!due && s->seen != 0)) continue;
    if (!desk_.deliver(*s->client, s->slot, newest_message(newest))) continue;
    if (s->seen == 0) --fresh_;
    s->seen = newest.serial;
  }
}

void Line::serve(std::int64_t now_ns, const Newest& newest) {
  for (auto& tempo : tempos_) {
    if (kind_.mode == Mode::latest) {
      if (newest.serial > 0) send_newest(tempo, newest, now_ns);
    } else if (now_ns >= tempo.due_ns && !tempo.batch.empty()) {
      flush(tempo);
    }
    if (now_ns >= tempo.due_ns && now_ns != std::numeric_limits<std::int64_t>::max())
      tempo.due_ns = next_multiple(now_ns, tempo.period_ns);
  }
}

Cursor::After Line::end(Ending ending) {
  for (const auto& s : subscriptions()) {
    begin(*s, last_.tick);
    if (s->ended) s->ended(ending);
  }
  return After::gone;
}

}  // namespace simhost::telemetry
