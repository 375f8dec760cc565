// One plugin stream on one session: frames to messages once per variant, for all clients that follow the session.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <host/telemetry/cursor.hpp>
#include <host/telemetry/stream.hpp>

namespace simhost::telemetry {

class StreamCursor final : public Cursor {
 public:
  StreamCursor(Desk& desk, StreamPointer stream, session::SessionPointer session);

  void add(StreamClientPointer client);
  void remove(const StreamClient& client);
  [[nodiscard]] bool empty() const noexcept { return clients_.empty(); }
  [[nodiscard]] const StreamPointer& stream() const noexcept { return stream_; }
  [[nodiscard]] const session::SessionPointer& session() const noexcept { return session_; }
  // Called with those whom the session's end has let go.
  using Ended = std::function<void(const std::vector<StreamClientPointer>&)>;
  void on_end(Ended ended) { ended_ = std::move(ended); }

  [[nodiscard]] std::int64_t due_ns() const override;
  void take(const Sample& sample) override;
  void serve(std::int64_t now_ns, const Newest& newest) override;
  void hear(const Notice& notice) override;
  After end(Ending ending) override;
  void refresh() override;

 private:
  // A frame that outlives the tap's: the one encoded last is the next one's prev.
  struct Picture {
    sim_view view{};
    std::vector<double> values;
    std::vector<const double*> columns;
  };
  // fresh: no frame yet; seen: has had one; last: all, for words that are not dropped, whatever a client is behind
  // with.
  enum class For : std::uint8_t { all, fresh, seen, last };
  void set(Picture& picture, const Sample& sample);
  void show(const Sample& sample);
  void show_again();  // to those who have had no frame
  void encode(const sim_view* prev, const sim_view& now, For whom);
  void say_notices();
  // Calls say(variant, list) once for each variant that somebody has, and hands out what it made.
  using Say = std::function<void(std::uint32_t, MessageList&)>;
  void say_to_each(For whom, const Say& say);
  [[nodiscard]] static bool is_for(const StreamClient& client, For whom) noexcept;
  void hand_out(const MessageList& list, std::uint32_t variant, For whom);
  void say_end(Ending ending);

  Desk& desk_;
  StreamPointer stream_;
  session::SessionPointer session_;
  Ended ended_;
  std::vector<StreamClientPointer> clients_;
  std::string name_;
  std::int64_t start_wall_ns_ = 0;
  Picture now_, before_;
  std::uint64_t shown_serial_ = 0;
  bool has_shown_ = false;
  std::uint64_t last_tick_ = 0;
  std::int64_t next_ns_ = 0;
  std::int64_t clock_ns_ = 0;   // of the round it is in
  std::deque<Notice> notices_;  // not said yet
};

}  // namespace simhost::telemetry
