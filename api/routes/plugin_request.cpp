// Fills a sim_request.
#include <api/routes/plugin_request.hpp>

#include <atomic>

#include <host/services/answers.hpp>
#include <host/services/tables.hpp>

namespace simhost::routes {

namespace {

using services::text_of;

// Plugins read the flag as a plain integer with acquire.
static_assert(sizeof(std::atomic<int>) == sizeof(std::int32_t) && std::atomic<int>::is_always_lock_free);

std::vector<sim_pair> borrowed(const http::Pairs& pairs) {
  std::vector<sim_pair> out;
  out.reserve(pairs.size());
  for (const auto& [name, value] : pairs) out.push_back({text_of(name), text_of(value)});
  return out;
}

std::string_view name_of(http::Identity identity) {
  return identity == http::Identity::administrator ? "administrator" : "anonymous";
}

}  // namespace

PluginRequest::PluginRequest(const http::Request& request)
    : params_(borrowed(request.params)), query_(borrowed(request.query)), headers_(borrowed(request.headers)) {
  view_.size = sizeof(view_);
  view_.flags = request.mount.empty() ? std::uint32_t{SIM_REQUEST_COMPATIBILITY} : 0U;
  view_.method = text_of(request.method);
  view_.path = text_of(request.path);
  view_.path_params = params_.data();
  view_.query = query_.data();
  view_.headers = headers_.data();
  view_.n_path_params = static_cast<std::uint32_t>(params_.size());
  view_.n_query = static_cast<std::uint32_t>(query_.size());
  view_.n_headers = static_cast<std::uint32_t>(headers_.size());
  view_.body = request.has_body ? services::as_plugin_value(request.body) : nullptr;
  view_.raw_body = text_of(request.raw_body);
  view_.remote = text_of(request.remote);
  view_.scheme = text_of(request.scheme);
  view_.authority = text_of(request.authority);
  view_.mount = text_of(request.mount);
  view_.identity = text_of(name_of(request.identity));
  view_.request_id = text_of(request.request_id);
  view_.cancelled = reinterpret_cast<const std::int32_t*>(request.cancelled.get());
}

}  // namespace simhost::routes
