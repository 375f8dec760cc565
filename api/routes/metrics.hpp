// The host's metrics in Prometheus' text format, collected when they are asked for.
#pragma once

#include <string>
#include <vector>

#include <api/routes/context.hpp>
#include <api/routes/http_metrics.hpp>
#include <host/telemetry/counters.hpp>

namespace simhost::routes {

struct MetricSources {
  const Context& context;
  const HttpMetrics& http;
  services::Services& services;
  std::function<telemetry::Counts()> streams;
};

// [ctl] (it reads the drivers). HELP and TYPE for each; no label that grows with sessions.
std::string metrics_text(const MetricSources& sources);

}  // namespace simhost::routes
