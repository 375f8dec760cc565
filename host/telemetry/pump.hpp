// The one thread that reads frames for everybody: it polls, encodes once, shares, and is never woken by a tick.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <host/telemetry/books.hpp>

namespace simhost::telemetry {

// Work for the pump's thread, from any thread; refused once the pump has ended.
class Mailbox {
 public:
  void post(std::function<void()> work);
  // Takes what came, waiting for it until then (of the monotonic clock). False: closed.
  bool collect(std::int64_t until_ns, std::vector<std::function<void()>>& out);
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::function<void()>> work_;
  bool closed_ = false;
};

struct PumpLimits {
  std::size_t subscriptions = limits::ws_subscriptions;        // per socket
  std::size_t send_queue_bytes = limits::ws_send_queue_bytes;  // per socket
};

// Made before any session, ended before the registry. All [any], none waits.
class Pump {
 public:
  explicit Pump(session::Registry& registry, Wakes::Hook hook = {}, PumpLimits limits = {});
  ~Pump();

  // A generic socket; drop it when it is gone.
  ClientPointer open();
  void drop(ClientPointer client);
  // answered runs on the pump's thread, before any data of the subscription.
  void subscribe(ClientPointer client, SubscribeRequest request, Books::Answered answered);
  void unsubscribe(ClientPointer client, std::uint32_t id, std::function<void(Outcome)> answered);
  // Keeps a selection published for limits::wanted_ns.
  void want(session::SessionPointer session, Selection selection);

  // Any other reader, used on the pump's thread from now on; answered there, before its first frame. It goes when its
  // end() says so or when it is removed: dropped is called when it is not used any more.
  void add(session::SessionPointer session, std::unique_ptr<Cursor> cursor, std::function<void(Outcome)> answered);
  void remove(session::SessionPointer session, const Cursor* cursor, std::function<void()> dropped);

  // done: every reader of each frame of the session has had what there was when this was called.
  void catch_up(session::SessionPointer session, std::function<void()> done);

  // done: what those want who were let in before this was called is published from now on, so that no tick goes by.
  void when_published(session::SessionPointer session, std::function<void()> done);

  // A plugin's stream. done: the encoder of before is not called any more.
  StreamPointer open_stream(StreamSpec spec, std::shared_ptr<StreamEncoder> encoder);
  void exchange_stream(StreamPointer stream, Books::Exchange exchange, std::function<void()> done);
  void close_stream(StreamPointer stream, std::uint16_t code, std::string reason, std::function<void()> done);
  StreamClientPointer join(const StreamPointer& stream, std::uint32_t variant);
  Outcome follow(StreamPointer stream, StreamClientPointer client, session::SessionPointer session);  // nullptr: none
  void leave(StreamPointer stream, StreamClientPointer client);  // its socket is gone

  [[nodiscard]] Counts counts() const { return counters_.read(); }

 private:
  void run();

  session::Registry& registry_;
  PumpLimits limits_;
  Counters counters_;
  Wakes wakes_;
  std::shared_ptr<Mailbox> mailbox_;
  Books books_;
  std::atomic<std::uint64_t> next_client_{1};
  std::thread thread_;
};

}  // namespace simhost::telemetry
