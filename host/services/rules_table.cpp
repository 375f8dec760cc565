// sim.rules/1: a plugin's rules over its own models and sessions, and the alerts they raise.
#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/rules/rules.hpp>
#include <host/services/tables.hpp>
#include <host/services/visit.hpp>

namespace simhost::services {

namespace {

sim_status no_rules(sim_error* error) {
  return say(error, SIM_UNSUPPORTED, "unsupported", "this host judges no rules");
}

// Whose rule that would be: the plugin of the model, or of the session's model.
std::string plugin_of(const Value& body, session::Registry& registry) {
  const Value* model = body.find("model");
  const Value* session = body.find("session");
  if (model != nullptr && model->is_string()) {
    const auto found = registry.models().find(model->string());
    return found == nullptr ? "" : found->plugin;
  }
  if (session == nullptr || !session->is_string()) return "";
  const auto found = registry.find(session->string());
  return found == nullptr ? "" : found->model()->plugin;
}

// A rule that is put again as it stands keeps its alerts.
bool says_the_same(const rules::Rule& rule, const Value& body, const session::Registry& registry) {
  auto again = rules::parse_rule(body, registry);
  if (!again) return false;
  again->id = rule.id;
  again->owner = rule.owner;
  again->created_wall_ns = rule.created_wall_ns;
  again->updated_wall_ns = rule.updated_wall_ns;
  return rules::to_document(*again) == rules::to_document(rule);
}

std::int32_t put(const sim_host* host, sim_text body, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return no_host(error);
    auto* rules = tenant->services->rules();
    if (rules == nullptr) return no_rules(error);
    if (body.data == nullptr || body.size > limits::http_body_bytes) return bad(error, "put takes a body");
    const auto parsed = parse_json(view(body));
    if (!parsed) return say(error, parsed.error());
    const auto owner = plugin_of(*parsed, tenant->services->registry());
    if (!owner.empty() && owner != tenant->plugin)
      return say(error, SIM_INVALID_ARG, "unknown_model", "a plugin makes rules about its own models only");
    const Value* name = parsed->find("name");
    const auto known = name != nullptr && name->is_string() ? rules->find(name->string()) : std::nullopt;
    if (known && known->owner == tenant->plugin && says_the_same(*known, *parsed, tenant->services->registry()))
      return SIM_OK;
    const auto made =
        known ? rules->replace(known->id, *parsed, tenant->plugin) : rules->create(*parsed, tenant->plugin);
    return made ? SIM_OK : say(error, made.error());
  });
}

std::int32_t remove(const sim_host* host, const char* name, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return no_host(error);
    auto* rules = tenant->services->rules();
    if (rules == nullptr) return no_rules(error);
    const auto removed = rules->remove(view(name, limits::name_chars), tenant->plugin);
    if (removed) return SIM_OK;
    return removed.error().code == "not_found" ? say(error, SIM_WRONG_STATE, "not_found", removed.error().detail)
                                               : say(error, removed.error());
  });
}

// Every tick up to now is judged.
void catch_up(const Visit& visit) {
  static_cast<void>(await<session::Nothing>(visit.timeout_ms(), [&](auto done) {
    visit.tenant->services->pump().catch_up(visit.session, [done] { done(session::Nothing{}); });
  }));
}

std::int32_t alerts(const sim_host* host, std::uint64_t session, sim_text after, std::uint32_t limit,
                    sim_alert_visitor visitor, void* context) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr || visitor == nullptr || limit == 0) return SIM_INVALID_ARG;
    auto* rules = visit.tenant->services->rules();
    if (rules == nullptr) return SIM_UNSUPPORTED;
    if (session != 0 && visit.session == nullptr) return SIM_WRONG_STATE;
    rules::AlertsWanted wanted{"", std::string(view(after)), limit};
    if (session != 0) {
      wanted.session = visit.session->id();
      catch_up(visit);
    }
    for (const auto& alert : rules->alerts_of(visit.tenant->plugin, wanted)) {
      const Value shown = rules::show(alert);
      if (const auto more = visitor(context, as_plugin_value(shown)); more != SIM_OK) break;
    }
    return SIM_OK;
  });
}

std::int32_t listen(const sim_host* host, Ear::Heard heard) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return SIM_INVALID_ARG;
    if (tenant->services->rules() == nullptr) return SIM_UNSUPPORTED;
    tenant->ear.listen(heard);
    return SIM_OK;
  });
}

}  // namespace

const sim_rules rules_table{sizeof(sim_rules), 0, put, remove, alerts, listen};

}  // namespace simhost::services
