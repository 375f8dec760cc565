// The listeners: the main one with everything, and one per plugin that mounts it alone as its original was.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <api/cli/plugin_config.hpp>
#include <api/http/pipeline.hpp>
#include <api/net/server.hpp>
#include <api/routes/http_metrics.hpp>
#include <host/settings/settings.hpp>
#include <host/store/store.hpp>

namespace simhost::cli {

// What a plugin brings to both kinds of listener.
struct PluginSurface {
  std::vector<http::Route> mounted;  // under /plugins/<id>
  std::vector<http::Route> alone;    // at /
  http::ErrorRenderer render_error;  // of its compatibility listener
  std::string cors_methods;
  std::string title, version;
};

// Changes come from one thread at a time; the servers read snapshots.
class Sites {
 public:
  Sites(net::Server& server, const settings::Settings& settings, std::string token, routes::HttpMetrics& metrics,
        std::shared_ptr<http::IdempotencyKeys> keys, store::Store& store);

  // The main listener with the host's own routes; documents are added. An error says how to mend it.
  Outcome open_main(std::vector<http::Route> routes, std::function<Value()> asyncapi);
  // Puts a plugin's routes in place, on both listeners; the first time opens its own one. A port that is taken is a
  // warning. nullopt: takes them away.
  void put_plugin(const std::string& id, std::optional<PluginSurface> surface,
                  const std::optional<PluginConfig::Listener>& listener);

  struct Address {
    std::string plugin, url;  // plugin: empty for the main one
  };
  [[nodiscard]] std::vector<Address> addresses() const;
  [[nodiscard]] Value compat_url(const std::string& plugin) const;

 private:
  // A compatibility listener. Its policy asks for the renderer of the day, so that a reload may bring another.
  struct Compat {
    std::shared_ptr<http::Router> router = std::make_shared<http::Router>();
    std::shared_ptr<std::mutex> mutex = std::make_shared<std::mutex>();
    std::shared_ptr<http::ErrorRenderer> renderer = std::make_shared<http::ErrorRenderer>();
    std::string url;
  };
  http::Policy policy_for(const std::string& host) const;
  void open_compat(const std::string& id, const PluginSurface& surface, const PluginConfig::Listener& listener);
  void put_alone(Compat& compat, PluginSurface& surface);

  net::Server& server_;
  const settings::HttpSettings& http_;
  const settings::LimitSettings& limits_;
  const std::string token_;
  const std::shared_ptr<http::IdempotencyKeys> keys_;
  routes::HttpMetrics& metrics_;
  store::Store& store_;
  std::shared_ptr<http::Router> main_ = std::make_shared<http::Router>();
  mutable std::mutex mutex_;
  std::string main_url_;
  std::map<std::string, Compat> compats_;
};

}  // namespace simhost::cli
