// All rooms of the host below the network, with the test plugin in a folder of its own, and their requests as calls.
#pragma once

#include <algorithm>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include <unistd.h>

#include <gmock/gmock.h>

#include <api/routes/plugin_routes.hpp>
#include <api/routes/plugin_streams.hpp>
#include <host/base/json.hpp>
#include <host/services/plugin_host.hpp>
#include <host/services/tables.hpp>
#include <tests/support/await.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::services {

class House : public testing::Test {
 protected:
  explicit House(ServicesOptions options = {})
      : services(registry, pump, system_clock(), with_rules(std::move(options))),
        catalogue(open_catalogue(services)),
        plugins(std::make_unique<PluginHost>(*catalogue, services, models)) {
    registry.on_event([this](const session::Event& event) {
      const std::lock_guard lock(events_mutex);
      events.push_back(event.type);
    });
  }
  ~House() override {
    plugins->stop();
    plugins.reset();
    catalogue.reset();
    std::filesystem::remove_all(copies());
  }

  ServicesOptions with_rules(ServicesOptions options) {
    options.rules = &rules;
    return options;
  }
  static std::filesystem::path copies() {
    return std::filesystem::temp_directory_path() / ("sim_services_test_" + std::to_string(::getpid()));
  }
  static std::unique_ptr<plugin::Catalogue> open_catalogue(Services& services) {
    std::filesystem::create_directories(copies());
    plugin::CatalogueOptions options;
    options.folders = {std::filesystem::canonical(TENANTS_FOLDER)};
    options.copies_folder = std::filesystem::canonical(copies());
    return plugin::Catalogue::open(options, services).value();
  }

  Result<LoadReport> load(const std::string& file = "tenant.so") {
    return support::await<LoadReport>([&](auto done) { plugins->load(file, done); });
  }
  Result<ReloadReport> reload(const std::string& file, Rehearsal rehearsal = Rehearsal::no) {
    return support::await<ReloadReport>([&](auto done) { plugins->reload("tenant", file, rehearsal, done); });
  }
  Result<UnloadReport> unload(Force force = Force::no) {
    return support::await<UnloadReport>([&](auto done) { plugins->unload("tenant", force, done); });
  }

  // The host as the plugin's present generation sees it, and its tables. Valid until the next reload.
  const sim_host* host() { return plugins->current("tenant")->host(); }
  template <class T>
  const T& table(const char* id) {
    return *static_cast<const T*>(host()->get_extension(host(), id));
  }
  const sim_sessions& sessions() { return table<sim_sessions>(SIM_SESSIONS); }
  std::uint64_t make(std::string_view body) {
    std::uint64_t handle = 0;
    error = {};
    error.size = sizeof(error);
    EXPECT_EQ(sessions().create(host(), {body.data(), body.size()}, &handle, &error), SIM_OK) << error.message;
    return handle;
  }
  session::SessionPointer session(std::uint64_t handle) { return registry.find_handle(handle); }
  std::string attachment(const char* key, std::uint64_t handle = 0) {
    std::string text;
    const sim_sink sink{sizeof(sim_sink), 0, &text,
                        [](void* to, std::uint32_t, const void* data, std::uint64_t size) {
                          static_cast<std::string*>(to)->assign(static_cast<const char*>(data), size);
                          return std::int32_t{SIM_OK};
                        },
                        nullptr};
    return sessions().attachment(host(), handle, key, &sink) == SIM_OK ? text : "";
  }
  sim_status attach(const char* key, std::string_view text, std::uint64_t handle = 0) {
    return sessions().attach(host(), handle, key, {text.data(), text.size()}, &error);
  }
  double metric(const std::string& name) {
    for (const auto& sample : services.metrics())
      if (sample.name == name) return sample.value;
    return -1;
  }
  template <class F>
  static bool until(F&& f) {
    return session::Rig::until(std::forward<F>(f));
  }

  // Routes of the present generation at "".
  std::future<http::Response> call(const std::string& method, const std::string& path, const std::string& body = "",
                                   http::Pairs params = {}, http::Pairs query = {}) {
    const auto routes = routes::plugin_routes(services, plugins->current("tenant"), "");
    http::Request request;
    request.method = method;
    request.path = path;
    request.params = std::move(params);
    request.query = std::move(query);
    request.has_body = !body.empty();
    if (request.has_body) request.body = parse_json(body).value();
    request.raw_body = body;
    auto promise = std::make_shared<std::promise<http::Response>>();
    auto answer = promise->get_future();
    for (const auto& route : routes)
      if (route.method == method && route.path == path)
        route.handler(request, [promise](http::Response response) { promise->set_value(std::move(response)); });
    return answer;
  }
  static http::Response get(std::future<http::Response> answer) {
    EXPECT_EQ(answer.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    return answer.get();
  }
  static std::string text(const http::Response& response) {
    if (response.error) return "error " + response.error->code;
    return std::holds_alternative<std::string>(response.body) ? std::get<std::string>(response.body) : "";
  }
  std::size_t count_events(const std::string& type) {
    const std::lock_guard lock(events_mutex);
    return static_cast<std::size_t>(std::ranges::count(events, type));
  }

  std::mutex events_mutex;  // both outlive the registry, which tells of its end
  std::vector<std::string> events;
  engine::Engine engine{engine::Engine::Options{}};
  session::Models models;
  session::Registry registry{engine, models, system_clock(), {1000, 100'000}};
  telemetry::Pump pump{registry};
  std::unique_ptr<store::Store> store = store::make_memory_store();
  rules::Rules rules{registry, pump, *store, system_clock()};
  Services services;
  std::unique_ptr<plugin::Catalogue> catalogue;
  std::unique_ptr<PluginHost> plugins;
  sim_error error{sizeof(sim_error), 0, "", ""};
};

// One session that stands until it is told to step.
inline constexpr std::string_view manual_tank = R"({"model":"tank","name":"one","pace":{"mode":"manual"}})";
inline constexpr std::string_view running_tank = R"({"model":"tank","name":"one"})";

}  // namespace simhost::services
