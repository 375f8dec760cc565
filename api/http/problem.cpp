// Making problem documents out of errors.
#include <api/http/problem.hpp>

#include <algorithm>

#include <host/base/codes.hpp>
#include <host/base/json.hpp>
#include <host/base/limits.hpp>

namespace simhost::http {
namespace {

// The error as it is shown: a general code with one field error takes that one's code.
const std::string& shown_code(const Error& error) {
  const bool general = error.code == "validation_failed" && error.errors.size() == 1;
  return general && find_code(error.errors.front().code) != nullptr ? error.errors.front().code : error.code;
}

Value field_document(const FieldError& field) {
  Value out = Value::object({{"pointer", field.pointer}, {"code", field.code}, {"detail", field.detail}});
  if (field.min) out.set("min", *field.min);
  if (field.max) out.set("max", *field.max);
  if (!field.input.empty()) {
    auto input = parse_json(field.input);
    out.set("input", input ? std::move(*input) : Value(field.input));
  }
  return out;
}

void add_protocol_headers(const Error& error, int status, Response& response) {
  if (const int wait_s = retry_after_s(error, status); wait_s > 0)
    response.set_header("Retry-After", std::to_string(wait_s));
  if (status == 401) response.set_header("WWW-Authenticate", "Bearer realm=\"simhost\"");
}

}  // namespace

int retry_after_s(const Error& error, int status) {
  const bool waits = status == 429 || status == 503;
  return waits ? std::max(error.retry_after_s, 1) : error.retry_after_s;
}

Value problem_document(const Error& error, std::string_view instance, std::string_view request_id) {
  const std::string& code = shown_code(error);
  const CodeInfo* info = find_code(code);
  Value out = Value::object({{"type", "/docs/errors#" + code},
                             {"title", info != nullptr ? info->title : std::string_view("Error")},
                             {"status", status_of(error)},
                             {"code", code},
                             {"detail", error.detail},
                             {"instance", instance}});
  if (!request_id.empty()) out.set("request_id", request_id);
  if (error.errors.empty()) return out;
  Value list = Value::array();
  const std::size_t count = std::min(error.errors.size(), limits::listed_errors);
  for (std::size_t i = 0; i < count; ++i) list.push(field_document(error.errors[i]));
  out.set("errors", std::move(list));
  return out;
}

Response problem(const Error& error, const Request& request) {
  Response response;
  response.status = status_of(error);
  response.media_type = "application/problem+json";
  response.body = problem_document(error, request.path, request.request_id);
  add_protocol_headers(error, response.status, response);
  return response;
}

Response render_error(const Error& error, const Request& request, const ErrorRenderer& renderer) {
  if (!renderer) return problem(error, request);
  std::optional<Response> shaped = renderer(request, error);
  if (!shaped) return problem(error, request);
  add_protocol_headers(error, shaped->status, *shaped);
  shaped->error.reset();
  return std::move(*shaped);
}

}  // namespace simhost::http
