// Who reads what: all feeds, subscriptions and plugin streams. One thread, no lock, time handed in.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <host/telemetry/feed.hpp>
#include <host/telemetry/stream_cursor.hpp>
#include <host/telemetry/subscribe.hpp>

namespace simhost::telemetry {

class Books {
 public:
  // subscriptions_max: per client.
  Books(session::Registry& registry, Desk desk, std::size_t subscriptions_max, Feed::Post post);

  // answered comes before any data of the subscription.
  using Answered = std::function<void(Result<Granted>)>;
  void subscribe(const ClientPointer& client, SubscribeRequest request, const Answered& answered);
  Outcome unsubscribe(const ClientPointer& client, std::uint32_t id);
  void drop(const ClientPointer& client);
  void want(const session::SessionPointer& session, const Selection& selection);

  // Any other reader of a session's frames. limit_reached where every tick is wanted and cannot be kept.
  Outcome add(const session::SessionPointer& session, std::unique_ptr<Cursor> cursor);
  void remove(const session::SessionPointer& session, const Cursor& cursor);

  void catch_up(const session::Session& session);
  void when_published(const session::Session& session, std::function<void()> done);

  void open_stream(StreamPointer stream);
  // variants: the new place of each old one, or none: those clients are closed with 1012.
  struct Exchange {
    StreamSpec spec;
    std::shared_ptr<StreamEncoder> encoder;
    std::vector<std::optional<std::uint32_t>> variants;
  };
  void exchange_stream(const StreamPointer& stream, Exchange exchange);
  void close_stream(const StreamPointer& stream, std::uint16_t code, const std::string& reason);
  void join(const StreamPointer& stream, const StreamClientPointer& client);
  void follow(const StreamPointer& stream, const StreamClientPointer& client, const session::SessionPointer& session);
  void leave(const StreamPointer& stream, const StreamClientPointer& client);

  void heard(const session::Event& event);

  // The time of what is asked next; then serves what is due and returns when something is due next.
  void begin(std::int64_t now_ns) noexcept { now_ns_ = now_ns; }
  std::int64_t turn(std::int64_t now_ns);

 private:
  struct Entry {
    std::unique_ptr<Feed> feed;
    std::vector<Line*> lines;
    std::vector<StreamCursor*> streams;
  };
  // A subscription on a session that has ended already: it gets the last frame and goes.
  struct Leaving {
    SubscriptionPointer subscription;
    Ending ending;
  };
  Entry& entry_of(const session::SessionPointer& session);
  Entry* find(std::uint64_t session);
  Line* find_line(const Entry& entry, const Selection& selection, const Schema& schema, Line::Kind kind);
  Result<Line*> line_for(Entry& entry, const SubscribeRequest& request, SchemaPointer schema);
  Outcome check(const ClientPointer& client, const SubscribeRequest& request) const;
  SubscriptionPointer make_subscription(const ClientPointer& client, const SubscribeRequest& request, double rate_hz);
  void forget(const ClientPointer& client, std::uint32_t id);
  void release(const Subscription& subscription);
  void over(const ClientPointer& client, std::uint32_t id);
  [[nodiscard]] bool is_here(const SubscriptionPointer& subscription) const;
  void end(std::uint64_t session, Ending ending);
  void let_go();
  void upkeep(std::int64_t now_ns);
  void say_idle(Stream& stream, std::int64_t now_ns);
  StreamCursor& cursor_for(Entry& entry, const StreamPointer& stream);
  void detach(StreamClient& client);
  void refollow(const StreamPointer& stream);

  session::Registry& registry_;
  Desk desk_;
  std::size_t subscriptions_max_;
  Feed::Post post_;
  std::unordered_map<std::uint64_t, Entry> feeds_;          // by handle of the session
  std::unordered_map<std::string, std::uint64_t> handles_;  // of the sessions in feeds_, by id
  std::unordered_map<const Client*, std::map<std::uint32_t, SubscriptionPointer>> subscriptions_;
  std::vector<Leaving> leaving_;
  std::vector<StreamPointer> streams_;
  std::int64_t now_ns_ = 0;
  std::int64_t upkeep_ns_ = 0;
};

}  // namespace simhost::telemetry
