/// Sessions of the host as recording sessions.
#include "desk.hpp"

#include <sim/cpp/json.hpp>
#include <sim/cpp/random.hpp>
#include <sim/cpp/routes.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "settings.hpp"

namespace robot_test_rig {
namespace {

/// A UUID of version 4. Unguessable it need not be, but no two alike: the clocks and a count make the number.
std::string new_id(const sim::Clock& clock) {
  static std::atomic<std::uint64_t> made{0};
  constexpr char digits[] = "0123456789abcdef";
  const auto wall = static_cast<std::uint64_t>(clock.wall_ns()),
             steady = static_cast<std::uint64_t>(clock.monotonic_ns());
  const sim::Random<double> random(wall, made.fetch_add(1), steady);
  std::string id = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  for (std::uint32_t i = 0; i < id.size(); ++i) {
    if (id[i] == 'x') id[i] = digits[static_cast<std::size_t>(random.uniform(i) * 16)];
    if (id[i] == 'y') id[i] = digits[8 + static_cast<std::size_t>(random.uniform(i) * 4)];
  }
  return id;
}

/// The body of POST /v1/sessions.
std::string creation(const std::string& id) {
  std::string body;
  sim::Json json(body);
  json.object().member("model", "robot_test_rig").member("name", id).member("seed", settings().seed);
  json.member("start", false).key("parameters").object().member("force_hz", settings().force_hz);
  json.member("motor_hz", settings().motor_hz).member("camera_hz", settings().camera_hz).end().end();
  return body;
}

template <class T, class U>
sim::Result<T> failed(const sim::Result<U>& from) {
  return {from.status, {}, from.error};
}

}  // namespace

std::optional<RigSession> Desk::current() const {
  const auto all = sessions_.list();
  for (auto handle = all.rbegin(); handle != all.rend(); ++handle) {
    if (const auto info = sessions_.info(*handle)) return RigSession{*handle, info.value};
  }
  return std::nullopt;
}

bool Desk::is_recording() const {
  const auto session = current();
  return session && session->is_recording();
}

sim::Result<RigSession> Desk::at(std::uint64_t handle) const {
  const auto info = sessions_.info(handle);
  if (!info) return failed<RigSession>(info);
  return {SIM_OK, {handle, info.value}, {}};
}

// Everybody looks on before the first tick.
sim::Result<RigSession> Desk::prepare() const {
  if (const auto cleared = clear(); !cleared) return failed<RigSession>(cleared);
  const std::string id = new_id(clock_);
  const auto made = sessions_.create(creation(id));
  if (!made) return failed<RigSession>(made);
  const auto watched = watch(made.value, open_book(id));
  const auto recorded = watched ? tape_.start(made.value) : watched;
  if (!recorded) {
    static_cast<void>(clear());
    return failed<RigSession>(recorded);
  }
  clients_.follow_all(made.value);
  return at(made.value);
}

sim::Result<RigSession> Desk::run(const RigSession& session) const {
  const auto runs = sessions_.control(session.handle, SIM_RESUME);
  if (!runs) static_cast<void>(clear());
  return runs ? at(session.handle) : failed<RigSession>(runs);
}

sim::Result<sim::Done> Desk::watch(std::uint64_t session, const BookPointer& book) const {
  return sessions_.watch(session, snapshot_ids(), &see_tick, book.get());
}

BookPointer Desk::book(const RigSession& session) const {
  static std::mutex opening;
  const std::lock_guard lock(opening);
  if (auto known = find_book(session.id())) return known;
  const BookPointer book = open_book(session.id());
  book->hold();
  if (!session.is_recording() || !watch(session.handle, book)) book->see_end();
  tape_.replay(session.id(), *book);
  book->release();
  return book;
}

BookPointer Desk::judged_book(const RigSession& session) const {
  auto found = book(session);
  catch_up(session.handle, *found);
  return found;
}

NextReading Desk::readings(const RigSession& session) const {
  Log log = book(session)->log();
  if (!log.is_whole) return all_readings(tape_.readings(session.id()), std::move(log));
  return [merge = Merge(std::move(log))]() mutable { return merge.next(); };
}

void Desk::hear(std::uint64_t session, std::string_view alert) const {
  const auto which = at(session);
  const auto book = which ? find_book(which.value.id()) : nullptr;
  if (book != nullptr && book->heard() < alert) catch_up(session, *book);
}

void Desk::catch_up(std::uint64_t session, Book& book) const {
  static_cast<void>(rules_.alerts(session, book.heard(), [&](const sim::Value& alert) {
    if (const auto finding = finding_of(alert)) book.hear(*finding);
  }));
}

sim::Result<RigSession> Desk::stop(const RigSession& session) const {
  if (const auto stopped = sessions_.control(session.handle, SIM_STOP); !stopped) return failed<RigSession>(stopped);
  book(session)->wait_for_end();
  return at(session.handle);
}

sim::Result<sim::Done> Desk::clear() const {
  for (const std::uint64_t handle : sessions_.list()) {
    if (const auto session = at(handle)) tape_.remove(session.value.id());
    const auto ended = sessions_.control(handle, SIM_DELETE);
    if (!ended && ended.status != SIM_WRONG_STATE) return ended;
  }
  close_books();
  return {SIM_OK, {}, {}};
}

std::int64_t Desk::now_ns(const std::optional<RigSession>& session) const noexcept {
  const std::int64_t wall_ns = clock_.wall_ns();
  if (!session) return wall_ns;
  return std::max(wall_ns, session->info.start_wall_ns + static_cast<std::int64_t>(session->info.time_s * 1e9));
}

namespace {

void hear_alert(const sim_host* host, std::uint64_t session, const sim::Value& alert) {
  Desk(host).hear(session, alert["id"].text());
}

void begin(const sim_host* host, void*) {
  put_rules(host);
  static_cast<void>(sim::Rules(host).listen<&hear_alert>());
  const Desk desk(host);
  if (const auto session = desk.current()) static_cast<void>(desk.book(*session));
}

}  // namespace

void begin_work(const sim_host& host) { sim::Jobs(&host).post<&begin>(nullptr); }

}  // namespace robot_test_rig
