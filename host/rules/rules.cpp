// The list of rules and that of alerts: what clients see and change.
#include <host/rules/rules.hpp>

#include <algorithm>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/rules/message.hpp>

namespace simhost::rules {

namespace {

constexpr std::string_view rule_kind = "rule", alert_kind = "alert";

tl::unexpected<Error> unknown(std::string_view id_or_name) {
  return fail("not_found", "there is no rule " + std::string(id_or_name) + "; GET /v1/rules lists them");
}

Outcome check_owner(const Rule& rule, std::string_view owner) {
  if (rule.owner == owner) return {};
  return fail("in_use", rule.owner.empty() ? "the rule " + rule.name + " is not this plugin's"
                                           : "the rule " + rule.name + " belongs to the plugin " + rule.owner);
}

}  // namespace

Outcome Rules::load() {
  auto documents = store_.load(rule_kind);
  if (!documents) return fail(documents.error());
  auto alerts = store_.load(alert_kind);
  if (!alerts) return fail(alerts.error());
  const std::lock_guard lock(mutex_);
  for (const auto& document : *documents) {
    auto rule = rule_of(document.value);
    if (rule)
      rules_.push_back(std::make_shared<const Rule>(std::move(*rule)));
    else
      log_error("rules", "a stored rule cannot be read", {{"key", document.key}, {"why", rule.error().detail}});
  }
  for (const auto& document : *alerts) {
    auto alert = alert_of(document.value);
    if (!alert) continue;
    if (alert->active()) {
      active_[{alert->rule, alert->session, alert->lane}] = alert->id;
      auto& count = counts_[{alert->model, alert->severity}];
      count.model = alert->model;
      count.severity = alert->severity;
      ++count.active;
    }
    alerts_.push_back(std::move(*alert));
  }
  return {};
}

std::vector<RulePointer>::iterator Rules::at(std::string_view id_or_name) {
  return std::ranges::find_if(rules_, [&](const auto& r) { return r->id == id_or_name || r->name == id_or_name; });
}

Outcome Rules::check_name(const std::string& name, std::string_view own_id) const {
  for (const auto& other : rules_)
    if (other->name == name && other->id != own_id) return fail("name_taken", "another rule is called " + name);
  return {};
}

Result<Rule> Rules::create(const Value& body, std::string_view owner) {
  auto rule = parse_rule(body, registry_);
  if (!rule) return rule;
  {
    const std::lock_guard lock(mutex_);
    if (auto named = check_name(rule->name, ""); !named) return fail(named.error());
    if (rules_.size() >= rules_max_)
      return fail("limit_reached", "at most " + std::to_string(rules_max_) + " rules; delete one first");
    rule->id = ids_.next();
    rule->owner = owner;
    rule->created_wall_ns = rule->updated_wall_ns = clock_.wall_ns();
    store_.put(rule_kind, rule->id, to_document(*rule));
    rules_.push_back(std::make_shared<const Rule>(*rule));
  }
  refresh_for(*rule);
  return rule;
}

Result<Rule> Rules::replace(std::string_view id_or_name, const Value& body, std::string_view owner) {
  if (!find(id_or_name)) return unknown(id_or_name);
  auto rule = parse_rule(body, registry_);
  if (!rule) return rule;
  RulePointer before;
  Events events;
  {
    const std::lock_guard lock(mutex_);
    const auto found = at(id_or_name);
    if (found == rules_.end()) return unknown(id_or_name);
    before = *found;
    if (auto owned = check_owner(*before, owner); !owned) return fail(owned.error());
    if (auto named = check_name(rule->name, before->id); !named) return fail(named.error());
    rule->id = before->id;
    rule->owner = before->owner;
    rule->created_wall_ns = before->created_wall_ns;
    rule->updated_wall_ns = clock_.wall_ns();
    store_.put(rule_kind, rule->id, to_document(*rule));
    clear_all(rule->id, "", events);
    *found = std::make_shared<const Rule>(*rule);
  }
  publish(std::move(events));
  refresh_for(*before);
  refresh_for(*rule);
  return rule;
}

Outcome Rules::remove(std::string_view id_or_name, std::string_view owner) {
  RulePointer before;
  Events events;
  {
    const std::lock_guard lock(mutex_);
    const auto found = at(id_or_name);
    if (found == rules_.end()) return unknown(id_or_name);
    before = *found;
    if (auto owned = check_owner(*before, owner); !owned) return owned;
    store_.erase(rule_kind, before->id);
    clear_all(before->id, "", events);
    rules_.erase(found);
  }
  publish(std::move(events));
  refresh_for(*before);
  return {};
}

std::optional<Rule> Rules::find(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  const auto found = const_cast<Rules*>(this)->at(id_or_name);
  return found == rules_.end() ? std::nullopt : std::optional(**found);
}

std::vector<Rule> Rules::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Rule> all;
  for (const auto& rule : rules_) all.push_back(*rule);
  return all;
}

std::vector<Alert> Rules::alerts() const {
  const std::lock_guard lock(mutex_);
  return {alerts_.begin(), alerts_.end()};
}

