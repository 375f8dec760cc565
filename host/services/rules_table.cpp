// sim.rules/1: a plugin's rules over its own models and sessions, and the alerts they raise.
#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/rules/rules.hpp>
#include <host/services/tables.hpp>
#include <host/services/visit.hpp>

namespace simhost::services {

namespace {

constexpr std::int64_t heard_deadline_ns = std::int64_t{limits::route_deadline_default_ms} * 1'000'000;

using Heard = void (*)(const sim_host* host, std::uint64_t session, const sim_value* alert);

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

std::int32_t alerts(const sim_host* host, std::uint64_t session, sim_text after, std::uint32_t limit,
                    const sim_sink* sink) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr || !is_sink(sink) || limit == 0 || limit > limits::list_items) return SIM_INVALID_ARG;
    auto* rules = visit.tenant->services->rules();
    if (rules == nullptr) return SIM_UNSUPPORTED;
    if (session != 0 && visit.session == nullptr) return SIM_WRONG_STATE;
    Value items = Value::array();
    Value next;
    for (const auto& alert : rules->alerts_of(visit.tenant->plugin)) {
      if (session != 0 && alert.session != visit.session->id()) continue;
      if (!(view(after) < alert.id)) continue;
      if (items.items().size() == limit) {
        next = *items.items().back().find("id");
        break;
      }
      items.push(rules::show(alert));
    }
    const auto text = to_json(Value::object({{"items", std::move(items)}, {"next", std::move(next)}}));
    return sink->message(sink->context, SIM_TEXT, text.data(), text.size());
  });
}

std::int32_t listen(const sim_host* host, Heard heard) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return SIM_INVALID_ARG;
    if (tenant->services->rules() == nullptr) return SIM_UNSUPPORTED;
    tenant->heard.store(heard);
    return SIM_OK;
  });
}

}  // namespace

// A listener that cannot keep up loses alerts, which it finds on the list.
void tell_alert(const TenantPointer& tenant, std::uint64_t session, const std::shared_ptr<const Value>& alert) {
  if (tenant->heard.load() == nullptr || tenant->going()) return;
  Task task;
  task.deadline_ns = monotonic_now_ns() + heard_deadline_ns;
  task.run = [tenant, session, alert] {
    const auto generation = tenant->hold();
    const auto heard = tenant->heard.load();
    if (generation == nullptr || heard == nullptr) return;
    static_cast<void>(guarded([&]() -> sim_status {
      heard(generation->host(), session, as_plugin_value(*alert));
      return SIM_OK;
    }));
  };
  static_cast<void>(tenant->services->workers().submit(tenant->lane, std::move(task)));
}

const sim_rules rules_table{sizeof(sim_rules), 0, put, remove, alerts, listen};

}  // namespace simhost::services
