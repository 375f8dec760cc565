/// The recording session of the moment: a session of the host from start to stop, kept until the next start or a reset.
#pragma once

#include <sim/cpp/host.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "book.hpp"
#include "tape.hpp"

namespace robot_test_rig {

struct RigSession {
  std::uint64_t handle = 0;
  sim_session_info info{};

  /// From start to stop, also while somebody has paused it.
  [[nodiscard]] bool is_recording() const noexcept {
    return (info.state & (SIM_STATE_READY | SIM_STATE_RUNNING | SIM_STATE_PAUSED)) != 0;
  }
  [[nodiscard]] std::string_view id() const noexcept { return info.name; }
};

/// Access to it; made anew in each call of a handler, costs nothing. All [io].
class Desk {
 public:
  explicit Desk(const sim_host* host) noexcept
      : host_(host), sessions_(host), rules_(host), tape_(host), clients_(host), clock_(host) {}

  /// The newest that was started here, running or not.
  [[nodiscard]] std::optional<RigSession> current() const;
  [[nodiscard]] bool is_recording() const;
  /// What it has read. After a reload or a restart it is written anew, from the recording and from what the host shows.
  [[nodiscard]] BookPointer book(const RigSession& session) const;
  /// The same, with everything that the rules found up to now.
  [[nodiscard]] BookPointer judged_book(const RigSession& session) const;
  /// All readings, the oldest of them out of the recording.
  [[nodiscard]] NextReading readings(const RigSession& session) const;
  /// An alert was raised on a session; one without a book is none of ours.
  void hear(std::uint64_t session, std::string_view alert) const;

  /// Ends and forgets what there is, and makes a new session that all clients follow; it stands at its first reading.
  [[nodiscard]] sim::Result<RigSession> prepare() const;
  /// Lets it run.
  [[nodiscard]] sim::Result<RigSession> run(const RigSession& session) const;
  /// Its book has everything when this returns.
  [[nodiscard]] sim::Result<RigSession> stop(const RigSession& session) const;
  /// Nothing is left of any session.
  [[nodiscard]] sim::Result<sim::Done> clear() const;

  [[nodiscard]] std::uint64_t clients() const noexcept { return clients_.count(); }
  /// The wall clock, or that of the session where it is ahead.
  [[nodiscard]] std::int64_t now_ns(const std::optional<RigSession>& session) const noexcept;
  [[nodiscard]] const sim_host* host() const noexcept { return host_; }

 private:
  [[nodiscard]] sim::Result<RigSession> at(std::uint64_t handle) const;
  void catch_up(std::uint64_t session, Book& book) const;
  [[nodiscard]] sim::Result<sim::Done> watch(std::uint64_t session, const BookPointer& book) const;

  const sim_host* host_;
  sim::Sessions sessions_;
  sim::Rules rules_;
  Tape tape_;
  sim::StreamClients clients_;
  sim::Clock clock_;
};

/// At init: the rules are put, and the session that a generation before started is looked at again, as soon as that
/// may be.
void begin_work(const sim_host& host);

}  // namespace robot_test_rig