std::vector<Alert> Rules::alerts_of(std::string_view owner, const AlertsWanted& wanted) const {
  const std::lock_guard lock(mutex_);
  std::set<std::string_view> owned;
  for (const auto& rule : rules_)
    if (rule->owner == owner) owned.insert(rule->id);
  std::vector<Alert> found;
  auto alert = std::ranges::upper_bound(alerts_, wanted.after, {}, &Alert::id);
  for (; alert != alerts_.end() && found.size() < wanted.limit; ++alert)
    if ((wanted.session.empty() || alert->session == wanted.session) && owned.contains(alert->rule))
      found.push_back(*alert);
  return found;
}

void Rules::on_alert(std::function<void(const Heard&)> listener) {
  const std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

std::optional<Alert> Rules::find_alert(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto* found = const_cast<Rules*>(this)->alert_at(id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<Rules::Count> Rules::counts() const {
  const std::lock_guard lock(mutex_);
  std::vector<Count> all;
  for (const auto& [key, count] : counts_) all.push_back(count);
  return all;
}

Alert* Rules::alert_at(std::string_view id) {
  const auto found = std::ranges::lower_bound(alerts_, id, {}, &Alert::id);
  return found == alerts_.end() || found->id != id ? nullptr : &*found;
}

// What is kept is bounded: the oldest that is over goes first.
void Rules::keep(Alert alert) {
  store_.put(alert_kind, alert.id, to_document(alert));
  alerts_.push_back(std::move(alert));
  if (alerts_.size() <= limits::alerts) return;
  auto oldest = std::ranges::find_if(alerts_, [](const auto& one) { return !one.active(); });
  if (oldest == alerts_.end()) oldest = alerts_.begin();
  store_.erase(alert_kind, oldest->id);
  alerts_.erase(oldest);
}

void Rules::raise(const session::Session& session, const Finding& finding, Events& events) {
  const Rule& rule = *finding.rule;
  const AlertKey key{rule.id, session.id(), finding.lane};
  if (active_.contains(key)) return;
  const auto model = session.model();
  const auto* variable = model->descriptor.find(rule.variable);
  if (variable == nullptr) return;
  Alert alert;
  alert.id = ids_.next();
  alert.rule = rule.id;
  alert.rule_name = rule.name;
  alert.session = session.id();
  alert.model = model->id();
  alert.lane = finding.lane;
  alert.value = session::show(*variable, finding.value);
  alert.limit = finding.limit;
  alert.time_s = finding.time_s;
  alert.severity = rule.severity;
  alert.since = {finding.tick, clock_.wall_ns()};
  const std::string name = alert.value.is_string() ? alert.value.string() : "";
  alert.message =
      fill_message(rule.message, {finding.value, finding.limit, finding.time_s, finding.change, finding.tick,
                                  finding.lane, rule.variable, variable->unit, alert.session, rule.name, name});
  for (std::size_t i = 0; i < rule.with.size() && i < finding.with.size(); ++i)
    if (const auto* one = model->descriptor.find(rule.with[i]))
      alert.with.set(rule.with[i], session::show(*one, finding.with[i]));
  auto& count = counts_[{alert.model, alert.severity}];
  count.model = alert.model;
  count.severity = alert.severity;
  ++count.raised;
  if (finding.what == Finding::What::pulse) {
    alert.cleared = alert.since;
  } else {
    active_[key] = alert.id;
    ++count.active;
  }
  events.push_back({{"alert.raised", 0, alert.session, show(alert)}, rule.owner});
  keep(std::move(alert));
}

void Rules::clear(const AlertKey& key, std::uint64_t tick, Events& events) {
  const auto standing = active_.find(key);
  if (standing == active_.end()) return;
  Alert* const alert = alert_at(standing->second);
  active_.erase(standing);
  if (alert == nullptr) return;
  alert->cleared = Moment{tick, clock_.wall_ns()};
  --counts_[{alert->model, alert->severity}].active;
  store_.put(alert_kind, alert->id, to_document(*alert));
  const auto rule = at(alert->rule);
  events.push_back(
      {{"alert.cleared", 0, alert->session, show(*alert)}, rule == rules_.end() ? std::string() : (*rule)->owner});
}

void Rules::clear_all(std::string_view rule, std::string_view session, Events& events) {
  std::vector<AlertKey> keys;
  for (const auto& [key, id] : active_)
    if ((rule.empty() || std::get<0>(key) == rule) && (session.empty() || std::get<1>(key) == session))
      keys.push_back(key);
  for (const auto& key : keys) {
    const auto found = registry_.find(std::get<1>(key));
    clear(key, found != nullptr ? found->tick() : 0, events);
  }
}

std::vector<telemetry::Notice> Rules::publish(Events events) {
  std::vector<telemetry::Notice> notices;
  for (auto& news : events) {
    registry_.publish(news.event);
    const auto session = registry_.find(news.event.session);
    notices.push_back({std::move(news.owner), std::make_shared<const Value>(std::move(news.event.data))});
    const std::lock_guard lock(listener_mutex_);
    if (listener_) listener_({notices.back(), session == nullptr ? 0 : session->handle()});
  }
  return notices;
}

}  // namespace simhost::rules
