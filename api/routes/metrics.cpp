// Collects counts from all rooms into metric families.
#include <api/routes/metrics.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sys/resource.h>
#include <unistd.h>

#include <host/record/recorder.hpp>

namespace simhost::routes {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

ClientMetric metric(MetricType type, double value, Labels labels = {}) {
  ClientMetric out;
  out.label = std::move(labels);
  if (type == MetricType::Counter)
    out.counter.value = value;
  else
    out.gauge.value = value;
  return out;
}

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.type = type;
  return out;
}

MetricFamily single(std::string name, std::string help, MetricType type, double value) {
  auto out = family(std::move(name), std::move(help), type);
  out.metric.push_back(metric(type, value));
  return out;
}

// Seconds in octaves from about 1 us to 8 s.
MetricFamily histogram(std::string name, std::string help, const engine::Histogram::Counts& counts) {
  constexpr double first_ns = 1024, last_ns = 8.6e9;
  auto out = family(std::move(name), std::move(help), MetricType::Histogram);
  ClientMetric m;
  std::uint64_t seen = 0;
  double sum_ns = 0, bound_ns = first_ns;
  const auto end_below = [&](double upper_ns) {
    for (; bound_ns < upper_ns && bound_ns < last_ns; bound_ns *= 2)
      m.histogram.bucket.push_back({seen, bound_ns * 1e-9});
  };
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;  // the last of all end beyond 64 bits, and never count anything
    const double upper_ns = engine::Histogram::upper_ns(i);
    end_below(upper_ns);
    seen += counts[i];
    sum_ns += static_cast<double>(counts[i]) * upper_ns;
  }
  end_below(last_ns);
  m.histogram.sample_count = seen;
  m.histogram.sample_sum = sum_ns * 1e-9;
  out.metric.push_back(std::move(m));
  return out;
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void add_alerts(std::vector<MetricFamily>& out, const Context& context) {
  auto raised = family("simhost_alerts_total", "Alerts that rules raised.", MetricType::Counter);
  auto active = family("simhost_alerts_active", "Alerts that stand now.", MetricType::Gauge);
  for (const auto& count : context.rules.counts()) {
    const Labels labels{{"model", count.model}, {"severity", std::string(rules::to_string(count.severity))}};
    raised.metric.push_back(metric(MetricType::Counter, static_cast<double>(count.raised), labels));
    active.metric.push_back(metric(MetricType::Gauge, static_cast<double>(count.active), labels));
  }
  out.push_back(std::move(raised));
  out.push_back(std::move(active));
}

void add_process(std::vector<MetricFamily>& out, const Context& context) {
  out.push_back(single("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge, resident_bytes()));
  out.push_back(single("process_cpu_seconds_total", "User and system time.", MetricType::Counter, cpu_seconds()));
  out.push_back(single("process_start_time_seconds", "Start of the host since the epoch.", MetricType::Gauge,
                       static_cast<double>(context.started_wall_ns) * 1e-9));
}

void add_sessions(std::vector<MetricFamily>& out, const Context& context) {
  const auto counts = context.registry.counts();
  auto sessions = family("simhost_sessions", "Sessions by state.", MetricType::Gauge);
  for (std::size_t s = 0; s < 5; ++s)
    sessions.metric.push_back(metric(MetricType::Gauge, static_cast<double>(counts.by_state[s]),
                                     {{"state", std::string(session::to_string(static_cast<session::State>(s)))}}));
  out.push_back(std::move(sessions));
  out.push_back(
      single("simhost_lanes", "Lanes of all sessions.", MetricType::Gauge, static_cast<double>(counts.lanes)));
}

void add_clock(std::vector<MetricFamily>& out, const Context& context) {
  const auto totals = context.engine.totals();
  out.push_back(
      single("simhost_ticks_total", "Beats of all drivers.", MetricType::Counter, static_cast<double>(totals.beats)));
  out.push_back(single("simhost_missed_ticks_total", "Ticks that were dropped.", MetricType::Counter,
                       static_cast<double>(totals.missed)));
  out.push_back(single("simhost_overruns_total", "Ticks that ended after their deadline.", MetricType::Counter,
                       static_cast<double>(totals.overruns)));
  out.push_back(histogram("simhost_tick_lateness_seconds", "Wake-up after its due time.", totals.lateness));
  out.push_back(histogram("simhost_step_seconds", "Time of a driver's beat.", totals.step));
}

void add_streams(std::vector<MetricFamily>& out, const telemetry::Counts& counts) {
  out.push_back(
      single("simhost_stream_clients", "WebSocket clients.", MetricType::Gauge, static_cast<double>(counts.clients)));
  out.push_back(single("simhost_stream_messages_total", "Data messages queued for clients.", MetricType::Counter,
                       static_cast<double>(counts.messages)));
  out.push_back(single("simhost_stream_dropped_total", "Ticks and messages slow clients lost.", MetricType::Counter,
                       static_cast<double>(counts.dropped)));
}

void add_recordings(std::vector<MetricFamily>& out, const record::Recorder::Counts& counts) {
  out.push_back(single("simhost_recordings", "Recordings that are kept.", MetricType::Gauge,
                       static_cast<double>(counts.recordings)));
  out.push_back(single("simhost_recording_bytes_total", "Bytes of samples written by recordings.", MetricType::Counter,
                       static_cast<double>(counts.bytes_total)));
}

void add_http(std::vector<MetricFamily>& out, const HttpMetrics& http) {
  auto requests = family("simhost_http_requests_total", "Answers by route and status.", MetricType::Counter);
  for (const auto& [key, count] : http.counts())
    requests.metric.push_back(metric(MetricType::Counter, static_cast<double>(count),
                                     {{"route", key.first}, {"status", std::to_string(key.second)}}));
  out.push_back(std::move(requests));
  out.push_back(histogram("simhost_http_request_seconds", "From the end of a request's header to its answer.",
                          http.durations().counts()));
}

void add_plugins(std::vector<MetricFamily>& out, const MetricSources& sources) {
  auto generation = family("simhost_plugin_generation", "Loads of the plugin so far.", MetricType::Gauge);
  for (const auto& g : sources.context.plugins.all_current())
    generation.metric.push_back(
        metric(MetricType::Gauge, static_cast<double>(g->number()), {{"plugin", g->plugin_id()}}));
  out.push_back(std::move(generation));
  out.push_back(histogram("simhost_plugin_reload_stall_seconds", "How long drivers stood still in reloads.",
                          sources.context.plugins.stalls().counts()));
  out.push_back(single("simhost_zombie_libraries", "Withdrawn libraries that did not leave the process.",
                       MetricType::Gauge, static_cast<double>(sources.context.plugins.zombies())));
  std::map<std::string, MetricFamily> own;
  for (const auto& sample : sources.services.metrics()) {
    const auto type = sample.kind == SIM_GAUGE ? MetricType::Gauge : MetricType::Counter;
    const std::string name = "simhost_plugin_" + sample.name;
    auto& f = own.try_emplace(name, family(name, sample.help, type)).first->second;
    f.metric.push_back(metric(type, sample.value, {{"plugin", sample.plugin}}));
  }
  for (auto& [name, f] : own) out.push_back(std::move(f));
}

}  // namespace

std::string metrics_text(const MetricSources& sources) {
  std::vector<MetricFamily> families;
  add_clock(families, sources.context);
  add_sessions(families, sources.context);
  add_streams(families, sources.streams());
  add_recordings(families, sources.context.recorder.counts());
  add_http(families, sources.http);
  add_plugins(families, sources);
  add_alerts(families, sources.context);
  add_process(families, sources.context);
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace simhost::routes
