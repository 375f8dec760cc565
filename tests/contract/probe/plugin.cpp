/// The plugin of the contract tests: three models, and hooks that throw when told to.
#include <sim/cpp/plugin.hpp>
#include <tests/contract/probe/functions.hpp>
#include <tests/contract/probe/motor.hpp>
#include <tests/contract/probe/plain.hpp>

#include <stdexcept>
#include <string>

namespace probe {

constexpr sim_setting settings_list[] = {
    {sizeof(sim_setting), SIM_INTEGER, SIM_ROLE_LISTENER_PORT, 0, "port", "PORT", "its own port", "9000", 1, 65535}};
constexpr sim_settings settings_table{sizeof(sim_settings), 1, settings_list};

struct Plugin {
  using models = sim::models<Motor, Plain, Functions>;
  static const sim_settings& settings() noexcept { return settings_table; }
  static sim_status init(const sim_host& host, sim_error& error) {
    const std::string name = host.name;
    if (name == "throw") throw std::runtime_error("asked to throw");
    if (name == "refuse") return sim::set_error(&error, SIM_ERROR, "no_valve", "there is no valve");
    return SIM_OK;
  }
  static void deinit() { throw 1; }
};

}  // namespace probe

SIM_PLUGIN(probe::Plugin);
