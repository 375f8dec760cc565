// One selection of one session in one format and mode, for all who subscribed to it: encoded once, shared.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <host/session/session.hpp>
#include <host/telemetry/client.hpp>
#include <host/telemetry/cursor.hpp>

namespace simhost::telemetry {

class Line;

// A client's wish for a line at a rate. Belongs to the pump's thread once it is subscribed.
struct Subscription {
  ClientPointer client;
  SlotPointer slot;
  std::int64_t period_ns = 0;
  // The answer to whoever subscribed, with the tick it begins at: once, before any data. Readers of every tick have it
  // when the session publishes what they want: from then on no tick goes by unseen.
  std::function<void(std::uint64_t tick)> begin;
  std::function<void(Ending)> ended;  // after the last frame: takes it out of the books, then tells the client
  std::function<void(Ending)> tell;
  std::uint64_t seen = 0;  // serial of the frame it had last
  Line* line = nullptr;
  std::uint64_t session = 0;  // handle
};
using SubscriptionPointer = std::shared_ptr<Subscription>;
void begin(Subscription& subscription, std::uint64_t tick);  // unless it has begun

class Line final : public Cursor {
 public:
  struct Kind {
    Format format = Format::json;
    Mode mode = Mode::latest;
    friend bool operator==(const Kind&, const Kind&) = default;
  };
  Line(Desk& desk, Selection selection, SchemaPointer schema, Kind kind);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
  void add(SubscriptionPointer subscription, std::int64_t now_ns);
  void remove(const Subscription& subscription);
  [[nodiscard]] bool empty() const noexcept { return tempos_.empty(); }
  [[nodiscard]] std::vector<SubscriptionPointer> subscriptions() const;

  [[nodiscard]] std::int64_t due_ns() const override;
  void take(const Sample& sample) override;
  void serve(std::int64_t now_ns, const Newest& newest) override;
  After end(Ending ending) override;

 private:
  // Those of one rate.
  struct Tempo {
    std::int64_t period_ns, due_ns;
    Batch batch;
    std::vector<SubscriptionPointer> subscriptions;
  };
  void flush(Tempo& tempo);
  void greet(Subscription& newcomer);
  void begin_all(std::uint64_t tick);
  void send_newest(Tempo& tempo, const Newest& newest, std::int64_t now_ns);
  const MessagePointer& newest_message(const Newest& newest);
  void update_rate();

  Desk& desk_;
  SchemaPointer schema_;
  Kind kind_;
  std::vector<Tempo> tempos_;
  bool some_wait_ = false;  // for their begin
  std::size_t fresh_ = 0;   // subscriptions that have had nothing yet
  Sample last_;             // the last one taken; its values are last_values_
  std::vector<double> last_values_;
  MessagePointer newest_;
  std::uint64_t newest_serial_ = 0;
};

}  // namespace simhost::telemetry
