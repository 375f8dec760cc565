// Counts of HTTP answers by route and status, and how long they took.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <api/http/route.hpp>
#include <host/engine/histogram.hpp>

namespace simhost::routes {

// Written on the I/O thread and by whoever answers, read by the metrics. Labels are bounded: routes are.
class HttpMetrics {
 public:
  void observe(const http::Request& request, const http::Route* route, int status);

  [[nodiscard]] std::map<std::pair<std::string, int>, std::uint64_t> counts() const;  // by route template and status
  [[nodiscard]] const engine::Histogram& durations() const noexcept { return durations_; }

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> counts_;
  engine::Histogram durations_;
};

}  // namespace simhost::routes
