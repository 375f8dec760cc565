// Sleeps to absolute deadlines and runs what is due.
#include <host/engine/pacer.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <host/base/limits.hpp>
#include <host/engine/float_mode.hpp>

namespace simhost::engine {

namespace {

class SystemPaceClock final : public PaceClock {
 public:
  explicit SystemPaceClock(std::int64_t spin_tail_ns) : spin_tail_ns_(spin_tail_ns) {}

  std::int64_t now_ns() noexcept override {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
  }

  void sleep_until(std::int64_t deadline_ns) noexcept override {
    const auto asleep_until = deadline_ns == never_ns ? never_ns : deadline_ns - spin_tail_ns_;
    if (asleep_until - now_ns() > listen_from_ns())
      wait(asleep_until);
    else
      nap(asleep_until);
    while (spin_tail_ns_ > 0 && deadline_ns != never_ns && now_ns() < deadline_ns && word_.load() == 0) {
    }
    word_.store(0);
  }

  void wake() noexcept override {
    word_.store(1);
    syscall(SYS_futex, reinterpret_cast<int*>(&word_), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

 private:
  static timespec to_timespec(std::int64_t ns) noexcept { return {ns / 1'000'000'000, ns % 1'000'000'000}; }
  void nap(std::int64_t until_ns) const noexcept {
    const auto t = to_timespec(until_ns);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr) == EINTR) {
    }
  }
  void wait(std::int64_t until_ns) noexcept {
    const auto t = to_timespec(until_ns);
    syscall(SYS_futex, reinterpret_cast<int*>(&word_), FUTEX_WAIT_BITSET_PRIVATE, 0,
            until_ns == never_ns ? nullptr : &t, nullptr, FUTEX_BITSET_MATCH_ANY);
  }

  std::int64_t spin_tail_ns_;
  std::atomic<int> word_{0};
};

std::int64_t read_clock(void* clock) noexcept { return static_cast<PaceClock*>(clock)->now_ns(); }

}  // namespace

std::unique_ptr<PaceClock> make_system_pace_clock(std::int64_t spin_tail_ns) {
  return std::make_unique<SystemPaceClock>(spin_tail_ns);
}

struct Pacer::Change {
  enum class What { add, remove } what;
  Driver* driver;
  Change* next = nullptr;
  std::atomic<bool> done{false};
};

Pacer::Pacer(PaceClock& clock, Scheduling wanted) : clock_(clock) {
  drivers_.reserve(limits::realtime_drivers);
  thread_ = std::thread([this, wanted] { run(wanted); });
}

Pacer::~Pacer() {
  stop_.store(true);
  clock_.wake();
  thread_.join();
}

void Pacer::add(Driver& driver) {
  Change c{Change::What::add, &driver};
  change(c);
}

void Pacer::remove(Driver& driver) {
  Change c{Change::What::remove, &driver};
  change(c);
}

void Pacer::change(Change& change) {
  change.next = changes_.load();
  while (!changes_.compare_exchange_weak(change.next, &change)) {
  }
  posted_.store(true);
  clock_.wake();
  while (!change.done.load(std::memory_order_acquire)) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

// posted_ before far_ here, far_ before posted_ in run(): one of the two always sees the other.
void Pacer::wake(Driver&) noexcept {
  posted_.store(true);
  if (far_.load()) clock_.wake();
}

void Pacer::take_changes() noexcept {
  for (Change* c = changes_.exchange(nullptr); c != nullptr;) {
    Change* next = c->next;
    if (c->what == Change::What::add)
      drivers_.push_back(c->driver);
    else
      std::erase(drivers_, c->driver);
    c->done.store(true, std::memory_order_release);
    c = next;
  }
}

Driver* Pacer::earliest(std::int64_t before_ns) const noexcept {
  Driver* found = nullptr;
  for (Driver* driver : drivers_)
    if (driver->next_due_ns() <= before_ns && (found == nullptr || driver->next_due_ns() < found->next_due_ns()))
      found = driver;
  return found;
}

void Pacer::run_driver(Driver& driver, std::int64_t now_ns) noexcept {
  driver.run_due(now_ns, &read_clock, &clock_, drivers_.size() > 1 ? this : nullptr);
}

// Called while a long tick is under way: a driver that is due earlier than that one goes first. The driver on the call
// stack has moved its own due time on only after its beat, so it is never the earliest that is also not running.
void Pacer::between_blocks() noexcept {
  const auto now = clock_.now_ns();
  for (Driver* driver : drivers_)
    if (!driver->running() && driver->next_due_ns() <= now) {
      driver->run_due(now, &read_clock, &clock_, nullptr);
      return;
    }
}

void Pacer::run(Scheduling wanted) noexcept {
  const FloatMode mode;
  pthread_setname_np(pthread_self(), "sim-pacer");
  prctl(PR_SET_TIMERSLACK, 1UL);
  slack_ns_.store(prctl(PR_GET_TIMERSLACK));
  const sched_param priority{.sched_priority = 50};
  if (wanted == Scheduling::fifo) fifo_.store(pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0);
  while (!stop_.load()) {
    if (posted_.exchange(false)) {
      take_changes();
      const auto now = clock_.now_ns();
      for (Driver* driver : drivers_)
        if (driver->has_requests()) driver->run_due(now, &read_clock, &clock_, nullptr);
    }
    const auto now = clock_.now_ns();
    if (Driver* due = earliest(now)) {
      run_driver(*due, now);
      continue;
    }
    const Driver* next = earliest(never_ns - 1);
    const auto until = next != nullptr ? next->next_due_ns() : never_ns;
    far_.store(until - now > clock_.listen_from_ns());
    if (!posted_.load() || !far_.load()) clock_.sleep_until(until);
    far_.store(false);
  }
}

}  // namespace simhost::engine
