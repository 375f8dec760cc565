// Plugins and what became of them as the API shows them.
#include <algorithm>

#include <host/base/clock.hpp>
#include <host/services/plugin_host.hpp>

namespace simhost::services {

namespace {

Value show(const std::vector<plugin::Change>& changes) {
  Array list;
  for (const auto& change : changes)
    list.push_back(Value::object({{"kind", change.kind},
                                  {"name", change.name},
                                  {"id", change.id},
                                  {"verdict", plugin::name_of(change.weight)},
                                  {"detail", change.detail}}));
  return list;
}

Value show(const Which& which) {
  return Value::object({{"generation", which.generation}, {"version", which.version}, {"digest", which.digest}});
}

bool gone(plugin::Retired retired) { return retired == plugin::Retired::gone; }

std::string cpu_level_name(std::uint32_t level) { return level == SIM_CPU_V3 ? "v3" : "baseline"; }

}  // namespace

Value show(const plugin::DescriptorDiff& difference) {
  return Value::object({{"verdict", plugin::name_of(difference.verdict)},
                        {"added", show(difference.added)},
                        {"removed", show(difference.removed)},
                        {"changed", show(difference.changed)}});
}

Value show(const ReloadReport& report) {
  return Value::object({{"id", report.id},
                        {"from", show(report.from)},
                        {"to", show(report.to)},
                        {"dry_run", report.rehearsal == Rehearsal::dry_run},
                        {"descriptor_diff", show(report.difference)},
                        {"sessions", report.sessions},
                        {"stall_us", Value::object({{"p50", report.stall_p50_us}, {"max", report.stall_max_us}})},
                        {"unloaded", report.rehearsal == Rehearsal::no && gone(report.old)}});
}

Value show(const UnloadReport& report) {
  return Value::object({{"id", report.id}, {"sessions", report.sessions}, {"unloaded", gone(report.old)}});
}

Value PluginHost::show(const plugin::PluginStatus& status) const {
  // A library whose handler does not return will not leave: a zombie that is still mapped with good reason.
  const std::size_t stuck = std::min(services_.stuck(status.id), status.draining);
  const bool undead = status.state == plugin::PluginState::draining && stuck > 0;
  const auto& now = status.current;
  const auto gave_up = now != nullptr ? models_.condemned(status.id, now->number()) : std::nullopt;
  const plugin::PluginState state = undead    ? plugin::PluginState::zombie
                                    : gave_up ? plugin::PluginState::failed
                                              : status.state;
  Array models;
  const auto is_its = [&](const auto& session) {
    const auto model = session->model();
    return model->plugin == status.id && !model->recorded;
  };
  const auto all = registry_.list();
  const auto sessions = static_cast<std::size_t>(std::ranges::count_if(all, is_its));
  Value value = Value::object(
      {{"id", status.id},
       {"name", status.id},
       {"version", status.stamp.version},
       {"vendor", status.stamp.vendor},
       {"license", status.stamp.license},
       {"state", plugin::name_of(state)},
       {"generation", nullptr},
       {"digest", nullptr},
       {"cpu_level", cpu_level_name(status.stamp.cpu_level)},
       {"abi_version", std::to_string(status.stamp.abi_major) + "." + std::to_string(status.stamp.abi_minor)},
       {"isolation", "in_process"}});
  Array warnings;
  bool has_routes = false;
  if (const auto& generation = status.current; generation != nullptr) {
    for (const auto& model : generation->models()) models.emplace_back(model->id());
    for (const auto& finding : generation->origin().warnings)
      warnings.push_back(Value::object({{"rule", finding.rule}, {"detail", finding.text}}));
    has_routes = !generation->routes().routes.empty() || !generation->streams().empty();
    value.set("generation", generation->number());
    value.set("digest", generation->digest());
    value.set("loaded_at", format_utc(generation->loaded_wall_ns()));
  } else {
    value.set("loaded_at", nullptr);
  }
  value.set("models", std::move(models));
  value.set("warnings", std::move(warnings));
  value.set("routes_at", has_routes ? Value("/plugins/" + status.id) : Value());
  value.set("sessions", sessions);
  value.set("draining", status.draining - stuck);
  value.set("zombies", status.zombies + stuck);
  if (gave_up)
    value.set("error", Value::object({{"code", "plugin_fatal"}, {"detail", "the plugin gave up: " + *gave_up}}));
  else if (status.error)
    value.set("error", Value::object({{"code", status.error->code}, {"detail", status.error->detail}}));
  return value;
}

std::vector<Value> PluginHost::list() const {
  std::vector<Value> all;
  for (const auto& status : catalogue_.list()) all.push_back(show(status));
  return all;
}

std::optional<Value> PluginHost::find(std::string_view id) const {
  const auto status = catalogue_.status(id);
  return status ? std::optional(show(*status)) : std::nullopt;
}

}  // namespace simhost::services
