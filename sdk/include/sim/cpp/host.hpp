/// The host's services as C++ sees them: sessions, rules, streams, jobs, settings, log, metrics, clocks.
///
/// Each is a thin view over one extension table. A service this host does not have answers SIM_UNSUPPORTED.
#pragma once

#include <sim/ext/clock.h>
#include <sim/ext/config.h>
#include <sim/ext/jobs.h>
#include <sim/ext/log.h>
#include <sim/ext/metrics.h>
#include <sim/ext/rules.h>
#include <sim/ext/sessions.h>
#include <sim/ext/streams.h>
#include <sim/cpp/values.hpp>

#include <cstddef>
#include <vector>

namespace sim::inline sdk_v1_0 {

/// A value, or why there is none.
template <class T>
struct Result {
  sim_status status = SIM_UNSUPPORTED;
  T value{};
  sim_error error{sizeof(sim_error), SIM_UNSUPPORTED, "unsupported", "this host does not offer the service"};

  explicit operator bool() const noexcept { return status == SIM_OK || status == SIM_WARNING; }
};
struct Done {};

namespace detail {
/// Whether the host's table reaches as far as this member: older hosts have shorter tables.
template <class Table, class Member>
bool has(const Table* table, Member Table::*member) noexcept {
  const auto* end = reinterpret_cast<const std::byte*>(&(table->*member)) + sizeof(Member);
  return end <= reinterpret_cast<const std::byte*>(table) + table->size;
}
/// What call(result) says, where there is a table to be called.
template <class T, class Table, class F>
Result<T> ask(const Table* table, F call) {
  Result<T> result;
  if (table == nullptr) return result;
  result.error = {sizeof(sim_error), SIM_OK, "", ""};
  result.status = call(result);
  result.error.status = result.status;
  return result;
}
}  // namespace detail

/// Log lines under the plugin's name. Never from a step.
class Log {
 public:
  explicit Log(const sim_host* host) noexcept : host_(host), api_(extension<sim_log>(host, SIM_LOG)) {}
  sim_status debug(std::string_view text) const noexcept { return write(SIM_LOG_DEBUG, text); }
  sim_status info(std::string_view text) const noexcept { return write(SIM_LOG_INFO, text); }
  sim_status warning(std::string_view text) const noexcept { return write(SIM_LOG_WARNING, text); }
  sim_status error(std::string_view text) const noexcept { return write(SIM_LOG_ERROR, text); }

 private:
  sim_status write(std::uint32_t severity, std::string_view text) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED} : api_->write(host_, severity, text_of(text));
  }
  const sim_host* host_;
  const sim_log* api_;
};

/// A counter or gauge; keep it as long as the plugin lives.
class Metric {
 public:
  Metric() = default;
  Metric(const sim_metrics* api, sim_metric* metric) noexcept : api_(api), metric_(metric) {}
  void add(double amount = 1) const noexcept {
    if (metric_ != nullptr) api_->add(metric_, amount);
  }
  void set(double value) const noexcept {
    if (metric_ != nullptr) api_->set(metric_, value);
  }
  double value() const noexcept { return metric_ == nullptr ? 0 : api_->value(metric_); }

 private:
  const sim_metrics* api_ = nullptr;
  sim_metric* metric_ = nullptr;
};
/// Made in init; the same name is the same metric, also after a reload.
class Metrics {
 public:
  explicit Metrics(const sim_host* host) noexcept : host_(host), api_(extension<sim_metrics>(host, SIM_METRICS)) {}
  Metric counter(const char* name, const char* help) const noexcept { return get(SIM_COUNTER, name, help); }
  Metric gauge(const char* name, const char* help) const noexcept { return get(SIM_GAUGE, name, help); }

 private:
  Metric get(std::uint32_t kind, const char* name, const char* help) const noexcept {
    return {api_, api_ == nullptr ? nullptr : api_->get(host_, kind, name, help)};
  }
  const sim_host* host_;
  const sim_metrics* api_;
};

