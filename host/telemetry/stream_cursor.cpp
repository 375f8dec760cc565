// Frames as a plugin's encode sees them, and what becomes of its messages.
#include <host/telemetry/stream_cursor.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include <host/base/clock.hpp>

namespace simhost::telemetry {

namespace {

constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();
constexpr std::uint16_t normal_closure = 1000;

Demand demand_of(const StreamSpec& spec, std::uint32_t lanes) {
  const auto reads = spec.sees == StreamSpec::Sees::each ? Reads::every : Reads::newest;
  return {{spec.vars, tiles_of({}, lanes)}, reads, 1e9 / static_cast<double>(spec.period_ns)};
}

}  // namespace

StreamCursor::StreamCursor(Desk& desk, StreamPointer stream, session::SessionPointer session)
    : Cursor(demand_of(stream->spec_, session->lanes())),
      desk_(desk),
      stream_(std::move(stream)),
      session_(std::move(session)) {
  refresh();
}

void StreamCursor::add(StreamClientPointer client) {
  using Count = std::atomic<std::uint64_t>;
  client->fresh_ = true;
  client->slot_ =
      std::make_shared<Slot>(Slot{0, Policy::drop_oldest, std::shared_ptr<Count>(session_, &session_->dropped)});
  clients_.push_back(std::move(client));
}

void StreamCursor::remove(const StreamClient& client) {
  std::erase_if(clients_, [&](const auto& c) { return c.get() == &client; });
}

void StreamCursor::refresh() {
  const auto info = session_->info();
  name_ = info.name.empty() ? info.id : info.name;
  start_wall_ns_ = info.start_wall_ns;
}

std::int64_t StreamCursor::due_ns() const { return next_ns_; }

void StreamCursor::set(Picture& picture, const Sample& sample) {
  const std::size_t lanes = session_->lanes();
  const std::size_t columns = demand().selection.ids.size();
  picture.values.assign(sample.values, sample.values + columns * lanes);
  picture.columns.resize(columns);
  for (std::size_t c = 0; c < columns; ++c) picture.columns[c] = picture.values.data() + c * lanes;
  picture.view = {sizeof(sim_view),
                  static_cast<std::uint32_t>(lanes),
                  static_cast<std::uint32_t>(columns),
                  0,
                  {name_.data(), name_.size()},
                  start_wall_ns_,
                  sample.tick,
                  sample.time_s,
                  seconds_of(session_->step_ns()),
                  picture.columns.data()};
}

void StreamCursor::take(const Sample& sample) {
  const bool again = has_shown_ && sample.tick == last_tick_;
  if (!again && is_due(sample.tick, session_->step_ns(), stream_->spec_.period_ns)) show(sample);
}

// Time that went back (reset, restore) has no frame before.
void StreamCursor::show(const Sample& sample) {
  std::swap(before_, now_);
  before_.view.session = {name_.data(), name_.size()};
  set(now_, sample);
  const bool follows = has_shown_ && sample.tick >= last_tick_;
  has_shown_ = true;
  last_tick_ = sample.tick;
  encode(follows ? &before_.view : nullptr, now_.view, For::all);
  say_notices();
}

void StreamCursor::hear(const Notice& notice) {
  notices_.push_back(notice);
  if (notices_.size() > MessageList::messages_max) notices_.pop_front();
  say_notices();
}

// When a session began is known with its second frame: what was found in the first one waits for that.
void StreamCursor::say_notices() {
  if (!has_shown_ || last_tick_ == 0) return;
  for (const auto& notice : std::exchange(notices_, {}))
    say_to_each(For::seen, [&](std::uint32_t variant, MessageList& list) {
      stream_->encoder_->notice(now_.view, notice, variant, list);
    });
}

void StreamCursor::serve(std::int64_t now_ns, const Newest& newest) {
  clock_ns_ = now_ns == never_ns ? clock_ns_ : now_ns;
  const auto& spec = stream_->spec_;
  if (now_ns != never_ns) next_ns_ = next_multiple(now_ns, class_of(spec.period_ns));
  const bool is_fresh = std::ranges::any_of(clients_, [](const auto& c) { return is_for(*c, For::fresh); });
  if (spec.sees == StreamSpec::Sees::each) {  // who comes between two frames has the one before
    if (is_fresh && has_shown_) show_again();
    return;
  }
  if (now_ns != never_ns) next_ns_ = round_up(next_multiple(now_ns, spec.period_ns), class_of(spec.period_ns));
  if (newest.serial == 0) return;
  if (newest.serial != shown_serial_) {
    shown_serial_ = newest.serial;
    show({newest.frame->tick, newest.frame->time_s, 0, values_of(*newest.frame)});
  } else if (is_fresh) {
    show_again();
  }
}

void StreamCursor::show_again() {
  now_.view.session = {name_.data(), name_.size()};  // may have been renamed meanwhile
  encode(nullptr, now_.view, For::fresh);
}

void StreamCursor::encode(const sim_view* prev, const sim_view& now, For whom) {
  say_to_each(whom, [&](std::uint32_t variant, MessageList& list) {
    desk_.counters.encodes.fetch_add(1, std::memory_order_relaxed);
    stream_->encoder_->encode(prev, now, variant, list);
  });
}

bool StreamCursor::is_for(const StreamClient& client, For whom) noexcept {
  if (whom == For::last) return true;
  return client.inside_ && (whom == For::all || client.fresh_ == (whom == For::fresh));
}

void StreamCursor::say_to_each(For whom, const Say& say) {
  std::set<std::uint32_t> variants;
  for (const auto& client : clients_)
    if (is_for(*client, whom)) variants.insert(client->variant());
  for (const auto variant : variants) {
    if (stream_->failed_) return;
    MessageList list;
    const auto before_ns = system_clock().monotonic_ns();
    say(variant, list);
    const auto took_ns = system_clock().monotonic_ns() - before_ns;
    desk_.counters.encode_ns.fetch_add(static_cast<std::uint64_t>(took_ns), std::memory_order_relaxed);
    hand_out(list, variant, whom);
    stream_->judge(took_ns, session_->lanes());
  }
}

void StreamCursor::hand_out(const MessageList& list, std::uint32_t variant, For whom) {
  for (const auto& client : clients_) {
    if (client->variant() != variant || client->gone_ || !is_for(*client, whom)) continue;
    if (whom != For::last) client->fresh_ = false;
    for (const auto& message : list.messages()) {
      if (whom == For::last)
        static_cast<void>(stream_->push(*client, message));
      else
        stream_->deliver(*client, message, desk_, clock_ns_);
    }
    if (list.closing()) stream_->close(*client, list.closing()->code, list.closing()->reason);
  }
}

namespace {

std::uint32_t state_of(Ending ending) noexcept {
  if (ending == Ending::deleted) return 0;
  return ending == Ending::failed ? SIM_STATE_FAILED : SIM_STATE_STOPPED;
}

}  // namespace

void StreamCursor::say_end(Ending ending) {
  const auto text = [](const std::string& from) { return sim_text{from.data(), from.size()}; };
  const auto reason = ending == Ending::failed ? session_->info().reason : std::nullopt;
  sim_ending said{sizeof(sim_ending), state_of(ending), system_clock().wall_ns(), text(name_), {}, {}};
  if (reason) {
    said.reason_code = text(reason->code);
    said.reason_detail = text(reason->detail);
  }
  say_to_each(For::last,
              [&](std::uint32_t variant, MessageList& list) { stream_->encoder_->ended(said, variant, list); });
}

Cursor::After StreamCursor::end(Ending ending) {
  say_end(ending);
  const bool follow = stream_->spec_.at_end == StreamSpec::AtEnd::follow;
  if (follow && ending != Ending::deleted) return After::stays;
  for (const auto& client : clients_) {
    if (!follow) stream_->close(*client, normal_closure, "the session has ended");
    client->session_ = 0;
  }
  const auto clients = std::exchange(clients_, {});
  if (ended_) ended_(clients);
  return After::gone;
}

}  // namespace simhost::telemetry
