// The loading thread: what is asked for, in order.
#include <host/services/plugin_host.hpp>

#include <algorithm>
#include <chrono>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/services/await.hpp>
#include <host/services/exchange.hpp>
#include <host/services/route_schemas.hpp>

namespace simhost::services {

namespace {

constexpr auto patience = std::chrono::milliseconds(limits::retire_patience_ms);
constexpr auto sweep_every = std::chrono::seconds(1);
constexpr std::size_t waiting_max = 64;
constexpr int remove_timeout_ms = 60'000;

Which which(const plugin::Generation& generation) {
  return {generation.number(), generation.stamp().version, generation.digest()};
}

Error ending() { return Error{"draining", "the host is ending", {}, 0, 1}; }

std::vector<session::SessionPointer> sessions_of(const session::Registry& registry, std::string_view plugin) {
  std::vector<session::SessionPointer> found;
  for (auto& session : registry.list()) {
    const auto model = session->model();
    if (model->plugin == plugin && !model->recorded) found.push_back(std::move(session));
  }
  return found;
}

// A plugin whose schemas cannot be held is not let in.
Outcome check_surfaces(const plugin::Generation& generation) {
  auto compiled = compile_routes(generation);
  if (!compiled) return fail(std::move(compiled.error()));
  return check_streams(generation);
}

Error in_use(const std::string& id, const std::vector<session::SessionPointer>& sessions) {
  Error error{"in_use", std::to_string(sessions.size()) + " sessions use the plugin " + id +
                            "; delete them, or repeat with ?force=true:"};
  for (std::size_t i = 0; i < std::min<std::size_t>(sessions.size(), 10); ++i) {
    const auto info = sessions[i]->info();
    error.detail += (i == 0 ? " " : ", ") + (info.name.empty() ? info.id : info.name + " (" + info.id + ")");
  }
  if (sessions.size() > 10) error.detail += " and " + std::to_string(sessions.size() - 10) + " more";
  return error;
}

}  // namespace

PluginHost::PluginHost(plugin::Catalogue& catalogue, Services& services, session::Models& models)
    : catalogue_(catalogue), services_(services), registry_(services.registry()), models_(models), thread_([this] {
        run();
      }) {}

PluginHost::~PluginHost() { stop(); }

void PluginHost::on_routes_changed(std::function<void(const std::string& id)> changed) {
  const std::lock_guard lock(mutex_);
  routes_changed_ = std::move(changed);
}

bool PluginHost::enqueue(Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (stop_ || work_.size() >= waiting_max) return false;
    work_.push_back(std::move(work));
  }
  came_.notify_one();
  return true;
}

// Between the requests it looks after generations that were still in use when they were replaced.
void PluginHost::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait_for(lock, sweep_every, [this] { return stop_ || !work_.empty(); });
    if (work_.empty() && stop_) return;
    Work work;
    if (!work_.empty()) {
      work = std::move(work_.front());
      work_.pop_front();
    }
    lock.unlock();
    if (work)
      work();
    else
      catalogue_.sweep();
    work = nullptr;
    lock.lock();
  }
}

void PluginHost::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stop_) return;
    stop_ = true;
    work_.push_back([this] {
      std::vector<std::string> ids;  // not the generations: who holds one keeps it from leaving
      for (const auto& generation : catalogue_.all_current()) {
        services_.close(*generation);
        ids.push_back(generation->plugin_id());
      }
      for (const auto& id : ids) static_cast<void>(do_unload(id, Force::end_sessions));
    });
  }
  came_.notify_one();
  thread_.join();
}

void PluginHost::say(std::string type, const std::string& id, Value data) {
  registry_.publish({std::move(type), 0, "", std::move(data.set("plugin", id))});
}

void PluginHost::say_failed(const std::string& id, const Error& error) {
  log_warning("services", "a plugin was not loaded", {{"plugin", id}, {"code", error.code}, {"detail", error.detail}});
  say("plugin.failed", id, Value::object({{"code", error.code}, {"detail", error.detail}}));
}

void PluginHost::bring_in(const std::shared_ptr<plugin::Generation>& generation) {
  for (const auto& finding : generation->origin().warnings)
    log_warning("plugins", finding.text, {{"plugin", generation->plugin_id()}, {"rule", finding.rule}});
  services_.open(generation);
  std::function<void(const std::string&)> changed;
  {
    const std::lock_guard lock(mutex_);
    changed = routes_changed_;
  }
  if (changed) changed(generation->plugin_id());
}

void PluginHost::take_out(const std::string& id) {
  services_.leave(id);
  std::function<void(const std::string&)> changed;
  {
    const std::lock_guard lock(mutex_);
    changed = routes_changed_;
  }
  if (changed) changed(id);
}

void PluginHost::load(std::filesystem::path path, Done<LoadReport> done) {
  if (!enqueue([this, path = std::move(path), done] { done(do_load(path)); })) done(fail(ending()));
}

void PluginHost::install(std::filesystem::path file, Done<LoadReport> done) {
  if (!enqueue([this, file = std::move(file), done] { done(do_install(file)); })) done(fail(ending()));
}

