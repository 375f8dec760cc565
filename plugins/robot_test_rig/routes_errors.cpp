/// From the host's problems to the bodies that clients of the original read.
#include "routes_errors.hpp"

#include <sim/cpp/problems.hpp>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <string_view>

namespace robot_test_rig {
namespace {

using sim::faults_of;
using sim::is_unreadable;
using sim::view_of;

/// A fault in Pydantic's words; context: what stands in "ctx", or nothing.
struct Fault {
  std::string type, message, context_key;
  double context = 0;
  std::string context_text;
};

/// The name of a query key, or the last token of a pointer into the body.
std::string_view name_in(std::string_view pointer) noexcept {
  if (pointer.starts_with('?')) return pointer.substr(1);
  return pointer.substr(std::min(pointer.rfind('/') + 1, pointer.size()));
}

Fault out_of_range(const sim_field_error& field, double value) {
  const bool low = (field.flags & SIM_HAS_MIN) != 0 && value < field.min;
  const double limit = low ? field.min : field.max;
  std::string number;
  sim::Json(number).value(limit);
  return {low ? "greater_than_equal" : "less_than_equal",
          std::string("Input should be ") + (low ? "greater" : "less") + " than or equal to " + number,
          low ? "ge" : "le", limit, ""};
}

Fault wrong_type(std::string_view name, bool is_query) {
  if (!is_query && name.empty())
    return {"model_attributes_type", "Input should be a valid dictionary or object to extract fields from", "", 0, ""};
  if (!is_query) return {"string_type", "Input should be a valid string", "", 0, ""};
  if (name.ends_with("_time"))
    return {"float_parsing", "Input should be a valid number, unable to parse string as a number", "", 0, ""};
  return {"int_parsing", "Input should be a valid integer, unable to parse string as an integer", "", 0, ""};
}

Fault fault_of(const sim_field_error& field, std::string_view given) {
  const std::string_view code = view_of(field.code), pointer = view_of(field.pointer), name = name_in(pointer);
  if (code == "missing") return {"missing", "Field required", "", 0, ""};
  if (code == "wrong_type") return wrong_type(name, pointer.starts_with('?'));
  if (code == "value_out_of_range") {
    double value = 0;
    std::from_chars(given.data(), given.data() + given.size(), value);
    return out_of_range(field, value);
  }
  if (code != "not_in_enum") return {"value_error", std::string(view_of(field.detail)), "", 0, ""};
  const std::string expected = name == "sensor_type" ? "'force', 'motor' or 'camera'" : "";
  if (expected.empty()) return {"enum", std::string(view_of(field.detail)), "", 0, ""};
  return {"enum", "Input should be " + expected, "expected", 0, expected};
}

std::string_view given_in_query(const sim_request& request, std::string_view name) noexcept {
  std::string_view given;
  for (std::uint32_t i = 0; i < request.n_query; ++i)
    if (view_of(request.query[i].name) == name) given = view_of(request.query[i].value);
  return given;
}

void put_place(std::string_view pointer, sim::Json& json) {
  json.key("loc").array().value(pointer.starts_with('?') ? "query" : "body");
  if (!name_in(pointer).empty()) json.value(name_in(pointer));
  json.end();
}

/// A query's input is text, as it was sent; the body's is JSON.
void put_field(const sim_request& request, const sim_field_error& field, sim::Json& json) {
  const std::string_view pointer = view_of(field.pointer), sent = view_of(field.input);
  const bool is_query = pointer.starts_with('?');
  const std::string_view given = is_query ? given_in_query(request, name_in(pointer)) : sent;
  const Fault fault = fault_of(field, given);
  json.object().member("type", fault.type);
  put_place(pointer, json);
  json.member("msg", fault.message).key("input");
  if (fault.type == "missing" || (!is_query && sent.empty()))
    json.null();
  else
    is_query ? json.value(given) : json.raw(sent);
  if (!fault.context_key.empty()) {
    json.key("ctx").object().key(fault.context_key);
    fault.context_text.empty() ? json.value(fault.context) : json.value(fault.context_text);
    json.end();
  }
  json.end();
}

void render_fields(const sim_request& request, const sim_problem& problem, sim::Json& json) {
  json.object().key("detail").array();
  for (const auto& field : faults_of(problem)) put_field(request, field, json);
  json.end().end();
}

void render_unreadable(const sim_problem& problem, sim::Json& json) {
  json.object().key("detail").array().object().member("type", "json_invalid");
  json.key("loc").array().value("body").value(0).end().member("msg", "JSON decode error");
  json.key("input").object().end().key("ctx").object().member("error", view_of(problem.detail)).end();
  json.end().end().end();
}

}  // namespace

void render_error(const sim_request& request, const sim_problem& problem, int& status, sim::Json& body) {
  const std::string_view code = view_of(problem.code);
  if (is_unreadable(code)) {
    status = 422;
    render_unreadable(problem, body);
  } else if (!faults_of(problem).empty() && (status == 400 || status == 422)) {
    status = 422;
    render_fields(request, problem, body);
  } else {
    const bool unknown = status == 404 && code == "not_found";
    body.object().member("detail", unknown         ? "Not Found"
                                   : status == 405 ? "Method Not Allowed"
                                                   : view_of(problem.detail));
    body.end();
  }
}

}  // namespace robot_test_rig
