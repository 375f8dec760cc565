// A request as a plugin's handler sees it: C views into a request value of ours.
#pragma once

#include <vector>

#include <sim/ext/routes.h>
#include <api/http/message.hpp>

namespace simhost::routes {

// Borrows everything from the request, which stays where it is meanwhile.
class PluginRequest {
 public:
  explicit PluginRequest(const http::Request& request);
  PluginRequest(const PluginRequest&) = delete;
  PluginRequest& operator=(const PluginRequest&) = delete;
  [[nodiscard]] const sim_request* get() const noexcept { return &view_; }

 private:
  std::vector<sim_pair> params_, query_, headers_;
  sim_request view_{};
};

}  // namespace simhost::routes
