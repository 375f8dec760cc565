// The pump's loop and the doors to it.
#include <host/telemetry/pump.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <host/base/clock.hpp>

namespace simhost::telemetry {

namespace {
constexpr std::int64_t sweep_period_ns = 4'000'000;
}  // namespace

void Mailbox::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    work_.push_back(std::move(work));
  }
  came_.notify_one();
}

bool Mailbox::collect(std::int64_t until_ns, std::vector<std::function<void()>>& out) {
  using Time = std::chrono::steady_clock::time_point;
  std::unique_lock lock(mutex_);
  came_.wait_until(lock, Time(std::chrono::nanoseconds(until_ns)), [this] { return closed_ || !work_.empty(); });
  out.clear();
  out.swap(work_);
  return !closed_;
}

void Mailbox::close() {
  std::vector<std::function<void()>> rest;  // ends outside the lock: it may hold the last owner of anything
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    rest.swap(work_);
  }
  came_.notify_one();
}

Pump::Pump(session::Registry& registry, Wakes::Hook hook, PumpLimits limits)
    : registry_(registry),
      limits_(limits),
      wakes_(std::move(hook)),
      mailbox_(std::make_shared<Mailbox>()),
      books_(registry, Desk{counters_, wakes_}, limits.subscriptions,
             [box = mailbox_](std::function<void()> work) { box->post(std::move(work)); }) {
  // The registry outlives the pump, so its events go by way of the mailbox, which both keep.
  registry.on_event([this, box = mailbox_](const session::Event& event) {
    if (!event.session.empty()) box->post([this, event] { books_.heard(event); });
  });
  thread_ = std::thread([this] { run(); });
}

Pump::~Pump() {
  mailbox_->close();
  thread_.join();
}

void Pump::run() {
  std::vector<std::function<void()>> work;
  std::int64_t sweep_ns = 0;
  std::int64_t due_ns = 0;
  while (mailbox_->collect(std::min(due_ns, sweep_ns), work)) {
    const auto now_ns = system_clock().monotonic_ns();
    books_.begin(now_ns);
    for (auto& one : work) one();
    work.clear();
    if (now_ns >= sweep_ns) {
      registry_.sweep();
      sweep_ns = next_multiple(now_ns, sweep_period_ns);
    }
    due_ns = std::max(books_.turn(now_ns), next_multiple(now_ns, fastest_ns));
    wakes_.flush();
  }
}

ClientPointer Pump::open() {
  counters_.clients.fetch_add(1, std::memory_order_relaxed);
  return std::make_shared<Client>(limits_.send_queue_bytes);
}

void Pump::drop(ClientPointer client) {
  counters_.clients.fetch_sub(1, std::memory_order_relaxed);
  client->outbox().shut();
  mailbox_->post([this, client = std::move(client)] { books_.drop(client); });
}

void Pump::subscribe(ClientPointer client, SubscribeRequest request, Books::Answered answered) {
  mailbox_->post([this, client = std::move(client), request = std::move(request), answered = std::move(answered)] {
    books_.subscribe(client, request, answered);
  });
}

void Pump::unsubscribe(ClientPointer client, std::uint32_t id, std::function<void(Outcome)> answered) {
  mailbox_->post([this, client = std::move(client), id, answered = std::move(answered)] {
    answered(books_.unsubscribe(client, id));
  });
}

void Pump::want(session::SessionPointer session, Selection selection) {
  mailbox_->post(
      [this, session = std::move(session), selection = std::move(selection)] { books_.want(session, selection); });
}

void Pump::add(session::SessionPointer session, std::unique_ptr<Cursor> cursor, std::function<void(Outcome)> answered) {
  auto shared = std::make_shared<std::unique_ptr<Cursor>>(std::move(cursor));  // std::function copies
  mailbox_->post([this, session = std::move(session), shared, answered = std::move(answered)] {
    answered(books_.add(session, std::move(*shared)));
  });
}

void Pump::remove(session::SessionPointer session, const Cursor* cursor, std::function<void()> dropped) {
  mailbox_->post([this, session = std::move(session), cursor, dropped = std::move(dropped)] {
    books_.remove(session, *cursor);
    dropped();
  });
}

void Pump::catch_up(session::SessionPointer session, std::function<void()> done) {
  mailbox_->post([this, session = std::move(session), done = std::move(done)] {
    books_.catch_up(*session);
    done();
  });
}

void Pump::when_published(session::SessionPointer session, std::function<void()> done) {
  mailbox_->post(
      [this, session = std::move(session), done = std::move(done)] { books_.when_published(*session, done); });
}

StreamPointer Pump::open_stream(StreamSpec spec, std::shared_ptr<StreamEncoder> encoder) {
  auto stream = std::make_shared<Stream>(std::move(spec), std::move(encoder));
  mailbox_->post([this, stream] { books_.open_stream(stream); });
  return stream;
}

void Pump::exchange_stream(StreamPointer stream, Books::Exchange exchange, std::function<void()> done) {
  mailbox_->post([this, stream = std::move(stream), exchange = std::move(exchange), done = std::move(done)] {
    books_.exchange_stream(stream, exchange);
    done();
  });
}

void Pump::close_stream(StreamPointer stream, std::uint16_t code, std::string reason, std::function<void()> done) {
  mailbox_->post([this, stream = std::move(stream), code, reason = std::move(reason), done = std::move(done)] {
    books_.close_stream(stream, code, reason);
    done();
  });
}

StreamClientPointer Pump::join(const StreamPointer& stream, std::uint32_t variant) {
  counters_.clients.fetch_add(1, std::memory_order_relaxed);
  auto client = std::make_shared<StreamClient>(next_client_.fetch_add(1), variant, limits_.send_queue_bytes);
  stream->keep(client);
  mailbox_->post([this, stream, client] { books_.join(stream, client); });
  return client;
}

Outcome Pump::follow(StreamPointer stream, StreamClientPointer client, session::SessionPointer session) {
  if (client->gone_) return fail("wrong_state", "the client is gone");
  client->session_ = session != nullptr ? session->handle() : 0;
  mailbox_->post([this, stream = std::move(stream), client = std::move(client), session = std::move(session)] {
    books_.follow(stream, client, session);
  });
  return {};
}

void Pump::leave(StreamPointer stream, StreamClientPointer client) {
  if (client->gone_.exchange(true) && stream->find(client->id()) == nullptr) return;
  counters_.clients.fetch_sub(1, std::memory_order_relaxed);
  client->outbox().shut();
  mailbox_->post([this, stream = std::move(stream), client = std::move(client)] { books_.leave(stream, client); });
}

}  // namespace simhost::telemetry