/// The plugin's declared settings, valid before init and unchanging.
class Config {
 public:
  explicit Config(const sim_host* host) noexcept : host_(host), api_(extension<sim_config>(host, SIM_CONFIG)) {}
  double number(const char* key, double otherwise = 0) const noexcept {
    double value = otherwise;
    return api_ != nullptr && api_->number(host_, key, &value) == SIM_OK ? value : otherwise;
  }
  bool boolean(const char* key, bool otherwise = false) const noexcept { return number(key, otherwise ? 1 : 0) != 0; }
  std::string_view text(const char* key, std::string_view otherwise = {}) const noexcept {
    sim_text value{};
    return api_ != nullptr && api_->text(host_, key, &value) == SIM_OK ? view_of(value) : otherwise;
  }

 private:
  const sim_host* host_;
  const sim_config* api_;
};

class Clock {
 public:
  explicit Clock(const sim_host* host) noexcept : host_(host), api_(extension<sim_clock>(host, SIM_CLOCK)) {}
  std::int64_t wall_ns() const noexcept { return api_ == nullptr ? 0 : api_->wall_ns(host_); }
  std::int64_t monotonic_ns() const noexcept { return api_ == nullptr ? 0 : api_->monotonic_ns(host_); }

 private:
  const sim_host* host_;
  const sim_clock* api_;
};

/// Work off the tick. What a job throws ends the job and nothing else.
class Jobs {
 public:
  explicit Jobs(const sim_host* host) noexcept : host_(host), api_(extension<sim_jobs>(host, SIM_JOBS)) {}
  /// `void work(const sim_host*, void* context)`, run [io], serialised with the plugin's routes.
  template <auto Work>
  sim_status post(void* context) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED} : api_->post(host_, &run<Work>, context);
  }
  template <auto Work>
  sim_status post_after(std::int64_t delay_ns, void* context) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED} : api_->post_after(host_, delay_ns, &run<Work>, context);
  }
  /// Calls work(i) for 0..count-1 on the host's threads; work must not throw.
  template <class F>
  sim_status parallel(std::uint64_t count, const F& work) const noexcept {
    if (api_ == nullptr) return SIM_UNSUPPORTED;
    const auto call = [](void* context, std::uint64_t i) noexcept { (*static_cast<const F*>(context))(i); };
    return api_->parallel(host_, count, call, const_cast<F*>(&work));
  }

 private:
  template <auto Work>
  static void run(const sim_host* host, void* context) noexcept {
    try {
      Work(host, context);
    } catch (...) {
      Log(host).error("a job ended with an exception");
    }
  }
  const sim_host* host_;
  const sim_jobs* api_;
};

/// The clients of the plugin's WebSocket endpoints.
class StreamClients {
 public:
  explicit StreamClients(const sim_host* host) noexcept
      : host_(host), api_(extension<sim_stream_clients>(host, SIM_STREAMS)) {}
  /// From now on the client gets the frames of this session; 0: of none.
  sim_status follow(std::uint64_t client, std::uint64_t session) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED} : api_->follow(host_, client, session);
  }
  sim_status variant(std::uint64_t client, std::uint32_t variant) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED} : api_->variant(host_, client, variant);
  }
  sim_status push(std::uint64_t client, std::string_view text) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED}
                           : api_->push(host_, client, SIM_TEXT, text.data(), text.size());
  }
  /// All clients of the plugin's streams of that model, from now on; 0: of none.
  sim_status follow_all(std::uint64_t session) const noexcept { return follow(0, session); }
  /// To all clients that follow the session; 0: to all of the plugin.
  sim_status push_session(std::uint64_t session, std::string_view text) const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED}
                           : api_->push_session(host_, session, SIM_TEXT, text.data(), text.size());
  }
  /// Whom the client follows, 0 none.
  std::uint64_t session(std::uint64_t client) const noexcept {
    std::uint64_t session = 0;
    return api_ != nullptr && api_->session(host_, client, &session) == SIM_OK ? session : 0;
  }
  /// Clients of a session, or with 0 of the plugin.
  std::uint64_t count(std::uint64_t session = 0) const noexcept {
    return api_ == nullptr ? 0 : api_->count(host_, session);
  }
  /// Who is on the stream of this path, as declared; nobody where the host does not know.
  std::vector<std::uint64_t> list(const char* path) const {
    std::vector<std::uint64_t> all;
    if (api_ == nullptr || !detail::has(api_, &sim_stream_clients::list)) return all;
    for (std::uint64_t count = api_->list(host_, path, nullptr, 0); count > all.size();) {
      all.resize(static_cast<std::size_t>(count));
      count = api_->list(host_, path, all.data(), all.size());
      if (count <= all.size()) return all.resize(static_cast<std::size_t>(count)), all;
    }
    return all;
  }

 private:
  const sim_host* host_;
  const sim_stream_clients* api_;
};

