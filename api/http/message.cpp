// Look-ups in requests and responses, and the two usual ways to answer.
#include <api/http/message.hpp>

#include <algorithm>

#include <api/http/url.hpp>

namespace simhost::http {
namespace {

const std::string* find_exact(const Pairs& pairs, std::string_view name) noexcept {
  for (const auto& [key, value] : pairs) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

const std::string* Request::header(std::string_view name) const noexcept { return find_exact(headers, name); }
const std::string* Request::param(std::string_view name) const noexcept { return find_exact(params, name); }
const std::string* Request::query_value(std::string_view name) const noexcept { return find_exact(query, name); }

const std::string* Response::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

void Response::set_header(std::string_view name, std::string value) {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const auto& pair) { return equal_ignoring_case(pair.first, name); });
  if (found != headers.end()) {
    found->second = std::move(value);
  } else {
    headers.emplace_back(name, std::move(value));
  }
}

Response answer(int status, Value body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response answer_error(Error error) {
  Response response;
  response.error = std::move(error);
  return response;
}

}  // namespace simhost::http
