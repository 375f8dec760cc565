// Sessions that play recordings: makes them, keeps their windows filled, moves them to a time. One thread decodes for
// all.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <host/playback/deck.hpp>
#include <host/record/reader.hpp>
#include <host/session/registry.hpp>

namespace simhost::playback {

// Made after the registry and ended before it.
class Player {
 public:
  // The rows of a recording, by id or name. Called on the player's thread; unknown_reference where there is none.
  using Open = std::function<Result<std::unique_ptr<record::Reader>>(const std::string& recording)>;

  Player(session::Registry& registry, Open open);
  ~Player();

  // [any] Makes the session of a spec that names a recording. What registry.create() does with such a spec.
  void create(session::Spec spec, session::Done<session::SessionPointer> done);
  // [any] To the row at that time or right before it; value_out_of_range where none is.
  void seek(session::SessionPointer session, double time_s, session::Done<session::Nothing> done);

 private:
  // One session's recording. The session is known once it has been made.
  struct Play {
    std::shared_ptr<Deck> deck;
    std::unique_ptr<record::Reader> reader;
    std::vector<const double*> columns;  // of the row that is put
    std::mutex mutex;                    // guards session
    std::weak_ptr<session::Session> session;
  };
  using PlayPointer = std::shared_ptr<Play>;

  void run();
  void post(std::function<void()> work);
  Result<session::Spec> prepare(session::Spec spec, const PlayPointer& play);
  void do_create(session::Spec spec, const session::Done<session::SessionPointer>& done);
  void do_seek(const session::SessionPointer& session, double time_s, const session::Done<session::Nothing>& done);
  bool fill(Play& play);
  Outcome put_rows(Play& play, Deck::Room room);
  void nudge(Play& play);

  session::Registry& registry_;
  Open open_;
  std::vector<PlayPointer> plays_;  // the thread's
  std::mutex mutex_;                // guards what follows
  std::condition_variable came_;
  std::deque<std::function<void()>> work_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace simhost::playback