/// Sessions of the plugin's own models. All [io]; each call waits until the tick that applied it.
class Sessions {
 public:
  explicit Sessions(const sim_host* host) noexcept : host_(host), api_(extension<sim_sessions>(host, SIM_SESSIONS)) {}

  /// body: that of POST /v1/sessions.
  Result<std::uint64_t> create(std::string_view body) const noexcept {
    return detail::ask<std::uint64_t>(api_,
                                      [&](auto& r) { return api_->create(host_, text_of(body), &r.value, &r.error); });
  }
  Result<std::uint64_t> find(std::string_view id_or_name) const noexcept {
    return detail::ask<std::uint64_t>(api_, [&](auto& r) { return api_->find(host_, text_of(id_or_name), &r.value); });
  }
  /// By creation.
  std::vector<std::uint64_t> list() const {
    std::vector<std::uint64_t> all;
    if (api_ == nullptr) return all;
    for (std::uint64_t count = api_->list(host_, nullptr, 0); count > all.size();) {
      all.resize(static_cast<std::size_t>(count));
      count = api_->list(host_, all.data(), all.size());
      if (count <= all.size()) return all.resize(static_cast<std::size_t>(count)), all;
    }
    return all;
  }
  Result<sim_session_info> info(std::uint64_t session) const noexcept {
    return detail::ask<sim_session_info>(api_, [&](auto& r) {
      r.value.size = sizeof(sim_session_info);
      return api_->info(host_, session, &r.value);
    });
  }
  /// values[v * n_lanes + k], all of one tick, which is the result.
  Result<std::uint64_t> read(std::uint64_t session, std::span<const std::uint32_t> vars, std::span<double> values,
                             std::uint32_t first_lane = 0, std::uint32_t n_lanes = 1) const noexcept {
    if (values.size() < vars.size() * n_lanes) return invalid<std::uint64_t>();
    return detail::ask<std::uint64_t>(api_, [&](auto& r) {
      return api_->read(host_, session, vars.data(), static_cast<std::uint32_t>(vars.size()), first_lane, n_lanes,
                        values.data(), &r.value, &r.error);
    });
  }
  /// values[v] to one lane or all of them, all or nothing; gives the tick that applied it.
  Result<std::uint64_t> write(std::uint64_t session, std::span<const std::uint32_t> vars,
                              std::span<const double> values, std::uint32_t lane = SIM_ALL_LANES) const noexcept {
    if (values.size() < vars.size()) return invalid<std::uint64_t>();
    return detail::ask<std::uint64_t>(api_, [&](auto& r) {
      return api_->write(host_, session, vars.data(), values.data(), static_cast<std::uint32_t>(vars.size()), lane,
                         &r.value, &r.error);
    });
  }
  /// values[v * lanes.size() + k] to lanes[k], which rise; all or nothing.
  Result<std::uint64_t> write_lanes(std::uint64_t session, std::span<const std::uint32_t> vars,
                                    std::span<const double> values,
                                    std::span<const std::uint32_t> lanes) const noexcept {
    if (api_ != nullptr && !detail::has(api_, &sim_sessions::write_lanes)) return {};
    if (values.size() < vars.size() * lanes.size()) return invalid<std::uint64_t>();
    return detail::ask<std::uint64_t>(api_, [&](auto& r) {
      return api_->write_lanes(host_, session, vars.data(), values.data(), static_cast<std::uint32_t>(vars.size()),
                               lanes.data(), static_cast<std::uint32_t>(lanes.size()), &r.value, &r.error);
    });
  }
  Result<std::uint64_t> command(std::uint64_t session, const char* name, std::span<const double> args = {},
                                std::span<double> results = {}, std::uint32_t lane = 0) const noexcept {
    return detail::ask<std::uint64_t>(api_, [&](auto& r) {
      return api_->command(host_, session, name, lane, args.data(), results.data(), &r.value, &r.error);
    });
  }
  /// action: SIM_PAUSE, SIM_RESUME, SIM_STOP, SIM_RESET or SIM_DELETE.
  Result<Done> control(std::uint64_t session, std::uint32_t action) const noexcept {
    return detail::ask<Done>(api_, [&](auto& r) { return api_->control(host_, session, action, &r.error); });
  }
  /// see is shown every tick from the present one on, in order, also with nobody connected; see `sim_watcher`.
  Result<Done> watch(std::uint64_t session, std::span<const std::uint32_t> vars, sim_watcher see,
                     void* context) const noexcept {
    if (api_ != nullptr && api_->size < sizeof(sim_sessions)) return {};
    return detail::ask<Done>(api_, [&](auto& r) {
      return api_->watch(host_, session, vars.data(), static_cast<std::uint32_t>(vars.size()), see, context, &r.error);
    });
  }
  /// Keeps text with a session (0: the plugin) over reloads; empty text removes it.
  Result<Done> attach(std::uint64_t session, const char* key, std::string_view value) const noexcept {
    return detail::ask<Done>(api_,
                             [&](auto& r) { return api_->attach(host_, session, key, text_of(value), &r.error); });
  }
  Result<std::string> attachment(std::uint64_t session, const char* key) const {
    return detail::ask<std::string>(api_, [&](auto& r) {
      StringSink sink;
      const sim_status status = api_->attachment(host_, session, key, sink.get());
      r.value = std::move(sink.text);
      return status;
    });
  }

