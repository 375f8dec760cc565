// Puts the rooms together.
#include <api/cli/app.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>

#include <api/cli/planned_recording.hpp>
#include <api/cli/sites.hpp>
#include <api/cli/surface.hpp>
#include <api/cli/token.hpp>
#include <api/routes/metrics.hpp>
#include <api/routes/v1.hpp>
#include <api/ws/stream_route.hpp>
#include <host/base/clock.hpp>
#include <host/base/log.hpp>
#include <host/jobs/jobs.hpp>
#include <host/playback/player.hpp>
#include <host/record/recorder.hpp>
#include <host/store/open.hpp>
#include <host/telemetry/reader.hpp>

namespace simhost::cli {

namespace {

engine::Engine::Options engine_options(const settings::EngineSettings& s) {
  return {
      .threads = s.threads,
      .spin_tail_ns = std::int64_t{s.spin_tail_us} * 1000,
      .scheduling = s.scheduling == settings::Scheduling::fifo ? engine::Scheduling::fifo : engine::Scheduling::other,
      .catch_up_max = s.catch_up_max,
      .clock = nullptr};
}

// Of plugins that came over the API; searched last.
std::string install_folder(const settings::Settings& s) { return s.state_dir + "/plugins"; }

std::vector<std::string> plugin_folders(const settings::Settings& s) {
  auto folders = s.plugins.folders;
  folders.push_back(install_folder(s));
  return folders;
}

plugin::CatalogueOptions catalogue_options(const settings::Settings& s) {
  plugin::CatalogueOptions options;
  for (const auto& folder : plugin_folders(s)) options.folders.emplace_back(folder);
  options.install_folder = install_folder(s);
  options.copies_folder = std::filesystem::path(s.state_dir) / "libraries";
  options.allowed_libraries = s.plugins.allowed_libraries;
  options.cpu = s.engine.cpu == settings::CpuLevel::baseline ? plugin::CpuChoice::baseline
                : s.engine.cpu == settings::CpuLevel::v3     ? plugin::CpuChoice::v3
                                                             : plugin::CpuChoice::best;
  return options;
}

record::RecorderOptions recorder_options(const settings::Settings& s) {
  record::RecorderOptions options;
  options.folder = std::filesystem::path(s.state_dir) / "recordings";
  options.quota_bytes = s.recordings.quota_bytes;
  options.reserve_bytes = s.recordings.reserve_bytes;
  options.segment_bytes = s.recordings.segment_bytes;
  options.segment_s = s.recordings.segment_s;
  options.max_age_s = s.recordings.max_age_s;
  options.open_max = s.limits.recordings_open;
  options.kept_max = s.limits.recordings;
  options.host_version = SIMHOST_VERSION;
  return options;
}

net::Settings net_settings(const settings::Settings& s) {
  net::Settings out;
  out.connections = s.limits.connections;
  out.connections_per_remote = s.limits.connections_per_address;
  out.websockets = s.limits.sockets;
  out.idle_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(s.http.idle_timeout_s * 1000));
  out.write_stall = std::chrono::milliseconds(static_cast<std::int64_t>(s.stream.write_stall_s * 1000));
  out.ping_period = std::chrono::milliseconds(static_cast<std::int64_t>(s.stream.ping_s * 1000));
  return out;
}

session::RegistryOptions registry_options(const settings::Settings& s, store::Store* store) {
  const auto& l = s.limits;
  return {l.sessions, l.lanes, l.session_lanes, l.inbox, store, s.store.every_s};
}

http::MessageLimits message_limits(const settings::LimitSettings& l) { return {l.message_bytes, l.fragments}; }

// Answers by Idempotency-Key, as documents of the store.
std::shared_ptr<http::IdempotencyKeys> keys_in(const Clock& clock, store::Store& store) {
  constexpr std::string_view kind = "idempotency_key";
  auto keys = std::make_shared<http::IdempotencyKeys>(
      clock, http::AnswerKeeper{
                 [&store, kind](const std::string& key, const Value& document) { store.put(kind, key, document); },
                 [&store, kind](const std::string& key) { store.erase(kind, key); }});
  std::vector<std::pair<std::string, Value>> kept;
  if (auto documents = store.load(kind))
    for (auto& document : *documents) kept.emplace_back(std::move(document.key), std::move(document.value));
  keys->recall(kept);
  return keys;
}

Value show_limits(const settings::LimitSettings& l) {
  return Value::object({{"sessions", std::uint64_t{l.sessions}},
                        {"lanes", std::uint64_t{l.lanes}},
                        {"session_lanes", std::uint64_t{l.session_lanes}},
                        {"inbox", std::uint64_t{l.inbox}},
                        {"connections", std::uint64_t{l.connections}},
                        {"connections_per_address", std::uint64_t{l.connections_per_address}},
                        {"sockets", std::uint64_t{l.sockets}},
                        {"subscriptions", std::uint64_t{l.subscriptions}},
                        {"send_queue_bytes", std::uint64_t{l.send_queue_bytes}},
                        {"message_bytes", std::uint64_t{l.message_bytes}},
                        {"fragments", std::uint64_t{l.fragments}},
                        {"body_bytes", std::uint64_t{l.body_bytes}},
                        {"upload_bytes", std::uint64_t{l.upload_bytes}},
                        {"route_workers", std::uint64_t{l.route_workers}},
                        {"recordings_open", std::uint64_t{l.recordings_open}},
                        {"recordings", std::uint64_t{l.recordings}},
                        {"scenarios", std::uint64_t{l.scenarios}},
                        {"schedules", std::uint64_t{l.schedules}},
                        {"rules", std::uint64_t{l.rules}}});
}

}  // namespace

