// sim.metrics/1: counters and gauges of a plugin.
#include <cmath>

#include <host/base/limits.hpp>
#include <host/services/answers.hpp>
#include <host/services/tables.hpp>
#include <host/services/tenant.hpp>

namespace simhost::services {

namespace {

sim_metric* get(const sim_host* host, std::uint32_t kind, const char* name, const char* help) noexcept {
  try {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return nullptr;
    return tenant->books->metrics.get(kind, view(name, limits::metric_name_chars),
                                      view(help, limits::plugin_text_bytes));
  } catch (...) {
    return nullptr;
  }
}

void add(sim_metric* metric, double amount) noexcept {
  if (metric == nullptr || !std::isfinite(amount) || (metric->kind == SIM_COUNTER && amount < 0)) return;
  metric->value.fetch_add(amount, std::memory_order_relaxed);
}

void set(sim_metric* metric, double value) noexcept {
  if (metric != nullptr && std::isfinite(value)) metric->value.store(value, std::memory_order_relaxed);
}

double value(const sim_metric* metric) noexcept {
  return metric == nullptr ? 0 : metric->value.load(std::memory_order_relaxed);
}

}  // namespace

const sim_metrics metrics_table{sizeof(sim_metrics), 0, get, add, set, value};

}  // namespace simhost::services