 private:
  template <class T>
  static Result<T> invalid() noexcept {
    return {SIM_INVALID_ARG,
            {},
            {sizeof(sim_error), SIM_INVALID_ARG, "invalid_argument", "the span of values is too short"}};
  }
  const sim_host* host_;
  const sim_sessions* api_;
};

/// Rules of the plugin over its own models and sessions, and what they found. [io]
class Rules {
 public:
  explicit Rules(const sim_host* host) noexcept : host_(host), api_(extension<sim_rules>(host, SIM_RULES)) {}

  /// body: that of POST /v1/rules; replaces the plugin's rule of the same name. Not from init, but from a job it posts.
  Result<Done> put(std::string_view body) const noexcept {
    return detail::ask<Done>(api_, [&](auto& r) { return api_->put(host_, text_of(body), &r.error); });
  }
  Result<Done> remove(const char* name) const noexcept {
    return detail::ask<Done>(api_, [&](auto& r) { return api_->remove(host_, name, &r.error); });
  }
  /// `visit(sim::Value alert)` for what was found later than the alert `after`, oldest first: of all sessions (0), or
  /// of one, of which then every tick up to now has been judged.
  template <class F>
  sim_status alerts(std::uint64_t session, std::string_view after, F visit,
                    std::uint32_t limit = UINT32_MAX) const noexcept {
    if (api_ == nullptr) return SIM_UNSUPPORTED;
    struct Call {
      const sim_values* values;
      F* visit;
    } call{extension<sim_values>(host_, SIM_VALUES), &visit};
    constexpr auto one = [](void* context, const sim_value* alert) noexcept -> int32_t {
      try {
        const Call& of = *static_cast<Call*>(context);
        (*of.visit)(Value(of.values, alert));
        return SIM_OK;
      } catch (...) {
        return SIM_ERROR;
      }
    };
    return api_->alerts(host_, session, text_of(after), limit, one, &call);
  }
  /// `void heard(const sim_host*, std::uint64_t session, sim::Value alert)` for each alert raised or cleared.
  template <auto Heard>
  sim_status listen() const noexcept {
    return api_ == nullptr ? sim_status{SIM_UNSUPPORTED} : api_->listen(host_, &run<Heard>);
  }

 private:
  template <auto Heard>
  static void run(const sim_host* host, std::uint64_t session, const sim_value* alert) noexcept {
    try {
      Heard(host, session, Value(extension<sim_values>(host, SIM_VALUES), alert));
    } catch (...) {
      Log(host).error("a listener of alerts ended with an exception");
    }
  }
  const sim_host* host_;
  const sim_rules* api_;
};

}  // namespace sim::inline sdk_v1_0
