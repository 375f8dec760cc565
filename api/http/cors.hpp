// Cross-origin answers: what a browser's page of an allowed origin may read and send.
#pragma once

#include <string>
#include <vector>

#include <api/http/message.hpp>

namespace simhost::http {

enum class Credentials : std::uint8_t { omit, include };

struct CorsPolicy {
  std::vector<std::string> origins{};  // beside the local ones, "https://bench.example"
  Credentials credentials = Credentials::omit;
  std::string methods{};  // listed on every preflight; empty: those of the path
};

// An OPTIONS that a browser sends ahead of the request it asks about.
bool is_preflight(const Request& request);

// Answers a preflight of an origin that passed check_origin. methods: of the path.
Response preflight(const Request& request, const CorsPolicy& policy, const std::vector<std::string>& methods);

// On every other answer: Vary always, the rest where the request's origin is allowed.
void add_cors(const Request& request, const CorsPolicy& policy, Response& response);

// Names joined by ", ".
std::string joined(const std::vector<std::string>& names);

}  // namespace simhost::http
