/// From the host's problems to the bodies that clients of the original read.
#include "routes_errors.hpp"

#include <sim/cpp/problems.hpp>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <string_view>

namespace bldc_motor {
namespace {

using sim::each_token;
using sim::faults_of;
using sim::is_unreadable;
using sim::view_of;

constexpr std::string_view validation_error = "validation_error";

/// The host's word for a fault in one field, and Pydantic's.
struct Kind {
  std::string_view code, type, message;
};
constexpr Kind kinds[] = {{"missing", "missing", "Field required"},
                          {"not_in_enum", "enum", ""},
                          {"unknown_key", "extra_forbidden", "Extra inputs are not permitted"},
                          {"wrong_length", "value_error", ""},
                          {"invalid_format", "string_pattern_mismatch", ""}};

/// What a field takes, by its last name: Pydantic's errors of type tell.
constexpr Kind types[] = {
    {"motor_id", "string_type", "Input should be a valid string"},
    {"control_mode", "string_type", "Input should be a valid string"},
    {"session_name", "string_type", "Input should be a valid string"},
    {"use_cascaded_control", "bool_type", "Input should be a valid boolean"},
    {"enable_pid", "bool_type", "Input should be a valid boolean"},
    {"pid_params", "dict_type", "Input should be a valid dictionary"},
    {"current_controller_params", "dict_type", "Input should be a valid dictionary"},
    {"", "model_attributes_type", "Input should be a valid dictionary or object to extract fields from"}};

void put_place(const sim_request& request, std::string_view pointer, sim::Json& json) {
  const std::string_view key = pointer.starts_with('?') ? pointer.substr(1) : std::string_view();
  const std::span params(request.path_params, request.n_path_params);
  const bool in_path = !key.empty() && std::any_of(params.begin(), params.end(),
                                                   [&](const sim_pair& pair) { return view_of(pair.name) == key; });
  json.key("loc").array().value(in_path ? "path" : pointer.starts_with('?') ? "query" : "body");
  each_token(pointer, [&](const std::string& token) {
    std::size_t index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), index);
    const bool number = !token.empty() && read.ec == std::errc() && read.ptr == token.data() + token.size();
    number ? json.value(index) : json.value(token);
  });
  json.end();
}

const Kind* find_kind(std::span<const Kind> list, std::string_view code) noexcept {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Kind& kind) { return kind.code == code; });
  return found == list.end() ? nullptr : &*found;
}

std::string last_token(std::string_view pointer) {
  std::string last;
  each_token(pointer, [&](const std::string& token) { last = token; });
  return last;
}

Kind kind_of(const sim_field_error& field) {
  const std::string_view code = view_of(field.code), detail = view_of(field.detail);
  if (code == "wrong_type") {
    if (const Kind* kind = find_kind(types, last_token(view_of(field.pointer)))) return *kind;
    const bool text = view_of(field.input).starts_with('"');
    return {code, text ? "float_parsing" : "float_type", "Input should be a valid number"};
  }
  if (code == "value_out_of_range") {
    const bool low = (field.flags & SIM_HAS_MIN) != 0 && view_of(field.input).starts_with('-');
    return {code, low ? "greater_than_equal" : "less_than_equal", detail};
  }
  const Kind* kind = find_kind(kinds, code);
  if (kind == nullptr) return {code, "value_error", detail};
  return {code, kind->type, kind->message.empty() ? detail : kind->message};
}

/// What stood there; of a member that is missing, the object it is missing in.
void put_input(const sim_request& request, const sim_field_error& field, sim::Json& json) {
  const std::string_view input = view_of(field.input), body = view_of(request.raw_body);
  json.key("input");
  if (!input.empty()) return static_cast<void>(json.raw(input));
  const std::string_view pointer = view_of(field.pointer);
  const bool at_top = pointer.starts_with('/') && pointer.find('/', 1) == std::string_view::npos;
  const bool is_json = request.body != nullptr && body.starts_with('{');
  at_top&& is_json ? json.raw(body) : json.null();
}

void put_field(const sim_request& request, const sim_field_error& field, sim::Json& json) {
  const Kind kind = kind_of(field);
  json.object().member("type", kind.type);
  put_place(request, view_of(field.pointer), json);
  json.member("msg", kind.message);
  put_input(request, field, json);
  json.end();
}

std::string message_of(const sim_problem& problem) {
  std::string message;
  for (const auto& field : faults_of(problem)) {
    const std::string name = last_token(view_of(field.pointer));
    message += (message.empty() ? "" : "; ") + name + (name.empty() ? "" : ": ");
    message += view_of(field.detail);
  }
  return message.empty() ? std::string(view_of(problem.detail)) : message;
}

void put_beside(std::string_view error, std::string_view message, sim::Json& json) {
  json.member("error", error).member("message", message).end();
}

void render_object(std::string_view error, std::string_view message, sim::Json& json) {
  json.object().key("detail").object().member("error", error).member("message", message).end();
  put_beside(error, message, json);
}

void render_fields(const sim_request& request, const sim_problem& problem, sim::Json& json) {
  json.object().key("detail").array();
  for (const auto& field : faults_of(problem)) put_field(request, field, json);
  json.end();
  put_beside(validation_error, message_of(problem), json);
}

/// A body that is none, or cannot be read: a list of one fault, as for any other fault of shape.
void render_unreadable(const sim_problem& problem, sim::Json& json) {
  const std::string_view code = view_of(problem.code), detail = view_of(problem.detail);
  json.object().key("detail").array().object();
  if (code == "body_missing") {
    json.member("type", "missing").key("loc").array().value("body").end();
    json.member("msg", "Field required").key("input").null();
  } else {
    json.member("type", "json_invalid").key("loc").array().value("body").value(0).end();
    json.member("msg", "JSON decode error").key("input").object().end();
    json.key("ctx").object().member("error", detail).end();
  }
  json.end().end();
  put_beside(validation_error, detail, json);
}

bool all_out_of_range(std::span<const sim_field_error> fields) noexcept {
  return std::all_of(fields.begin(), fields.end(),
                     [](const sim_field_error& field) { return view_of(field.code) == "value_out_of_range"; });
}

}  // namespace

void render_error(const sim_request& request, const sim_problem& problem, int& status, sim::Json& body) {
  const std::string_view code = view_of(problem.code);
  const auto fields = faults_of(problem);
  if (status == 404 && code == "not_found") {
    body.object().member("detail", "Not Found").end();
  } else if (status == 405) {
    body.object().member("detail", "Method Not Allowed").end();
  } else if (is_unreadable(code) || code == "body_missing") {
    status = 422;
    render_unreadable(problem, body);
  } else if (!fields.empty() && (status == 400 || status == 422)) {
    const bool range = all_out_of_range(fields);
    status = range ? 400 : 422;
    range ? render_object(validation_error, message_of(problem), body) : render_fields(request, problem, body);
  } else {
    const bool rate = code == "rate_limited";
    render_object(rate ? "rate_limit_exceeded" : code, view_of(problem.detail), body);
  }
}

}  // namespace bldc_motor
