// Subscriptions: made, shared, ended; feeds: made, served, let go.
#include <host/telemetry/books.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>

namespace simhost::telemetry {

namespace {
constexpr std::int64_t upkeep_period_ns = 100'000'000;

bool same_fields(const Schema& a, const Schema& b) {
  return std::ranges::equal(a.fields, b.fields, [](const Field& x, const Field& y) {
    return x.name == y.name && x.unit == y.unit && x.type == y.type && x.enum_names == y.enum_names;
  });
}

std::optional<Ending> ending_of(std::string_view state) {
  if (state == "stopped") return Ending::stopped;
  if (state == "failed") return Ending::failed;
  return {};
}
}  // namespace

Result<double> grant_rate(std::size_t values, Mode mode, double rate_hz, double ticks_per_s) {
  const auto count = static_cast<double>(values);
  if (mode != Mode::all)
    return std::min(rate_hz, limits::stream_values_per_s / (mode == Mode::minmax ? 3 * count : count));
  if (count * ticks_per_s <= limits::stream_values_per_s) return rate_hz;
  const std::string detail =
      "every tick of these fields and lanes is more than 2000000 values/s; ask for fewer, or for mode latest";
  return fail(Error{"limit_reached", detail, {{"/mode", "limit_reached", detail}}, 422});
}

Books::Books(session::Registry& registry, Desk desk, std::size_t subscriptions_max, Feed::Post post)
    : registry_(registry), desk_(desk), subscriptions_max_(subscriptions_max), post_(std::move(post)) {}

Books::Entry* Books::find(std::uint64_t session) {
  const auto at = feeds_.find(session);
  return at == feeds_.end() ? nullptr : &at->second;
}

Books::Entry& Books::entry_of(const session::SessionPointer& session) {
  Entry& entry = feeds_[session->handle()];
  if (entry.feed == nullptr) {
    entry.feed = std::make_unique<Feed>(registry_, session, post_);
    handles_[session->id()] = session->handle();
  }
  return entry;
}

Outcome Books::check(const ClientPointer& client, const SubscribeRequest& request) const {
  const auto mine = subscriptions_.find(client.get());
  if (mine != subscriptions_.end()) {
    if (mine->second.contains(request.id)) {
      const std::string detail = "subscription " + std::to_string(request.id) + " is in use on this socket";
      return fail({"id_taken", detail, {{"/id", "id_taken", detail}}});
    }
    if (mine->second.size() >= subscriptions_max_)
      return fail("limit_reached", "a socket holds at most " + std::to_string(subscriptions_max_) + " subscriptions");
  }
  if (request.session->ended())
    return fail(
        {"unknown_session", "the session is deleted", {{"/session", "unknown_session", "the session is deleted"}}});
  return {};
}

Line* Books::find_line(const Entry& entry, const Selection& selection, const Schema& schema, Line::Kind kind) {
  const auto at = std::ranges::find_if(entry.lines, [&](Line* line) {
    return line->kind() == kind && line->demand().selection == selection && same_fields(line->schema(), schema);
  });
  return at == entry.lines.end() ? nullptr : *at;
}

Result<Line*> Books::line_for(Entry& entry, const SubscribeRequest& request, SchemaPointer schema) {
  Selection selection{request.ids, tiles_of(request.lanes, request.session->lanes())};
  if (Line* line = find_line(entry, selection, *schema, request.kind)) return line;
  auto line = std::make_unique<Line>(desk_, std::move(selection), std::move(schema), request.kind);
  line->set_rate(request.rate_hz);
  if (auto admitted = entry.feed->admits(line->demand()); !admitted) return fail(admitted.error());
  entry.lines.push_back(line.get());
  entry.feed->add(std::move(line));
  return entry.lines.back();
}

SubscriptionPointer Books::make_subscription(const ClientPointer& client, const SubscribeRequest& request,
                                             double rate_hz) {
  using Count = std::atomic<std::uint64_t>;
  auto subscription = std::make_shared<Subscription>();
  subscription->client = client;
  const auto policy = request.kind.mode == Mode::latest ? Policy::newest : Policy::drop_oldest;
  const auto& session = request.session;
  subscription->slot =
      std::make_shared<Slot>(Slot{request.id, policy, std::shared_ptr<Count>(session, &session->dropped)});
  subscription->period_ns = period_of(rate_hz);
  subscription->session = session->handle();
  subscription->tell = request.ended;
  subscription->ended = [this, weak = std::weak_ptr(client), id = request.id, tell = request.ended](Ending ending) {
    if (const auto alive = weak.lock()) over(alive, id);
    if (tell) tell(ending);
  };
  return subscription;
}

void Books::subscribe(const ClientPointer& client, SubscribeRequest request, const Answered& answered) {
  if (auto checked = check(client, request); !checked) return answered(fail(checked.error()));
  const auto& session = *request.session;
  const auto lanes = tiles_of(request.lanes, session.lanes());
  const std::size_t values = request.ids.size() * Selection{{}, lanes}.lanes();
  const auto rate_hz = grant_rate(values, request.kind.mode, request.rate_hz, ticks_per_s(session));
  if (!rate_hz) return answered(fail(rate_hz.error()));
  auto schema = std::make_shared<const Schema>(make_schema(session.model()->descriptor, request.ids,
                                                           static_cast<std::uint32_t>(Selection{{}, lanes}.lanes()),
                                                           seconds_of(session.step_ns())));
  Entry& entry = entry_of(request.session);
  const auto line = line_for(entry, request, schema);
  if (!line) return answered(fail(line.error()));
  auto subscription = make_subscription(client, request, *rate_hz);
  subscription->begin = [answered,
                         granted = Granted{*rate_hz, 0, schema, lanes_of(lanes)}](std::uint64_t tick) mutable {
    granted.tick = tick;
    answered(std::move(granted));
  };
  if (request.kind.mode == Mode::latest) telemetry::begin(*subscription, session.tick());
  subscriptions_[client.get()][request.id] = subscription;
  (*line)->add(subscription, now_ns_);
  entry.feed->enter(*client);
  entry.feed->update(now_ns_);
  if (const auto ending = ending_of(session::to_string(session.state()))) leaving_.push_back({subscription, *ending});
}

Outcome Books::unsubscribe(const ClientPointer& client, std::uint32_t id) {
  const auto mine = subscriptions_.find(client.get());
  if (mine == subscriptions_.end() || !mine->second.contains(id)) {
    const std::string detail = "no subscription " + std::to_string(id) + " on this socket";
    return fail({"unknown_reference", detail, {{"/id", "unknown_reference", detail}}});
  }
  const auto subscription = mine->second.at(id);
  telemetry::begin(*subscription, find(subscription->session)->feed->session()->tick());
  client->outbox().forget(*subscription->slot);
  release(*subscription);
  forget(client, id);
  return {};
}

// Takes it out of its line, and an empty line out of its feed.
void Books::release(const Subscription& subscription) {
  Entry* entry = find(subscription.session);
  if (entry == nullptr) return;
  Line* line = subscription.line;
  line->remove(subscription);
  if (!line->empty()) return;
  std::erase(entry->lines, line);
  entry->feed->remove(*line);
}

void Books::forget(const ClientPointer& client, std::uint32_t id) {
  const auto mine = subscriptions_.find(client.get());
  if (mine == subscriptions_.end()) return;
  const auto at = mine->second.find(id);
  if (at == mine->second.end()) return;
  if (Entry* entry = find(at->second->session)) entry->feed->leave(*client);
  mine->second.erase(at);
  if (mine->second.empty()) subscriptions_.erase(mine);
}

void Books::drop(const ClientPointer& client) {
  client->outbox().shut();
  const auto mine = subscriptions_.find(client.get());
  if (mine == subscriptions_.end()) return;
  for (const auto& [id, subscription] : std::map(mine->second)) {
    release(*subscription);
    forget(client, id);
  }
}

void Books::want(const session::SessionPointer& session, const Selection& selection) {
  if (session->ended()) return;
  Entry& entry = entry_of(session);
  entry.feed->want(selection, now_ns_ + limits::wanted_ns);
  entry.feed->update(now_ns_);
}

Outcome Books::add(const session::SessionPointer& session, std::unique_ptr<Cursor> cursor) {
  if (session->ended()) return fail("not_found", "the session is deleted");
  Entry& entry = entry_of(session);
  if (auto admitted = entry.feed->admits(cursor->demand()); !admitted) return admitted;
  entry.feed->add(std::move(cursor));
  entry.feed->update(now_ns_);
  return {};
}

void Books::remove(const session::SessionPointer& session, const Cursor& cursor) {
  if (Entry* entry = find(session->handle())) entry->feed->remove(cursor);
}

void Books::catch_up(const session::Session& session) {
  if (Entry* entry = find(session.handle())) entry->feed->catch_up();
}

void Books::when_published(const session::Session& session, std::function<void()> done) {
  Entry* entry = find(session.handle());
  entry == nullptr ? done() : entry->feed->when_published(std::move(done));
}

void Books::heard(const session::Event& event) {
  const auto at = handles_.find(event.session);
  if (at == handles_.end()) return;
  const auto session = at->second;
  if (event.type == "session.deleted") return end(session, Ending::deleted);
  if (event.type == "session.state") {
    const Value* to = event.data.find("to");
    if (const auto ending = to != nullptr ? ending_of(to->string()) : std::nullopt) end(session, *ending);
  }
  if (Entry* entry = find(session)) {
    entry->feed->refresh();
    entry->feed->update(now_ns_);
  }
}

void Books::end(std::uint64_t session, Ending ending) {
  Entry* entry = find(session);
  if (entry == nullptr) return;
  entry->feed->end(ending);
  if (ending != Ending::deleted || !entry->feed->cursors().empty()) return;
  handles_.erase(entry->feed->session()->id());
  feeds_.erase(session);
}

// Its line ends with its session: the feed lets go of it.
void Books::over(const ClientPointer& client, std::uint32_t id) {
  const auto mine = subscriptions_.find(client.get());
  if (mine == subscriptions_.end()) return;
  const auto at = mine->second.find(id);
  if (at == mine->second.end()) return;
  if (Entry* entry = find(at->second->session)) std::erase(entry->lines, at->second->line);
  forget(client, id);
}

bool Books::is_here(const SubscriptionPointer& subscription) const {
  const auto mine = subscriptions_.find(subscription->client.get());
  if (mine == subscriptions_.end()) return false;
  const auto at = mine->second.find(subscription->slot->id);
  return at != mine->second.end() && at->second == subscription;
}

// Those that came to a session which had ended already go once they have had its frame.
void Books::let_go() {
  std::erase_if(leaving_, [this](const Leaving& leaving) {
    if (!is_here(leaving.subscription)) return true;
    const auto& s = *leaving.subscription;
    const bool latest = s.line->kind().mode == Mode::latest;
    if (latest ? s.seen == 0 : !s.line->started()) return false;
    if (!latest) s.line->serve(std::numeric_limits<std::int64_t>::max(), {});
    release(s);
    forget(s.client, s.slot->id);
    if (s.tell) s.tell(leaving.ending);
    return true;
  });
}

std::int64_t Books::turn(std::int64_t now_ns) {
  now_ns_ = now_ns;
  std::int64_t due = std::numeric_limits<std::int64_t>::max();
  for (auto& [handle, entry] : feeds_) {
    entry.feed->serve(now_ns);
    due = std::min(due, entry.feed->due_ns());
  }
  if (!leaving_.empty()) let_go();
  if (now_ns >= upkeep_ns_) upkeep(now_ns);
  return std::min(due, upkeep_ns_);
}

void Books::upkeep(std::int64_t now_ns) {
  upkeep_ns_ = next_multiple(now_ns, upkeep_period_ns);
  for (auto& [handle, entry] : feeds_) entry.feed->update(now_ns);
  std::erase_if(feeds_, [this](auto& item) {
    Feed& feed = *item.second.feed;
    const bool over = feed.idle() || (feed.session()->ended() && feed.cursors().empty());
    if (over) handles_.erase(feed.session()->id());
    return over;
  });
  for (const auto& stream : streams_) say_idle(*stream, now_ns);
}

}  // namespace simhost::telemetry
