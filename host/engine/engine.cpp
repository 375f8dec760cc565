// Seats and drivers: who sits where, and how they come and go.
#include <host/engine/engine.hpp>

#include <algorithm>
#include <cmath>
#include <thread>

#include <host/base/check.hpp>
#include <host/base/limits.hpp>
#include <host/engine/float_mode.hpp>
#include <host/engine/home.hpp>

namespace simhost::engine {

namespace {
constexpr std::int64_t phase_apart_ns = limits::wake_up_ns;
constexpr double period_max_ns = 1e18;  // 32 years: sums of it stay numbers

int cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

std::int64_t wall_period_ns(Pace pace, const Seat& seat) {
  const auto beat_ns = static_cast<double>(seat.beat_ns > 0 ? seat.beat_ns : seat.dt_ns);
  return std::max<std::int64_t>(1, std::llround(std::min(beat_ns / pace.rate, period_max_ns)));
}
// The policy of the driver: sessions that skip and those that catch up sit together.
Overrun shared(Overrun overrun) { return owns_clock(overrun) ? overrun : Overrun::catch_up; }

bool fits(const Driver& driver, Pace pace, const Seat& seat, Overrun overrun) {
  if (pace.mode == Pace::Mode::free) return driver.kind() == Driver::Kind::free;
  if (pace.mode == Pace::Mode::manual) return driver.kind() == Driver::Kind::manual;
  return driver.kind() == Driver::Kind::realtime && driver.schedule().overrun == shared(overrun) &&
         driver.schedule().period_ns == wall_period_ns(pace, seat);
}

void add_up(Seat::Stats& out, const Home& home) {
  const auto late = home.driver->lateness().counts();
  const auto step = home.driver->step_time().counts();
  for (std::size_t i = 0; i < late.size(); ++i) {
    out.lateness[i] += late[i];
    out.step[i] += step[i];
  }
  out.lateness_max_ns = std::max(out.lateness_max_ns, static_cast<double>(home.driver->lateness().max_ns()));
  out.beats += home.driver->beat_counter().load(std::memory_order_relaxed) - home.beats_before;
  out.missed += home.driver->missed();
  out.overruns += home.driver->overruns();
}
}  // namespace

Seat::Stats Seat::stats() const {
  Stats out;
  const std::lock_guard lock(route_);
  out.missed = track.missed.load(std::memory_order_relaxed);
  if (driver_ == nullptr) return out;
  out.lateness = driver_->lateness().counts();
  out.step = driver_->step_time().counts();
  out.lateness_max_ns = static_cast<double>(driver_->lateness().max_ns());
  out.step_max_ns = static_cast<double>(driver_->step_time().max_ns());
  out.overruns = driver_->overruns() - overruns_before_;
  return out;
}

// The pool is made and started before the pacing thread may become FIFO, and before any plugin is loaded.
Engine::Engine(Options options) : options_(options) {
  const int threads = options_.threads > 0 ? options_.threads : cores();
  high_ = std::make_unique<Stepper>(Stepper::Priority::high, threads);
  slices_ = std::make_unique<Slices>(std::max(1, threads - 1));
  if (options_.clock == nullptr) own_clock_ = make_system_pace_clock(options_.spin_tail_ns);
  pacer_ = std::make_unique<Pacer>(options_.clock != nullptr ? *options_.clock : *own_clock_, options_.scheduling);
}

Engine::~Engine() { SIM_CHECK(homes_.empty(), "every seat is removed before the engine goes"); }

bool Engine::post(Seat& seat, std::unique_ptr<Op> op, Tickets::Served served) {
  const std::lock_guard lock(seat.route_);
  if (seat.given_up_) return false;
  Op& posted = *op;
  tickets_.keep(std::move(op), std::move(served));
  if (seat.driver_ != nullptr)
    seat.driver_->post(posted);
  else
    seat.held_.push_back(&posted);
  return true;
}

void Engine::nudge(Seat& seat) noexcept {
  const std::lock_guard lock(seat.route_);
  if (seat.driver_ != nullptr && seat.driver_->kind() != Driver::Kind::realtime)
    seat.driver_->runner().wake(*seat.driver_);
}

void Engine::serve(Seat& seat, Op& op) {
  seat.driver_->post(op);
  Tickets::wait(op);
}

Result<Home*> Engine::home_for(Pace pace, const Seat& seat, Overrun overrun) {
  if (pace.mode == Pace::Mode::free) return &make_home(Driver::Kind::free, {});
  if (pace.mode == Pace::Mode::manual) return &make_home(Driver::Kind::manual, {});
  return realtime_home(wall_period_ns(pace, seat), shared(overrun));
}

Result<Home*> Engine::realtime_home(std::int64_t period_ns, Overrun overrun) {
  std::size_t realtime = 0;
  for (const auto& home : homes_) {
    if (home->driver->kind() != Driver::Kind::realtime) continue;
    ++realtime;
    const auto& schedule = home->driver->schedule();
    if (!owns_clock(overrun) && schedule.overrun == overrun && schedule.period_ns == period_ns) return home.get();
  }
  if (realtime >= limits::realtime_drivers)
    return fail({"limit_reached",
                 "at most " + std::to_string(limits::realtime_drivers) +
                     " real-time clocks may run at once: one for each period, and one for each session whose overrun "
                     "policy is slow or abort; use a period that is in use, or another policy",
                 {},
                 422});
  const auto phase_ns = static_cast<std::int64_t>(realtime) * phase_apart_ns % period_ns;
  return &make_home(Driver::Kind::realtime, {period_ns, phase_ns, options_.catch_up_max, overrun});
}

Home& Engine::make_home(Driver::Kind kind, Driver::Schedule schedule) {
  auto home = std::make_unique<Home>();
  if (free_counters_.empty()) {
    home->counter = &counters_.emplace_back(0);
  } else {
    home->counter = free_counters_.back();
    free_counters_.pop_back();
  }
  home->beats_before = home->counter->load();
  const bool realtime = kind == Driver::Kind::realtime;
  Runner& runner = realtime ? static_cast<Runner&>(*pacer_) : *slices_;
  home->driver =
      std::make_unique<Driver>(kind, schedule, *home->counter, realtime ? *high_ : slices_->stepper(), runner);
  if (realtime) pacer_->add(*home->driver);
  homes_.push_back(std::move(home));
  return *homes_.back();
}

void Engine::close_if_empty(Home* home) {
  if (!home->seats.empty()) return;
  if (home->driver->kind() == Driver::Kind::realtime)
    pacer_->remove(*home->driver);
  else
    slices_->retire(*home->driver);
  add_up(gone_, *home);
  free_counters_.push_back(home->counter);
  std::erase_if(homes_, [home](const auto& h) { return h.get() == home; });
}

// The first block has room for 8 lanes, the second for 64, all others for 256: small hosts stay small.
Block& Engine::block_with_room(Home& home, const Seat& seat, std::uint32_t lanes) {
  std::uint32_t like = 0;
  for (const auto& block : home.blocks) {
    if (block->model_pointer() != seat.model || block->dt_ns() != seat.dt_ns) continue;
    ++like;
    if (block->capacity() - block->taken() >= lanes && lanes <= block->capacity()) return *block;
  }
  std::uint32_t capacity = like == 0 ? 8 : like == 1 ? 64 : Block::lanes_max;
  while (capacity < lanes) capacity = capacity == 8 ? 64 : Block::lanes_max;
  home.blocks.push_back(std::make_unique<Block>(seat.model, capacity, seat.dt_ns));
  return *home.blocks.back();
}

std::vector<Part> Engine::reserve(Home& home, const Seat& seat) {
  std::vector<Part> parts;
  for (std::uint32_t lane = 0; lane < seat.lanes;) {
    const auto count = std::min(seat.lanes - lane, Block::lanes_max);
    Block* block = &block_with_room(home, seat, count);
    auto first = block->take(count);
    if (first < 0) {  // room enough, but in pieces
      home.blocks.push_back(std::make_unique<Block>(seat.model, Block::lanes_max, seat.dt_ns));
      block = home.blocks.back().get();
      first = block->take(count);
    }
    parts.push_back({block, static_cast<std::uint32_t>(first), count, lane});
    lane += count;
  }
  return parts;
}

void Engine::sit(Seat& seat, Home& home, const Parcel& from, JoinOp::Motion motion) {
  JoinOp join;
  join.parts = reserve(home, seat);
  seat.home_ = &home;
  home.seats.push_back(&seat);
  join.track = &seat.track;
  join.from = from;
  join.map = map_by_id(from.lanes->model(), *seat.model);
  join.motion = motion;
  if (seat.tap != nullptr) {
    Track where;
    where.parts = join.parts;
    seat.tap->place(where);
    join.tap = seat.tap.get();
  }
  join.blocks = home.block_list();
  join.tracks = home.track_list();
  join.taps = home.tap_list();
  seat.overruns_before_ = home.driver->overruns();
  home.driver->post(join);
  Tickets::wait(join);
  const std::lock_guard lock(seat.route_);
  seat.driver_ = home.driver.get();
  for (Op* op : std::exchange(seat.held_, {})) seat.driver_->post(*op);
}

void Engine::leave(Seat& seat, const Parcel* to, bool& was_moving) {
  Home& home = *seat.home_;
  {
    const std::lock_guard lock(seat.route_);
    seat.driver_ = nullptr;
  }
  LeaveOp op;
  op.track = &seat.track;
  if (to != nullptr) {
    op.to = *to;
    op.map = map_by_id(*seat.model, to->lanes->model());
  }
  std::erase(home.seats, &seat);
  for (const auto& part : seat.track.parts) part.block->give_back(part.first, part.count);
  std::vector<std::unique_ptr<Block>> empty;
  for (auto& block : home.blocks)
    if (block->taken() == 0) empty.push_back(std::move(block));
  std::erase(home.blocks, nullptr);
  op.blocks = home.block_list();
  op.tracks = home.track_list();
  op.taps = home.tap_list();
  home.driver->post(op);
  Tickets::wait(op);
  was_moving = op.was_moving;
  seat.home_ = nullptr;
}

Outcome Engine::join(Seat& seat, const Parcel& from, Pace pace, JoinOp::Motion motion) {
  const auto home = home_for(pace, seat, seat.overrun);
  if (!home) return fail(home.error());
  sit(seat, **home, from, motion);
  return {};
}

Outcome Engine::move(Seat& seat, Pace pace, Overrun overrun) {
  Home* before = seat.home_;
  if (fits(*before->driver, pace, seat, overrun)) {
    seat.overrun = overrun;
    return {};
  }
  const auto home = home_for(pace, seat, overrun);
  if (!home) return fail(home.error());
  seat.overrun = overrun;
  const Parcel parcel = make_parcel(seat.model, seat.dt_ns, seat.lanes, 0);
  bool was_moving = false;
  leave(seat, &parcel, was_moving);
  close_if_empty(before);
  sit(seat, **home, parcel, was_moving ? JoinOp::Motion::move : JoinOp::Motion::stand);
  return {};
}

void Engine::remove(Seat& seat) {
  Home* home = seat.home_;
  bool was_moving = false;
  leave(seat, nullptr, was_moving);
  {
    // Requests that were posted meanwhile find a track without lanes: "gone".
    const std::lock_guard lock(seat.route_);
    seat.given_up_ = true;
    for (Op* op : std::exchange(seat.held_, {})) {
      op->apply(*home->driver);
      op->finish();
    }
  }
  close_if_empty(home);
}

void Engine::set_tap(Seat& seat, std::shared_ptr<Tap> tap) {
  if (tap != nullptr) tap->place(seat.track);
  auto before = std::exchange(seat.tap, std::move(tap));
  TapOp op;
  op.track = &seat.track;
  op.tap = seat.tap.get();
  op.taps = seat.home_->tap_list();
  serve(seat, op);
}

Parcel Engine::make_parcel(std::shared_ptr<const StepModel> model, std::int64_t dt_ns, std::uint32_t count,
                           std::uint64_t seed) {
  const auto capacity = (count + 7) / 8 * 8;
  auto lanes = std::make_shared<Block>(std::move(model), capacity, dt_ns);
  for (std::uint32_t k = 0; k < count; ++k) {
    lanes->seed[k] = seed;
    lanes->lane[k] = k;
  }
  return {std::move(lanes), count};
}

std::int32_t Engine::prepare(const Parcel& parcel, Track::Lanes what) {
  const FloatMode mode;
  Block& block = *parcel.lanes;
  Track nobody;  // an owner, so that the block counts its lanes
  std::fill_n(block.owner.begin(), parcel.count, &nobody);
  std::fill_n(block.marked, parcel.count, -1);
  block.recount();
  const auto& model = block.model();
  std::int32_t worst = SIM_OK;
  if (what == Track::Lanes::fresh && model.table.reset != nullptr)
    worst = model.table.reset(model.instance, &block.step_info(), &block.marked_lanes());
  if (worst <= SIM_WARNING && model.table.prepare != nullptr)
    worst = model.table.prepare(model.instance, &block.step_info(), &block.marked_lanes());
  std::fill_n(block.marked, parcel.count, 0);
  std::fill_n(block.owner.begin(), parcel.count, nullptr);
  return worst;
}

Seat::Stats Engine::totals() const {
  Seat::Stats out = gone_;
  for (const auto& home : homes_) add_up(out, *home);
  return out;
}

}  // namespace simhost::engine
