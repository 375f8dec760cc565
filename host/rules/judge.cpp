// Conditions, groups, hysteresis and times of rules.
#include <host/rules/judge.hpp>

#include <algorithm>
#include <cmath>

namespace simhost::rules {

namespace {

using Kind = When::Kind;

// Whether the condition holds; an alert that stands needs the hysteresis to be cleared.
bool holds(const When& when, double value, const LaneState& state) {
  const double give = state.active ? when.hysteresis : 0;
  switch (when.kind) {
    case Kind::above:
      return value > when.high - give;
    case Kind::below:
      return value < when.low + give;
    case Kind::outside:
      return value < when.low + give || value > when.high - give;
    case Kind::equals:
      return value == when.high;
    case Kind::change:
      return state.past.size() == when.samples && state.change > when.high;
  }
  return false;
}

double limit_of(const When& when, double value) {
  if (when.kind == Kind::below) return when.low;
  if (when.kind == Kind::outside) return value < (when.low + when.high) / 2 ? when.low : when.high;
  return when.high;
}

void compare(const When& when, double value, LaneState& state) {
  if (when.kind == Kind::change && !state.past.empty()) state.change = std::abs(value - state.past.front());
}

void remember(const When& when, double value, LaneState& state) {
  if (when.kind != Kind::change) return;
  if (state.past.size() == when.samples) state.past.erase(state.past.begin());
  state.past.push_back(value);
}

}  // namespace

Judge::Judge(std::span<const RulePointer> rules, const session::Model& model, std::uint32_t lanes, double step_s,
             RuleStates before)
    : lanes_(lanes), step_s_(step_s) {
  std::vector<std::uint32_t> all(lanes);
  for (std::uint32_t k = 0; k < lanes; ++k) all[k] = k;
  items_.reserve(rules.size());
  std::map<std::string, std::vector<Item*>> groups;
  for (const auto& rule : rules) {
    const auto* variable = model.descriptor.find(rule->variable);
    const auto* on = rule->on.empty() ? nullptr : model.descriptor.find(rule->on);
    if (variable == nullptr || (on == nullptr && !rule->on.empty())) continue;
    std::vector<const plugin::Variable*> with;
    for (const auto& name : rule->with) with.push_back(model.descriptor.find(name));
    if (std::ranges::find(with, nullptr) != with.end()) continue;
    Item item;
    item.rule = rule;
    item.variable = place_of(variable->id);
    item.has_on = on != nullptr;
    if (on != nullptr) item.on = place_of(on->id);
    if (on != nullptr) item.on_start = on->start;
    for (const auto* one : with) item.with.push_back(place_of(one->id));
    item.lanes = rule->lanes.empty() ? all : rule->lanes;
    std::erase_if(item.lanes, [&](auto lane) { return lane >= lanes; });
    item.states = std::move(before[rule]);
    item.states.resize(lanes);
    item.judged.resize(lanes);
    item.hits.resize(lanes);
    items_.push_back(std::move(item));
    if (!rule->group.empty()) groups[rule->group].push_back(&items_.back());
  }
  for (auto& [name, members] : groups) {
    std::ranges::stable_sort(members, {}, [](const Item* item) { return item->rule->order; });
    groups_.push_back(std::move(members));
  }
  selection_.tiles = telemetry::tiles_of({}, lanes);
}

std::size_t Judge::place_of(std::uint32_t id) {
  auto& ids = selection_.ids;
  const auto found = std::ranges::find(ids, id);
  if (found != ids.end()) return static_cast<std::size_t>(found - ids.begin());
  ids.push_back(id);
  return ids.size() - 1;
}

void Judge::take(const telemetry::Sample& sample, std::vector<Finding>& findings) {
  if (last_tick_ != engine::no_tick && sample.tick == last_tick_) return;
  if (last_tick_ != engine::no_tick && sample.tick < last_tick_) begin_anew();
  last_tick_ = sample.tick;
  for (auto& item : items_) look(item, sample);
  yield_to_first();
  for (auto& item : items_) conclude(item, sample, findings);
}

// What lies behind a jump back says nothing of what comes; alerts that stand are judged by the values there are.
void Judge::begin_anew() {
  for (auto& item : items_)
    for (auto& state : item.states) {
      state.since_tick = engine::no_tick;
      state.counted = false;
      state.past.clear();
    }
}

void Judge::look(Item& item, const telemetry::Sample& sample) {
  for (const auto lane : item.lanes) {
    auto& state = item.states[lane];
    item.hits[lane] = 0;
    item.judged[lane] = 1;
    if (item.has_on) {
      const double counter = sample.values[item.on * lanes_ + lane];
      // The first reading of a session has no tick before it: it differs from where the counter starts.
      const double before = state.counted ? state.counter : sample.tick <= 1 ? item.on_start : counter;
      item.judged[lane] = counter != before ? 1 : 0;
      state.counter = counter;
      state.counted = true;
      if (item.judged[lane] == 0) continue;
    }
    const double value = sample.values[item.variable * lanes_ + lane];
    compare(item.rule->when, value, state);
    item.hits[lane] = holds(item.rule->when, value, state) ? 1 : 0;
    remember(item.rule->when, value, state);
  }
}

// Of a group the first by order has it, the others nothing.
void Judge::yield_to_first() {
  for (const auto& members : groups_)
    for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
      bool taken = false;
      for (auto* item : members) {
        if (item->hits[lane] == 0) continue;
        if (taken) item->hits[lane] = 0;
        taken = true;
      }
    }
}

void Judge::conclude(Item& item, const telemetry::Sample& sample, std::vector<Finding>& findings) {
  const Rule& rule = *item.rule;
  const auto for_ticks = static_cast<std::uint64_t>(std::llround(rule.when.for_s / step_s_));
  for (const auto lane : item.lanes) {
    if (item.judged[lane] == 0) continue;
    auto& state = item.states[lane];
    const double value = sample.values[item.variable * lanes_ + lane];
    Finding finding{Finding::What::raised, &rule,         lane,         value, limit_of(rule.when, value),
                    sample.tick,           sample.time_s, state.change, {}};
    for (const auto place : item.with) finding.with.push_back(sample.values[place * lanes_ + lane]);
    if (item.hits[lane] == 0) {
      state.since_tick = engine::no_tick;
      if (!state.active) continue;
      state.active = false;
      finding.what = Finding::What::cleared;
      findings.push_back(finding);
      continue;
    }
    if (state.active) continue;
    if (state.since_tick == engine::no_tick) state.since_tick = sample.tick;
    if (sample.tick - state.since_tick < for_ticks) continue;
    if (rule.pulse)
      finding.what = Finding::What::pulse;
    else
      state.active = true;
    findings.push_back(finding);
  }
}

RuleStates Judge::take_states() {
  RuleStates states;
  for (auto& item : items_) states[item.rule] = std::move(item.states);
  items_.clear();
  groups_.clear();
  return states;
}

}  // namespace simhost::rules