// In the order of making; members end in the opposite one.
struct App::Rooms {
  settings::LoadedSettings loaded;
  const Clock& clock = system_clock();
  PluginConfig plugin_config;
  std::unique_ptr<store::Store> store;
  jobs::Jobs jobs;
  engine::Engine engine;
  session::Models models;
  session::Registry registry;
  plan::Scenarios scenarios;
  plan::Schedules schedules;
  net::Server server;
  telemetry::Pump pump;
  telemetry::Reader reader;
  rules::Rules rules;
  services::Services services;
  std::unique_ptr<record::Recorder> recorder;
  std::unique_ptr<playback::Player> player;
  std::unique_ptr<plugin::Catalogue> catalogue;
  std::unique_ptr<services::PluginHost> plugins;
  routes::HttpMetrics http_metrics;
  std::unique_ptr<Sites> sites;
  std::unique_ptr<routes::Context> context;
  std::atomic<bool> draining{false};

  Rooms(settings::LoadedSettings all, std::unique_ptr<store::Store> opened)
      : loaded(std::move(all)),
        plugin_config(loaded.plugins),
        store(std::move(opened)),
        jobs(clock, *store),
        engine(engine_options(loaded.settings.engine)),
        registry(engine, models, clock, registry_options(loaded.settings, store.get())),
        scenarios(registry, *store, clock, loaded.settings.limits.scenarios),
        schedules({registry, scenarios,
                   [this](const auto& session, const Value& body, auto done) {
                     record_as_planned(*recorder, session, body, std::move(done));
                   }},
                  *store, clock, loaded.settings.limits.schedules),
        server(net_settings(loaded.settings)),
        pump(registry, ws::batch_wake(server),
             {loaded.settings.limits.subscriptions, loaded.settings.limits.send_queue_bytes}),
        reader(registry, pump),
        rules(registry, pump, *store, clock, loaded.settings.limits.rules),
        services(registry, pump, clock, services_options()) {}

  services::ServicesOptions services_options() {
    services::ServicesOptions options;
    options.store = store.get();
    options.workers.threads = loaded.settings.limits.route_workers;
    options.rules = &rules;
    options.settings = [this](const std::string& plugin, std::span<const sim_setting> declared) {
      return plugin_config.values(plugin, declared);
    };
    return options;
  }

  Outcome open_catalogue();
  Outcome open_recorder();
  void make_context();
  [[nodiscard]] std::string why_not_ready() const;
  Outcome open_main();
  void load_plugins();
  void routes_changed(const std::string& id);
  Outcome bring_back_sessions();
  void write_out();
  ~Rooms() { store->seal(); }
};

Outcome App::Rooms::open_catalogue() {
  const std::filesystem::path folder = install_folder(loaded.settings);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return fail("internal", folder.string() + ": " + error.message() + "; mend it, or name another state_dir");
  auto opened = plugin::Catalogue::open(catalogue_options(loaded.settings), services);
  if (!opened) return fail(opened.error());
  catalogue = std::move(*opened);
  plugins = std::make_unique<services::PluginHost>(*catalogue, services, models);
  plugins->on_routes_changed([this](const std::string& id) { routes_changed(id); });
  return {};
}

std::string App::Rooms::why_not_ready() const {
  if (draining.load()) return "draining";
  const auto health = store->health();
  return health ? "" : health.error().code + ": " + health.error().detail;
}

Outcome App::Rooms::open_recorder() {
  auto opened = record::Recorder::open(registry, pump, clock, recorder_options(loaded.settings));
  if (!opened) return fail(opened.error());
  recorder = std::move(*opened);
  player = std::make_unique<playback::Player>(
      registry, [this](const std::string& recording) { return recorder->reader(recording); });
  services.set_recorder(recorder.get());
  return {};
}

void App::Rooms::make_context() {
  context.reset(new routes::Context{
      .registry = registry,
      .models = models,
      .plugins = *plugins,
      .jobs = jobs,
      .store = *store,
      .recorder = *recorder,
      .scenarios = scenarios,
      .schedules = schedules,
      .rules = rules,
      .player = *player,
      .engine = engine,
      .clock = clock,
      .read =
          [this](session::SessionPointer session, session::ReadRequest request,
                 session::Done<session::ReadResult> done) {
            reader.read(std::move(session), std::move(request), std::move(done));
          },
      .clients = [this] { return pump.counts().clients; },
      .compat_url = [this](const std::string& plugin) { return sites->compat_url(plugin); },
      .metrics =
          [this] {
            return routes::metrics_text({*context, http_metrics, services, [this] { return pump.counts(); }});
          },
      .not_ready = [this] { return why_not_ready(); },
      .limits = show_limits(loaded.settings.limits),
      .uploads = {install_folder(loaded.settings), loaded.settings.limits.upload_bytes},
      .started_wall_ns = clock.wall_ns(),
      .started_ns = clock.monotonic_ns()});
}

