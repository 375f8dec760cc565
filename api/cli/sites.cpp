// Policies and routers of the listeners.
#include <api/cli/sites.hpp>

#include <algorithm>

#include <api/routes/openapi.hpp>
#include <host/base/log.hpp>
#include <host/settings/load.hpp>

namespace simhost::cli {

namespace {

constexpr std::string_view api_description =
    "The generic API of simhost: every model of every plugin as sessions that are made, steered, read and streamed.";

std::string url_of(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos && host.front() != '[';
  return "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

// The routes of a listener as they are now.
std::function<Value()> document_of(const std::shared_ptr<http::Router>& router, routes::Title title) {
  return [router = std::weak_ptr(router), title = std::move(title)] {
    const auto held = router.lock();
    return held != nullptr ? routes::openapi(held->table()->routes(), title) : Value(Object{});
  };
}

void log_refused(const std::string& what, const Error& error) {
  log_error("routes", "routes were refused", {{"of", what}, {"detail", error.detail}});
}

}  // namespace

Sites::Sites(net::Server& server, const settings::Settings& settings, std::string token, routes::HttpMetrics& metrics,
             std::shared_ptr<http::IdempotencyKeys> keys, store::Store& store)
    : server_(server),
      http_(settings.http),
      limits_(settings.limits),
      token_(std::move(token)),
      keys_(std::move(keys)),
      metrics_(metrics),
      store_(store) {}

http::Policy Sites::policy_for(const std::string& host) const {
  http::Policy policy;
  policy.hosts = http_.allowed_hosts;
  if (!settings::is_loopback_host(host)) policy.hosts.push_back(host == "0.0.0.0" || host == "::" ? "*" : host);
  policy.cors.origins = http_.origins;
  policy.local = http_.require_token ? http::Anonymous::refuse : http::Anonymous::operate;
  policy.remote = http_.allow_unauthenticated_remote ? http::Anonymous::operate : http::Anonymous::refuse;
  policy.token = http::administrator_token(token_);
  policy.body_bytes = limits_.body_bytes;
  policy.keys = keys_;
  policy.rate = {http_.requests_per_s, static_cast<double>(http_.requests_burst)};
  policy.loopback_rate = {http_.loopback_requests_per_s, http_.loopback_requests_per_s * 2};
  policy.can_commit = [this] { return store_.health(); };
  policy.committed = [this](std::function<void(Outcome)> done) { store_.committed(std::move(done)); };
  policy.observe = [this](const http::Request& request, const http::Route* route, int status) {
    metrics_.observe(request, route, status);
  };
  return policy;
}

Outcome Sites::open_main(std::vector<http::Route> routes, std::function<Value()> asyncapi) {
  const routes::Title title{"simhost", SIMHOST_VERSION, std::string(api_description)};
  for (auto& route : routes::document_routes(document_of(main_, title), std::move(asyncapi)))
    routes.push_back(std::move(route));
  if (auto put = main_->put("host", std::move(routes)); !put) return put;
  auto port =
      server_.listen("main", http_.host, http_.port, std::make_shared<http::Pipeline>(policy_for(http_.host), main_));
  if (!port)
    return fail("in_use", port.error().detail +
                              "; choose another with --http-port (0 takes a free one), SIMHOST_HTTP_PORT or "
                              "\"http\":{\"port\":…} in the settings file");
  const std::lock_guard lock(mutex_);
  main_url_ = url_of(http_.host, *port);
  return {};
}

// A plugin's own path wins over a document of ours at the same place.
void Sites::put_alone(Compat& compat, PluginSurface& surface) {
  auto alone = std::move(surface.alone);
  for (auto& route :
       routes::document_routes(document_of(compat.router, {surface.title, surface.version, surface.title}), {}))
    if (std::ranges::none_of(alone, [&](const auto& r) { return r.path == route.path && r.method == route.method; }))
      alone.push_back(std::move(route));
  if (auto put = compat.router->put("plugin", std::move(alone)); !put) log_refused(surface.title, put.error());
  const std::lock_guard lock(*compat.mutex);
  *compat.renderer = std::move(surface.render_error);
}

void Sites::open_compat(const std::string& id, const PluginSurface& surface, const PluginConfig::Listener& listener) {
  auto& compat = compats_[id];
  if (auto bind = settings::check_bind(listener.host, http_); !bind)
    return log_warning("listeners", "a compatibility listener stays closed",
                       {{"plugin", id}, {"why", bind.error().detail}});
  auto policy = policy_for(listener.host);
  policy.name = "plugin:" + id;
  for (const auto& origin : listener.origins) policy.cors.origins.push_back(origin);
  policy.cors.credentials = http::Credentials::include;
  policy.cors.methods = surface.cors_methods;
  policy.negotiation = http::Negotiation::json_only;
  if (listener.requests_per_minute > 0)
    policy.rate = policy.loopback_rate = {listener.requests_per_minute / 60, listener.requests_per_minute};
  policy.render_error = [mutex = compat.mutex, renderer = compat.renderer](const http::Request& request,
                                                                           const Error& error) {
    http::ErrorRenderer now;
    {
      const std::lock_guard lock(*mutex);
      now = *renderer;
    }
    return now ? now(request, error) : std::optional<http::Response>();
  };
  auto port = server_.listen("plugin:" + id, listener.host, listener.port,
                             std::make_shared<http::Pipeline>(std::move(policy), compat.router));
  if (!port)
    return log_warning("listeners", "a compatibility listener stays closed: the port cannot be had",
                       {{"plugin", id},
                        {"port", listener.port},
                        {"why", port.error().detail},
                        {"mend", "set " + listener.port_setting + " to a free port"}});
  compat.url = url_of(listener.host, *port);
}

void Sites::put_plugin(const std::string& id, std::optional<PluginSurface> surface,
                       const std::optional<PluginConfig::Listener>& listener) {
  const std::lock_guard lock(mutex_);
  const std::string group = "plugin:" + id;
  if (!surface) {
    main_->remove(group);
    server_.unlisten(group);
    compats_.erase(id);
    return;
  }
  if (auto put = main_->put(group, std::move(surface->mounted)); !put) log_refused(id, put.error());
  if (!listener || !http_.compatibility_listeners) return;
  const bool fresh = !compats_.contains(id);
  put_alone(compats_[id], *surface);
  if (fresh) open_compat(id, *surface, *listener);
}

std::vector<Sites::Address> Sites::addresses() const {
  const std::lock_guard lock(mutex_);
  std::vector<Address> out{{"", main_url_}};
  for (const auto& [id, compat] : compats_)
    if (!compat.url.empty()) out.push_back({id, compat.url});
  return out;
}

Value Sites::compat_url(const std::string& plugin) const {
  const std::lock_guard lock(mutex_);
  const auto at = compats_.find(plugin);
  return at == compats_.end() || at->second.url.empty() ? Value() : Value(at->second.url);
}

}  // namespace simhost::cli
