// Runs a timetable: no allocation, lock or syscall but in the constructors.
#include <host/engine/program.hpp>

#include <algorithm>

#include <host/engine/lanes.hpp>

namespace simhost::engine {

namespace {

std::size_t lanes_of(const Script& script, std::uint32_t lanes_in_all) {
  return script.lanes.empty() ? lanes_in_all : script.lanes.size();
}

std::vector<std::uint32_t> ramped(const Script& script) {
  std::vector<std::uint32_t> ids;
  for (const auto& cue : script.cues)
    if (cue.kind == Cue::Kind::ramp && std::ranges::find(ids, cue.id) == ids.end()) ids.push_back(cue.id);
  return ids;
}

void copy_into(const Program::State& from, Program::State& to) noexcept {
  to.start = from.start;
  to.place = from.place;
  to.done = from.done;
  for (std::size_t i = 0; i < from.lines.size(); ++i) {
    const auto& line = from.lines[i];
    auto& other = to.lines[i];
    other.active = line.active;
    other.begin = line.begin;
    other.ticks = line.ticks;
    other.to = line.to;
    std::ranges::copy(line.from, other.from.begin());
  }
}

}  // namespace

Program::Program(std::shared_ptr<const Script> script, std::uint32_t lanes_in_all)
    : script_(std::move(script)), results_(script_->results) {
  for (const auto id : ramped(*script_)) {
    Line line;
    line.id = id;
    line.from.resize(lanes_of(*script_, lanes_in_all));
    state_.lines.push_back(std::move(line));
  }
  saved_ = state_;
}

Program::Program(std::shared_ptr<const Script> script, std::uint32_t lanes_in_all, const State& state)
    : Program(std::move(script), lanes_in_all) {
  copy_into(state, state_);
}

std::uint64_t Program::bytes(const Script& script, std::uint32_t lanes_in_all) {
  return ramped(script).size() * lanes_of(script, lanes_in_all) * sizeof(double) * 2;
}

std::uint64_t Program::next_tick() const noexcept {
  const auto& cues = script_->cues;
  auto due = no_tick;
  if (state_.place < cues.size())
    due = state_.start + cues[state_.place].at;
  else if (script_->period > 0)
    due = state_.start + script_->period + cues.front().at;
  for (const auto& line : state_.lines)
    if (line.active) due = std::min(due, state_.done + 1);
  return due;
}

void Program::run(Track& track, std::uint64_t tick) noexcept {
  const auto& cues = script_->cues;
  const auto period = script_->period;
  // Rounds that nobody saw (what a store brought back is not of this session) are left out, not made up.
  if (period > 0 && tick > state_.start && (tick - state_.start) / period > 1) {
    state_.start += ((tick - state_.start) / period - 1) * period;
    state_.place = cues.size();
  }
  state_.done = tick;
  move_lines(track, tick);
  for (;;) {
    while (state_.place < cues.size() && state_.start + cues[state_.place].at <= tick)
      perform(track, cues[state_.place++], tick);
    if (state_.place < cues.size() || period == 0 || state_.start + period > tick) break;
    state_.start += period;
    state_.place = 0;
  }
  settle(track);
}

void Program::insist(Track& track, std::uint64_t tick) noexcept {
  move_lines(track, tick);
  settle(track);
}

void Program::perform(Track& track, const Cue& cue, std::uint64_t tick) noexcept {
  if (cue.kind == Cue::Kind::command) return command(track, cue);
  Line* line = line_of(cue.id);
  if (line != nullptr) line->active = cue.kind == Cue::Kind::ramp;
  if (cue.kind == Cue::Kind::set) return put(track, cue.id, [&](double, std::size_t) { return cue.value; });
  line->begin = tick;
  line->ticks = cue.ticks;
  line->to = cue.value;
  put(track, cue.id, [&](double found, std::size_t i) { return line->from[i] = found; });
}

// Straight from the value found to the end, which is met exactly.
void Program::move_lines(Track& track, std::uint64_t tick) noexcept {
  for (auto& line : state_.lines) {
    if (!line.active) continue;
    const auto k = std::min(tick - line.begin, line.ticks);
    const double share = static_cast<double>(k) / static_cast<double>(line.ticks);
    put(track, line.id, [&](double, std::size_t i) {
      return k == line.ticks ? line.to : line.from[i] + (line.to - line.from[i]) * share;
    });
    line.active = k < line.ticks;
  }
}

void Program::command(Track& track, const Cue& cue) noexcept {
  settle(track);  // it sees what was set before it
  if (track.parts.empty()) return;
  const StepModel& model = track.parts.front().block->model();
  const auto found = std::ranges::find(model.commands, cue.id, &sim_command::id);
  if (found == model.commands.end() || (*found)->n_results > results_.size() || (*found)->n_args != cue.args.size()) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  for_each_lane(track.parts, script_->lanes, [&](Block& block, std::uint32_t slot, std::size_t) {
    const auto status =
        (*found)->run(model.instance, &block.step_info(), &block.lanes(), slot, cue.args.data(), results_.data());
    if (status > SIM_WARNING) refused_.fetch_add(1, std::memory_order_relaxed);
  });
  ++track.revision;
}

template <class ValueOf>
void Program::put(Track& track, std::uint32_t id, ValueOf&& value_of) noexcept {
  if (track.parts.empty()) return;
  const StepModel& model = track.parts.front().block->model();
  const auto c = column_of(model, id);
  if (c == model.n_columns()) return;  // gone with a reload
  const bool is_parameter = model.columns[c].causality == SIM_PARAMETER;
  marked_ |= is_parameter;
  for_each_lane(track.parts, script_->lanes, [&](Block& block, std::uint32_t slot, std::size_t i) {
    double& value = block.column(c)[slot];
    value = value_of(value, i);
    if (is_parameter) block.marked[slot] = -1;
  });
  ++track.revision;
}

void Program::settle(Track& track) noexcept {
  if (!marked_) return;
  marked_ = false;
  for (const auto& part : track.parts) prepare_marked(*part.block);
  for_each_lane(track.parts, script_->lanes,
                [](Block& block, std::uint32_t slot, std::size_t) { block.marked[slot] = 0; });
}

Program::Line* Program::line_of(std::uint32_t id) noexcept {
  const auto found = std::ranges::find(state_.lines, id, &Line::id);
  return found == state_.lines.end() ? nullptr : &*found;
}

void Program::save() noexcept { copy_into(state_, saved_); }

}  // namespace simhost::engine