Outcome App::Rooms::open_main() {
  auto token = read_or_make_token(loaded.settings.state_dir);
  if (!token) return fail(token.error());
  sites =
      std::make_unique<Sites>(server, loaded.settings, std::move(*token), http_metrics, keys_in(clock, *store), *store);
  auto routes = routes::v1_routes(*context);
  routes.push_back(
      ws::stream_route(registry, pump, message_limits(loaded.settings.limits), [this] { return store->health(); }));
  return sites->open_main(std::move(routes), [] { return ws::asyncapi(); });
}

void App::Rooms::routes_changed(const std::string& id) {
  const auto generation = plugins->current(id);
  if (generation == nullptr) return sites->put_plugin(id, std::nullopt, {});
  sites->put_plugin(id, surface_of(services, generation, message_limits(loaded.settings.limits)),
                    plugin_config.listener(id));
}

// One after the other; a plugin that fails is named and the host goes on without it.
void App::Rooms::load_plugins() {
  const auto& wanted = loaded.settings.plugins.load;
  const bool all = std::ranges::find(wanted, "*") != wanted.end();
  for (const auto& folder : plugin_folders(loaded.settings)) {
    const auto found = plugin::scan(folder);
    if (!found) {
      log_warning("plugins", "a plugin folder cannot be read", {{"folder", folder}, {"why", found.error().detail}});
      continue;
    }
    for (const auto& candidate : *found) {
      const std::string id = candidate.stamp ? candidate.stamp->id : candidate.path.stem().string();
      if (!all && std::ranges::find(wanted, id) == wanted.end()) continue;
      std::promise<void> done;
      plugins->load(candidate.path, [&](const Result<services::LoadReport>& report) {
        if (!report)
          log_error("plugins", "a plugin was not loaded",
                    {{"file", candidate.path.string()}, {"why", report.error().detail}});
        done.set_value();
      });
      done.get_future().wait();
    }
  }
}

Outcome App::Rooms::bring_back_sessions() {
  std::promise<Result<std::size_t>> done;
  registry.recover([&](Result<std::size_t> count) { done.set_value(std::move(count)); });
  const auto back = done.get_future().get();
  if (!back) return fail(back.error());
  if (*back > 0) log_info("host", "sessions came back", {{"sessions", *back}});
  return {};
}

// Answers that wait for the store are given before the listeners are gone; then everything may be taken down.
void App::Rooms::write_out() {
  const auto wait = [](auto&& begin) {
    auto done = std::make_shared<std::promise<void>>();
    auto written = done->get_future();
    begin([done](const auto&) { done->set_value(); });
    written.wait();
  };
  wait([this](auto done) { registry.keep_all(done); });
  wait([this](auto done) { store->committed(done); });
  store->seal();
}

App::App(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}
App::~App() = default;

Result<std::unique_ptr<App>> App::start(settings::LoadedSettings settings) {
  auto store = store::open_store(settings.settings.store.url, settings.settings.state_dir);
  if (!store) return fail(store.error());
  auto rooms = std::make_unique<Rooms>(std::move(settings), std::move(*store));
  if (auto opened = rooms->open_catalogue(); !opened) return fail(opened.error());
  if (auto opened = rooms->open_recorder(); !opened) return fail(opened.error());
  if (auto loaded = rooms->scenarios.load(); !loaded) return fail(loaded.error());
  if (auto loaded = rooms->schedules.load(); !loaded) return fail(loaded.error());
  if (auto loaded = rooms->rules.load(); !loaded) return fail(loaded.error());
  rooms->make_context();
  if (auto opened = rooms->open_main(); !opened) return fail(opened.error());
  rooms->load_plugins();
  if (auto back = rooms->bring_back_sessions(); !back) return fail(back.error());
  rooms->recorder->go_on();
  rooms->schedules.start();
  rooms->server.start();
  return std::unique_ptr<App>(new App(std::move(rooms)));
}

std::vector<App::Place> App::places() const {
  std::vector<Place> places;
  for (const auto& address : rooms_->sites->addresses())
    places.push_back({address.url, address.plugin.empty() ? "the API; /docs shows it, /v1/sessions is where to begin"
                                                          : address.plugin + ", as its original served it"});
  places.push_back({token_path(rooms_->loaded.settings.state_dir), "holds the administrator's token"});
  return places;
}

void App::drain() {
  rooms_->draining.store(true);
  constexpr std::uint16_t going_away = 1001;
  const auto patience =
      std::chrono::milliseconds(static_cast<std::int64_t>(rooms_->loaded.settings.http.drain_s * 1000));
  if (rooms_->server.drain(going_away, patience) == net::Drained::cut) log_warning("host", "some requests were cut");
  rooms_->jobs.stop();
  rooms_->write_out();
  rooms_->server.stop();
  rooms_->plugins->stop();
}

}  // namespace simhost::cli