void PluginHost::reload(std::string id, std::filesystem::path path, Rehearsal rehearsal, Done<ReloadReport> done) {
  const bool taken = enqueue(
      [this, id = std::move(id), path = std::move(path), rehearsal, done] { done(do_reload(id, path, rehearsal)); });
  if (!taken) done(fail(ending()));
}

void PluginHost::unload(std::string id, Force force, Done<UnloadReport> done) {
  if (!enqueue([this, id = std::move(id), force, done] { done(do_unload(id, force)); })) done(fail(ending()));
}

Result<LoadReport> PluginHost::do_load(const std::filesystem::path& path) {
  auto prepared = catalogue_.prepare_load(path);
  if (!prepared) {
    say_failed(path.stem().string(), prepared.error());
    return fail(std::move(prepared.error()));
  }
  if (auto checked = check_surfaces(*prepared->generation()); !checked) {
    say_failed(prepared->generation()->plugin_id(), checked.error());
    return fail(std::move(checked.error()));
  }
  const auto generation = prepared->generation();
  static_cast<void>(catalogue_.commit(std::move(*prepared)));
  for (const auto& binding : generation->models()) models_.put(make_model(generation, *binding));
  bring_in(generation);
  const Which now = which(*generation);
  log_info("services", "a plugin is loaded", {{"plugin", generation->plugin_id()}, {"version", now.version}});
  say("plugin.loaded", generation->plugin_id(),
      Value::object({{"generation", now.generation}, {"version", now.version}, {"digest", now.digest}}));
  return LoadReport{generation->plugin_id(), generation->number()};
}

Result<ReloadReport> PluginHost::do_reload(const std::string& id, const std::filesystem::path& path,
                                           Rehearsal rehearsal) {
  auto prepared = catalogue_.prepare_reload(id, path);
  if (!prepared) {
    say_failed(id, prepared.error());
    return fail(std::move(prepared.error()));
  }
  if (prepared->previous() == nullptr) return fail("not_found", "the plugin " + id + " is not loaded; load it instead");
  ReloadReport report{id, which(*prepared->previous()), which(*prepared->generation()), prepared->difference()};
  report.rehearsal = rehearsal;
  {
    Exchange exchange(registry_, models_, *prepared->previous(), prepared->generation());
    auto done = check_surfaces(*prepared->generation()).and_then([&] { return exchange.check(); }).and_then([&] {
      return exchange.rehearse();
    });
    report.sessions = exchange.sessions_now();
    if (done && rehearsal == Rehearsal::no) done = exchange.run();
    if (!done) {
      say_failed(id, done.error());
      return fail(std::move(done.error()));
    }
    if (rehearsal == Rehearsal::dry_run) return report;
    report.sessions = exchange.sessions();
    std::vector<std::int64_t> stalls = exchange.stalls_ns();
    std::ranges::sort(stalls);
    if (!stalls.empty()) {
      report.stall_p50_us = static_cast<double>(stalls[stalls.size() / 2]) * 1e-3;
      report.stall_max_us = static_cast<double>(stalls.back()) * 1e-3;
    }
    for (const auto stall_ns : stalls) stalls_.add(stall_ns);
  }
  const auto generation = prepared->generation();
  auto previous = catalogue_.commit(std::move(*prepared));
  services_.close(*previous);
  bring_in(generation);
  report.old = catalogue_.retire(std::move(previous), patience);
  log_info("services", "a plugin is reloaded",
           {{"plugin", id}, {"generation", report.to.generation}, {"sessions", report.sessions}});
  say("plugin.reloaded", id, services::show(report));
  return report;
}

bool PluginHost::is_listed(const std::string& id) const {
  const auto status = catalogue_.status(id);
  return status && (status->state == plugin::PluginState::loaded || status->state == plugin::PluginState::failed);
}

Result<UnloadReport> PluginHost::do_unload(const std::string& id, Force force) {
  UnloadReport report{id};
  if (!is_listed(id)) return fail("not_found", "there is no plugin " + id);
  if (force == Force::end_sessions) {
    for (const auto& session : sessions_of(registry_, id)) {
      const auto removed =
          await<session::Nothing>(remove_timeout_ms, [&](auto done) { registry_.remove(session, std::move(done)); });
      report.sessions += removed ? 1 : 0;
    }
  }
  const auto withdrawn = await<session::Nothing>(remove_timeout_ms, [&](auto done) {
    registry_.in_order([this, id, done = std::move(done)] {
      if (const auto sessions = sessions_of(registry_, id); !sessions.empty()) return done(fail(in_use(id, sessions)));
      for (const auto& model : models_.list())
        if (model->plugin == id) models_.remove(model->id());
      done(session::Nothing{});
    });
  });
  if (!withdrawn) return fail(withdrawn.error());
  auto previous = catalogue_.withdraw(id);
  if (!previous) return fail(std::move(previous.error()));
  if (*previous != nullptr) services_.close(**previous);
  take_out(id);
  report.old = catalogue_.retire(std::move(*previous), patience);
  log_info("services", "a plugin is unloaded", {{"plugin", id}, {"gone", report.old == plugin::Retired::gone}});
  say("plugin.unloaded", id, services::show(report));
  return report;
}

}  // namespace simhost::services
