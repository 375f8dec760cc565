// Which session is judged by what: cursors come and go with sessions, rules and reloads.
#include <host/rules/rules.hpp>

#include <algorithm>
#include <limits>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>

namespace simhost::rules {

// Hands every tick of a session to its judge, on the pump's thread.
class Rules::Cursor final : public telemetry::Cursor {
 public:
  Cursor(std::shared_ptr<Door> door, session::SessionPointer session, std::shared_ptr<Judge> judge)
      : telemetry::Cursor({judge->selection(), telemetry::Reads::every, 1, telemetry::Loss::none}),
        door_(std::move(door)),
        session_(std::move(session)),
        judge_(std::move(judge)) {}

  [[nodiscard]] std::int64_t due_ns() const override { return std::numeric_limits<std::int64_t>::max(); }
  void take(const telemetry::Sample& sample) override {
    findings_.clear();
    judge_->take(sample, findings_);
    const bool first = std::exchange(first_, false);
    if (findings_.empty() && !first) return;
    const std::lock_guard lock(door_->mutex);
    if (door_->rules == nullptr) return;
    if (!findings_.empty()) tell(door_->rules->take(*session_, findings_));
    if (first) door_->rules->let_go(session_);
  }
  void serve(std::int64_t, const telemetry::Newest&) override {}
  After end(telemetry::Ending ending) override {
    return ending == telemetry::Ending::deleted ? After::gone : After::stays;
  }

 private:
  std::shared_ptr<Door> door_;
  session::SessionPointer session_;
  std::shared_ptr<Judge> judge_;
  std::vector<Finding> findings_;
  bool first_ = true;
};

Rules::Rules(session::Registry& registry, telemetry::Pump& pump, store::Store& store, const Clock& clock,
             std::size_t rules_max)
    : registry_(registry), pump_(pump), store_(store), clock_(clock), rules_max_(rules_max), ids_(clock) {
  door_->rules = this;
  registry.on_event([door = door_](const session::Event& event) {
    if (!event.type.starts_with("session.")) return;
    const std::lock_guard lock(door->mutex);
    if (door->rules != nullptr) door->rules->heard(event);
  });
  registry.on_birth(this, [this](const session::Session& session) {
    const std::lock_guard lock(mutex_);
    return !rules_for(session).empty() && waiting_.insert(session.id()).second;
  });
}

Rules::~Rules() {
  registry_.on_birth(this, {});
  const std::lock_guard lock(door_->mutex);
  door_->rules = nullptr;
}

void Rules::heard(const session::Event& event) {
  if (event.type == "session.deleted") {
    Events events;
    {
      const std::lock_guard lock(mutex_);
      watches_.erase(event.session);
      waiting_.erase(event.session);
      clear_all("", event.session, events);
    }
    publish(std::move(events));
    return;
  }
  constexpr std::string_view news[] = {"session.created", "session.recovered", "session.reload"};
  if (std::ranges::find(news, event.type) == std::end(news)) return;
  if (const auto session = registry_.find(event.session)) refresh(session);
}

std::vector<RulePointer> Rules::rules_for(const session::Session& session) const {
  std::vector<RulePointer> rules;
  const auto model = session.model();
  std::size_t lanes = 0;
  for (const auto& rule : rules_) {
    if (rule->session.empty() ? rule->model != model->id() : rule->session != session.id()) continue;
    lanes += session.lanes();
    if (lanes > limits::rule_lanes) {
      log_warning("rules", "too many rules for so many lanes; the later ones are left out",
                  {{"session", session.id()}, {"lanes", session.lanes()}});
      break;
    }
    rules.push_back(rule);
  }
  return rules;
}

void Rules::refresh_for(const Rule& rule) {
  for (const auto& session : registry_.list())
    if (rule.session.empty() ? session->model()->id() == rule.model : session->id() == rule.session) refresh(session);
}

void Rules::refresh(const session::SessionPointer& session) {
  std::shared_ptr<Judge> judge;
  const telemetry::Cursor* cursor = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto watch = watches_.find(session->id());
    if (watch != watches_.end()) {
      if (watch->second.changing) return;  // what follows it judges by the rules there are then
      watch->second.changing = true;
      judge = watch->second.judge;
      cursor = std::exchange(watch->second.cursor, nullptr);
    }
  }
  if (cursor == nullptr) return attach(session, {});
  pump_.remove(session, cursor, [door = door_, session, judge] {
    const std::lock_guard lock(door->mutex);
    if (door->rules != nullptr) door->rules->attach(session, judge->take_states());
  });
}

// Alerts that stand are not raised again, whoever judged before.
void Rules::seed(const session::Session& session, const std::vector<RulePointer>& rules, RuleStates& states) const {
  for (const auto& [key, id] : active_) {
    const auto& [rule_id, session_id, lane] = key;
    if (session_id != session.id() || lane >= session.lanes()) continue;
    const auto rule = std::ranges::find_if(rules, [&](const auto& r) { return r->id == rule_id; });
    if (rule == rules.end()) continue;
    auto& of_rule = states[*rule];
    of_rule.resize(session.lanes());
    of_rule[lane].active = true;
  }
}

void Rules::let_go(const session::SessionPointer& session) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.erase(session->id()) == 0) return;
  }
  registry_.let_go(session, this);
}

void Rules::attach(const session::SessionPointer& session, RuleStates states) {
  std::unique_ptr<Cursor> cursor;
  {
    std::unique_lock lock(mutex_);
    const auto other = watches_.find(session->id());
    if (other != watches_.end() && other->second.cursor != nullptr) {  // somebody was quicker
      lock.unlock();
      return refresh(session);
    }
    const auto rules = rules_for(*session);
    seed(*session, rules, states);
    const double step_s = static_cast<double>(session->step_ns()) * 1e-9;
    auto judge = std::make_shared<Judge>(rules, *session->model(), session->lanes(), step_s, std::move(states));
    if (judge->empty() || session->ended()) {
      watches_.erase(session->id());
      lock.unlock();
      return let_go(session);
    }
    cursor = std::make_unique<Cursor>(door_, session, judge);
    watches_[session->id()] = Watch{judge, cursor.get(), false};
  }
  pump_.add(session, std::move(cursor), [door = door_, session](const Outcome& added) {
    if (added) return;
    log_warning("rules", "a session cannot be judged", {{"session", session->id()}, {"why", added.error().detail}});
    const std::lock_guard lock(door->mutex);
    if (door->rules == nullptr) return;
    door->rules->let_go(session);
    const std::lock_guard own(door->rules->mutex_);
    door->rules->watches_.erase(session->id());
  });
}

std::vector<telemetry::Notice> Rules::take(const session::Session& session, const std::vector<Finding>& findings) {
  Events events;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& finding : findings) {
      const bool known = std::ranges::any_of(rules_, [&](const auto& rule) { return rule.get() == finding.rule; });
      if (!known) continue;  // it was changed a moment ago
      if (finding.what == Finding::What::cleared)
        clear({finding.rule->id, session.id(), finding.lane}, finding.tick, events);
      else
        raise(session, finding, events);
    }
  }
  return publish(std::move(events));
}

}  // namespace simhost::rules
