// What a plugin's generation brings to the listeners, put together from its routes and streams.
#pragma once

#include <memory>

#include <api/cli/sites.hpp>
#include <host/services/services.hpp>

namespace simhost::cli {

PluginSurface surface_of(services::Services& services, const std::shared_ptr<plugin::Generation>& generation,
                         http::MessageLimits limits);

}  // namespace simhost::cli
