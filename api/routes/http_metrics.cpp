// Counting answers.
#include <api/routes/http_metrics.hpp>

#include <chrono>

namespace simhost::routes {

void HttpMetrics::observe(const http::Request& request, const http::Route* route, int status) {
  const auto took = std::chrono::steady_clock::now() - request.received;
  const std::lock_guard lock(mutex_);
  durations_.add(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
  ++counts_[{route != nullptr ? route->method + " " + route->path : std::string("none"), status}];
}

std::map<std::pair<std::string, int>, std::uint64_t> HttpMetrics::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace simhost::routes
