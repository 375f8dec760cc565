// A listener's rules around a router: host, origin, rate, token, route, format and body in; headers and errors out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <api/http/access.hpp>
#include <api/http/cors.hpp>
#include <api/http/idempotency.hpp>
#include <api/http/media.hpp>
#include <api/http/problem.hpp>
#include <api/http/rate_limit.hpp>
#include <api/http/router.hpp>
#include <api/http/site.hpp>
#include <host/base/ids.hpp>
#include <host/base/limits.hpp>

namespace simhost::http {

enum class Anonymous : std::uint8_t { operate, refuse };
enum class Negotiation : std::uint8_t { strict, json_only };  // json_only: Accept is not looked at

// What one listener allows. Pointers and callbacks may be empty.
struct Policy {
  std::vector<std::string> hosts{};  // beside the loopback names
  CorsPolicy cors{};
  Anonymous local = Anonymous::operate;  // callers on loopback without a token
  Anonymous remote = Anonymous::refuse;  // all others
  TokenCheck token{};
  Negotiation negotiation = Negotiation::strict;
  ErrorRenderer render_error{};
  Rate rate{limits::requests_per_s, limits::requests_burst};  // of a remote address
  Rate loopback_rate{};                                       // of a loopback address; none
  Rate failed_logins{limits::failed_logins_per_min / 60.0, limits::failed_logins_per_min};
  std::size_t body_bytes = limits::http_body_bytes;
  std::string name = "main";                // keeps the Idempotency-Keys of listeners apart
  std::shared_ptr<IdempotencyKeys> keys{};  // null: the header counts for nothing
  std::chrono::milliseconds deadline{limits::route_deadline_default_ms};
  // What a mutation changed must be durable before its answer is sent. Both empty: nothing is kept.
  std::function<Outcome()> can_commit{};                          // an error refuses all but DELETE before they run
  std::function<void(std::function<void(Outcome)>)> committed{};  // calls back, perhaps at once, on any thread
  // [any] After each answer; route is empty where none was found.
  std::function<void(const Request&, const Route*, int status)> observe{};
};

class Pipeline final : public Site {
 public:
  Pipeline(Policy policy, std::shared_ptr<const Router> router);

  Admission admit(Request& request) override;
  void handle(std::shared_ptr<Request> request, const Admission& admission, Reply reply) override;
  void upgrade(std::shared_ptr<Request> request, const Admission& admission, UpgradeReply reply) override;
  Response refuse(Request& request, const Error& error) override;

  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }

 private:
  void name(Request& request);
  Outcome identify(Request& request);
  Outcome check_caller(Request& request);
  Response answer_options(const Request& request, const std::vector<std::string>& methods) const;
  std::optional<Response> find_route(Request& request, Admission& admission);
  Outcome check_route(const Request& request, const Route& route) const;
  Response finish(const Request& request, const Route* route, Response response) const;
  void hold_back(const Reply& reply, Response response) const;
  Response refuse_at(const Request& request, const Route* route, const Error& error) const;
  std::optional<Reply> once(const Request& request, Reply reply) const;
  void run(const std::shared_ptr<Request>& request, const Route& route, const Reply& reply) const;

  Policy policy_;
  std::shared_ptr<const Router> router_;
  RateLimiter remote_rate_;
  RateLimiter loopback_rate_;
  RateLimiter failed_logins_;
  IdMaker ids_;
};

}  // namespace simhost::http
