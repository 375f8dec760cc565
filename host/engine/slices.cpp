// One slice: serve requests, then beats until the turn is over; come again if there is more.
#include <host/engine/slices.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

#include <host/base/limits.hpp>

namespace simhost::engine {

namespace {
std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
constexpr std::int64_t look_at_the_clock_every_ns = 20'000;
}  // namespace

Slices::Slices(int slots) : stepper_(Stepper::Priority::low, slots) {}

Slices::~Slices() {
  while (under_way_.load() > 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

void Slices::wake(Driver& driver) noexcept {
  if (driver.turn.exchange(Driver::Turn::woken) == Driver::Turn::none) schedule(driver);
}

void Slices::retire(Driver& driver) noexcept {
  while (driver.slices.load() > 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

void Slices::schedule(Driver& driver) noexcept {
  under_way_.fetch_add(1);
  driver.slices.fetch_add(1);
  stepper_.enqueue([](void* d) { run(d); }, &driver);
}

void Slices::run(void* context) noexcept {
  auto& driver = *static_cast<Driver*>(context);
  static_cast<Slices&>(driver.runner()).slice(driver);
}

void Slices::slice(Driver& driver) noexcept {
  const auto end_ns = now_ns() + limits::slice_ns;
  driver.turn.exchange(Driver::Turn::taken);  // with what whoever woke it had done
  driver.drain();
  driver.renew();
  std::uint64_t beats = 1;
  for (auto now = now_ns(); driver.ready() && now < end_ns;) {
    std::uint64_t done = 0;
    while (done < beats && driver.ready()) {
      driver.beat();
      ++done;
    }
    if (done == 0) break;
    const auto after = now_ns();
    const auto each_ns = std::max<std::int64_t>(1, (after - now) / static_cast<std::int64_t>(done));
    driver.step_time().add(each_ns, done);
    beats = static_cast<std::uint64_t>(std::max<std::int64_t>(1, look_at_the_clock_every_ns / each_ns));
    now = after;
    if (driver.has_requests()) driver.drain();
  }
  // What came since this slice began, a request or room with a reader, woke the driver and is looked at by the next:
  // once the turn is given back, nothing of the driver may be touched.
  auto mine = Driver::Turn::taken;
  if (driver.ready() || !driver.turn.compare_exchange_strong(mine, Driver::Turn::none)) schedule(driver);
  driver.slices.fetch_sub(1);
  under_way_.fetch_sub(1);
}

}  // namespace simhost::engine
