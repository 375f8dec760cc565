// Settings of a plugin without any configuration: what it declares as their fallbacks.
#include <charconv>
#include <cmath>

#include <host/services/answers.hpp>
#include <host/services/services.hpp>

namespace simhost::services {

namespace {

std::optional<double> number_of(std::uint32_t type, std::string_view text) {
  if (type == SIM_BOOLEAN && (text == "true" || text == "false")) return text == "true" ? 1 : 0;
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  const bool whole = number == std::floor(number);
  if ((type == SIM_INTEGER && !whole) || (type == SIM_BOOLEAN && number != 0 && number != 1)) return std::nullopt;
  return number;
}

}  // namespace

Result<SettingValues> fallback_settings(const std::string& plugin, std::span<const sim_setting> declared) {
  SettingValues values;
  Error error{"plugin_bad_settings", "the settings the plugin " + plugin + " declares have faulty fallbacks"};
  for (const sim_setting& setting : declared) {
    SettingValue value{setting.key, setting.type, setting.role, 0, setting.fallback == nullptr ? "" : setting.fallback};
    if (setting.type != 0) {
      const auto number = number_of(setting.type, value.text);
      const bool bounded = setting.min < setting.max;  // both 0: no bounds
      if (!number || (bounded && (*number < setting.min || *number > setting.max)))
        error.errors.push_back({"/" + value.key, "not_valid", "\"" + value.text + "\" is not a value of this setting"});
      value.number = number.value_or(0);
    }
    values.push_back(std::move(value));
  }
  if (!error.errors.empty()) return fail(std::move(error));
  return values;
}

}  // namespace simhost::services
