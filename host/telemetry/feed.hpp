// Everything the pump reads of one session: its tap, whoever reads it, and what they want together.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <host/session/registry.hpp>
#include <host/telemetry/client.hpp>
#include <host/telemetry/cursor.hpp>

namespace simhost::telemetry {

// All on the pump's thread.
class Feed {
 public:
  using Post = std::function<void(std::function<void()>)>;  // [any] runs it on the pump's thread
  Feed(session::Registry& registry, session::SessionPointer session, Post post);
  ~Feed();  // nobody waits for it any more
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  [[nodiscard]] const session::SessionPointer& session() const noexcept { return session_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Cursor>>& cursors() const noexcept { return cursors_; }

  // limit_reached when one more reader of every tick would need more history than there may be.
  [[nodiscard]] Outcome admits(const Demand& demand) const;
  Cursor& add(std::unique_ptr<Cursor> cursor);
  void remove(const Cursor& cursor);
  // Leaves a selection wanted until then.
  void want(const Selection& selection, std::int64_t until_ns);

  // Makes the session publish what is wanted now. Growing happens at once, shrinking after a second.
  void update(std::int64_t now_ns);
  void serve(std::int64_t now_ns);
  [[nodiscard]] std::int64_t due_ns() const;
  // Nothing is wanted, published or under way any more.
  [[nodiscard]] bool idle() const noexcept;

  // Every reader of each frame has had all there is up to now.
  void catch_up();
  // done: the session publishes what was wanted when this was called, or cannot.
  void when_published(std::function<void()> done);

  // The session ended: its last frame is sent, then its readers are told; those that want to stay are kept. While a tap
  // is on its way all that waits for it.
  void end(Ending ending);
  void refresh();  // something was said of the session

  // Who watches, for the session's stats.
  void enter(const Client& client);
  void leave(const Client& client);

 private:
  struct Wish {
    Selection selection;
    std::int64_t until_ns;
  };
  [[nodiscard]] engine::Wanted wanted(std::int64_t now_ns);
  void publish(engine::Wanted wanted);
  void attached(std::shared_ptr<engine::Tap> tap, bool worked);
  void settle();
  bool read_all();
  [[nodiscard]] bool crowded() const;
  void mark();
  void read_newest();
  void pass(const engine::Frame& frame, std::uint64_t skipped);
  void pass_to(Cursor& cursor, const engine::Frame& frame, std::uint64_t lost);
  void spread_notices();
  void finish(Ending ending);
  [[nodiscard]] bool any_reads_every() const noexcept;
  [[nodiscard]] std::int64_t look_period_ns() const noexcept;
  [[nodiscard]] Newest newest() const noexcept { return frame_valid_ ? Newest{serial_, &frame_} : Newest{}; }

  session::Registry& registry_;
  session::SessionPointer session_;
  Post post_;
  std::vector<std::unique_ptr<Cursor>> cursors_;
  std::vector<Wish> wishes_;

  std::shared_ptr<engine::Tap> tap_;
  bool coming_ = false;  // a tap is on its way
  std::vector<std::function<void()>> when_attached_;
  std::optional<std::shared_ptr<engine::Tap>> arrived_;  // it is there, but the one before has not been read to its end
  std::int64_t updated_ns_ = 0;
  std::int64_t surplus_ns_ = 0;  // since when more is published than wanted
  double ticks_per_s_ = 0;       // as last looked up
  std::uint64_t next_number_ = 0;
  engine::Frame frame_, scratch_;  // frame_: the newest one read, as the present tap lays it out
  bool frame_valid_ = false;
  std::uint64_t serial_ = 0;
  std::int64_t look_ns_ = 0;  // when the history was read last
  std::optional<Ending> ending_;
  std::map<const Client*, unsigned> watchers_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Ticks per second of wall time; 0 where it cannot be told: free and manual pace, and a session that stands, since it
// may be stepped.
double ticks_per_s(const session::Session& session);

}  // namespace simhost::telemetry
