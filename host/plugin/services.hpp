// What a generation needs from the services of the host: extensions for the plugin, and a say in its life.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <sim/ext/config.h>
#include <sim/plugin.h>
#include <host/base/error.hpp>

namespace simhost::plugin {

class Generation;
class HostServices;

// What sim_host::context points to: which plugin and generation a call of a host function comes from.
struct HostContext {
  std::string plugin_id;
  std::uint64_t generation = 0;
  HostServices* services = nullptr;
  void* user = nullptr;  // the services' own, set in begin, dropped in end
};

// Implemented in host/services. One object serves every generation; it outlives the catalogue.
class HostServices {
 public:
  virtual ~HostServices() = default;

  // The host's table of that id, or null. [any]: called from the plugin's threads of every role.
  virtual const void* extension(const sim_host* host, std::string_view id) = 0;

  // Before init, on the loading thread: what the plugin declares in sim.config/1. An error refuses the load.
  virtual Outcome begin(HostContext& context, std::span<const sim_setting> settings);
  // Before instances are destroyed: waits until nothing posted by the plugin runs, and drops what did not start.
  virtual void drain(HostContext& context) noexcept;
  // After deinit: forgets everything that points into the library.
  virtual void end(HostContext& context) noexcept;
};

// The context of the host a plugin passes back to host functions.
[[nodiscard]] inline HostContext& context_of(const sim_host* host) noexcept {
  return *static_cast<HostContext*>(host->context);
}

}  // namespace simhost::plugin
