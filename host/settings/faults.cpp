// Faulty settings as text.
#include <host/settings/faults.hpp>

namespace simhost::settings {
namespace {

std::string line_of(const SettingFault& fault) {
  std::string line = fault.origin.place + ": ";
  if (!fault.key.empty()) line += fault.key + ": ";
  return line + fault.text;
}

}  // namespace

std::string faults_text(const SettingFaults& faults) {
  std::string text;
  for (const SettingFault& fault : faults) text += line_of(fault) + '\n';
  return text;
}

Error settings_error(const SettingFaults& faults) {
  Error error{.code = "plugin_bad_settings", .detail = "the settings of the plugin are not valid"};
  for (const SettingFault& fault : faults) {
    error.errors.push_back({.pointer = "", .code = fault.code, .detail = line_of(fault)});
  }
  return error;
}

}  // namespace simhost::settings
