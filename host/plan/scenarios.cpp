// The list of scenarios, and their way into sessions.
#include <host/plan/scenarios.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/base/nearest.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::plan {

namespace {

constexpr std::string_view kind = "scenario";

tl::unexpected<Error> unknown(std::string_view id_or_name) {
  return fail("not_found", "there is no scenario " + std::string(id_or_name) + "; GET /v1/scenarios lists them");
}

}  // namespace

Scenarios::Scenarios(session::Registry& registry, store::Store& store, const Clock& clock, std::size_t scenarios_max)
    : registry_(registry), store_(store), clock_(clock), scenarios_max_(scenarios_max), ids_(clock) {}

Outcome Scenarios::load() {
  auto documents = store_.load(kind);
  if (!documents) return fail(documents.error());
  const std::lock_guard lock(mutex_);
  for (const auto& document : *documents) {
    auto scenario = scenario_of(document.value);
    if (scenario)
      scenarios_.push_back(std::move(*scenario));
    else
      log_error("plan", "a stored scenario cannot be read", {{"key", document.key}, {"why", scenario.error().detail}});
  }
  return {};
}

std::vector<Scenario>::iterator Scenarios::at(std::string_view id_or_name) {
  return std::ranges::find_if(scenarios_, [&](const auto& s) { return s.id == id_or_name || s.name == id_or_name; });
}

std::optional<Scenario> Scenarios::find(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  const auto found = const_cast<Scenarios*>(this)->at(id_or_name);
  return found == scenarios_.end() ? std::nullopt : std::optional(*found);
}

std::vector<Scenario> Scenarios::list() const {
  const std::lock_guard lock(mutex_);
  return scenarios_;
}

Outcome Scenarios::check_name(const std::string& name, std::string_view own_id) const {
  for (const auto& other : scenarios_)
    if (other.name == name && other.id != own_id) return fail("name_taken", "another scenario is called " + name);
  return {};
}

Outcome Scenarios::check_free(const Scenario& scenario) const {
  bool used = false;
  {
    const std::lock_guard lock(starting_->mutex);
    used = starting_->ids.contains(scenario.id);
  }
  for (const auto& session : registry_.list())
    used = used || std::ranges::any_of(session->runs(), [&](const auto& run) { return run.scenario == scenario.id; });
  if (!used) return {};
  return fail("in_use",
              "the scenario " + scenario.name + " runs on a session; DELETE /v1/sessions/{id}/scenario ends it");
}

Result<Scenario> Scenarios::create(const Value& body) {
  auto scenario = parse_scenario(body, registry_.models());
  if (!scenario) return scenario;
  const std::lock_guard lock(mutex_);
  if (auto named = check_name(scenario->name, ""); !named) return fail(named.error());
  if (scenarios_.size() >= scenarios_max_)
    return fail("limit_reached", "at most " + std::to_string(scenarios_max_) + " scenarios; delete one first");
  scenario->id = ids_.next();
  scenario->created_wall_ns = scenario->updated_wall_ns = clock_.wall_ns();
  store_.put(kind, scenario->id, to_document(*scenario));
  scenarios_.push_back(*scenario);
  return scenario;
}

Result<Scenario> Scenarios::replace(std::string_view id_or_name, const Value& body) {
  if (!find(id_or_name)) return unknown(id_or_name);
  auto scenario = parse_scenario(body, registry_.models());
  if (!scenario) return scenario;
  const std::lock_guard lock(mutex_);
  const auto found = at(id_or_name);
  if (found == scenarios_.end()) return unknown(id_or_name);
  if (auto named = check_name(scenario->name, found->id); !named) return fail(named.error());
  if (auto free = check_free(*found); !free) return fail(free.error());
  scenario->id = found->id;
  scenario->created_wall_ns = found->created_wall_ns;
  scenario->updated_wall_ns = clock_.wall_ns();
  store_.put(kind, scenario->id, to_document(*scenario));
  *found = *scenario;
  return scenario;
}

Outcome Scenarios::remove(std::string_view id_or_name) {
  const std::lock_guard lock(mutex_);
  const auto found = at(id_or_name);
  if (found == scenarios_.end()) return unknown(id_or_name);
  if (auto free = check_free(*found); !free) return free;
  store_.erase(kind, found->id);
  scenarios_.erase(found);
  return {};
}

// id: of the scenario, which is counted as starting when the request is good.
Result<session::RunRequest> Scenarios::request_of(const session::Session& session, const Value& body, std::string& id) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.require("scenario");
  const auto which = r.text("scenario");
  auto lanes = session::read_lanes(r.any("lanes"), r.pointer("lanes"), session.lanes(), errors);
  r.finish();
  const std::lock_guard lock(mutex_);
  const auto found = which ? at(*which) : scenarios_.end();
  const auto model = session.model();
  if (which && found == scenarios_.end()) {
    std::vector<std::string_view> known;
    for (const auto& s : scenarios_) known.push_back(s.name);
    r.refuse("scenario", "unknown_reference", unknown_name_text("scenario", *which, known));
  } else if (which && found->model != model->id()) {
    r.refuse("scenario", "not_valid", "the scenario is one of " + found->model + ", the session one of " + model->id());
  }
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  auto script = compile(*found, *model, session.step_ns());
  if (!script) return fail(script.error());
  script->lanes = std::move(lanes);
  if (engine::Program::bytes(*script, session.lanes()) > limits::run_bytes)
    return fail({"limit_reached", "the ramps of this scenario need too much memory on so many lanes", {}, 422});
  id = found->id;
  const std::lock_guard starting(starting_->mutex);
  starting_->ids.insert(id);
  return session::RunRequest{found->id, found->name, std::make_shared<const engine::Script>(std::move(*script))};
}

void Scenarios::start(session::SessionPointer session, const Value& body, session::Done<session::Run> done) {
  std::string id;
  auto request = request_of(*session, body, id);
  if (!request) return done(fail(request.error()));
  registry_.begin_run(std::move(session), std::move(*request),
                      [starting = starting_, id, done = std::move(done)](Result<session::Run> run) {
                        {
                          const std::lock_guard lock(starting->mutex);
                          starting->ids.erase(starting->ids.find(id));
                        }
                        done(std::move(run));
                      });
}

}  // namespace simhost::plan
