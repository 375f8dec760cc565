// sim.config/1: the validated settings of a plugin.
#include <algorithm>

#include <host/services/answers.hpp>
#include <host/services/tables.hpp>
#include <host/services/tenant.hpp>

namespace simhost::services {

namespace {

const SettingValue* find(const Tenant& tenant, const char* key) {
  const auto found = std::ranges::find_if(tenant.settings, [&](const auto& s) { return s.key == key; });
  return found == tenant.settings.end() ? nullptr : &*found;
}

std::int32_t number(const sim_host* host, const char* key, double* value) noexcept {
  const auto tenant = tenant_of(host);
  if (tenant == nullptr || key == nullptr || value == nullptr) return SIM_INVALID_ARG;
  const SettingValue* setting = find(*tenant, key);
  if (setting == nullptr || setting->type == 0) return SIM_INVALID_ARG;
  *value = setting->number;
  return SIM_OK;
}

std::int32_t text(const sim_host* host, const char* key, sim_text* value) noexcept {
  const auto tenant = tenant_of(host);
  if (tenant == nullptr || key == nullptr || value == nullptr) return SIM_INVALID_ARG;
  const SettingValue* setting = find(*tenant, key);
  if (setting == nullptr) return SIM_INVALID_ARG;
  *value = text_of(setting->text);
  return SIM_OK;
}

}  // namespace

const sim_config config_table{sizeof(sim_config), 0, number, text};

}  // namespace simhost::services
