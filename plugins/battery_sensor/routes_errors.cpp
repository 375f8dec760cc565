/// From the host's problems to the bodies that clients of the original read.
#include "routes_errors.hpp"

#include <sim/cpp/problems.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

namespace battery_sensor {
namespace {

using sim::each_token;
using sim::faults_of;
using sim::is_unreadable;
using sim::view_of;

/// What Pydantic calls a fault, what it says of it, and its context as JSON members.
struct Fault {
  std::string_view type;
  std::string message, context;
};

/// What a field takes, by its name.
struct Field {
  std::string_view name, type, message, expected;
};
constexpr std::string_view scenario_list =
    "'normal_operation', 'high_temperature', 'power_outage', 'hvac_failure', 'battery_degradation' or "
    "'thermal_runaway'";
constexpr Field fields[] = {{"battery_id", "string_type", "Input should be a valid string", ""},
                            {"name", "string_type", "Input should be a valid string", ""},
                            {"profile", "enum", "", "'healthy', 'accelerated' or 'failing'"},
                            {"scenario", "enum", "", scenario_list},
                            {"noise", "bool_type", "Input should be a valid boolean", ""},
                            {"battery_ids", "list_type", "Input should be a valid list", ""},
                            {"interval_seconds", "int", "Input should be a valid integer", ""},
                            {"seed", "int", "Input should be a valid integer", ""},
                            {"locations", "int", "Input should be a valid integer", ""},
                            {"initial_soh", "float", "Input should be a valid number", ""},
                            {"ambient_temp", "float", "Input should be a valid number", ""},
                            {"time_scale", "float", "Input should be a valid number", ""}};

bool is_index(std::string_view token) noexcept {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
}

void put_place(std::string_view pointer, sim::Json& json) {
  json.key("loc").array().value(pointer.starts_with('?') ? "query" : "body");
  each_token(pointer, [&](const std::string& token) { is_index(token) ? json.raw(token) : json.value(token); });
  json.end();
}

/// The last name in a pointer, and whether it is one of a list's items that the pointer means.
std::pair<std::string, bool> field_of(std::string_view pointer) {
  std::string name;
  bool item = false;
  each_token(pointer, [&](const std::string& token) {
    item = is_index(token);
    if (!item) name = token;
  });
  return {name, item};
}

Fault enum_fault(std::string_view expected) {
  return {"enum", "Input should be " + std::string(expected), R"("expected":")" + std::string(expected) + '"'};
}

/// Numbers: what stood there says which of Pydantic's three it is.
Fault number_fault(const Field& field, std::string_view input) {
  const bool text = input.starts_with('"'),
             number = !input.empty() && (is_index(input.substr(0, 1)) || input[0] == '-');
  if (field.type == "float")
    return text ? Fault{"float_parsing", "Input should be a valid number, unable to parse string as a number", ""}
                : Fault{"float_type", std::string(field.message), ""};
  if (text) return {"int_parsing", "Input should be a valid integer, unable to parse string as an integer", ""};
  if (number) return {"int_from_float", "Input should be a valid integer, got a number with a fractional part", ""};
  return {"int_type", std::string(field.message), ""};
}

Fault type_fault(const sim_field_error& error) {
  const auto [name, item] = field_of(view_of(error.pointer));
  if (name.empty() && !item)
    return {"model_attributes_type", "Input should be a valid dictionary or object to extract fields from", ""};
  if (item && name == "batteries")
    return {"model_attributes_type", "Input should be a valid dictionary or object to extract fields from", ""};
  if (item) return {"string_type", "Input should be a valid string", ""};
  if (name == "batteries") return {"list_type", "Input should be a valid list", ""};
  const auto field = std::ranges::find(fields, std::string_view(name), &Field::name);
  if (field == std::end(fields)) return {"value_error", "Value error, " + std::string(view_of(error.detail)), ""};
  if (field->type == "enum") return enum_fault(field->expected);
  if (field->type == "int" || field->type == "float") return number_fault(*field, view_of(error.input));
  return {field->type, std::string(field->message), ""};
}

std::string digits_of(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

Fault range_fault(const sim_field_error& error) {
  double input = 0;
  const std::string_view text = view_of(error.input);
  std::from_chars(text.data(), text.data() + text.size(), input);
  const bool low = (error.flags & SIM_HAS_MIN) != 0 && input < error.min;
  const std::string limit = digits_of(low ? error.min : error.max);
  if (low) return {"greater_than_equal", "Input should be greater than or equal to " + limit, R"("ge":)" + limit};
  return {"less_than_equal", "Input should be less than or equal to " + limit, R"("le":)" + limit};
}

Fault length_fault(const sim_field_error& error) {
  if (view_of(error.input) != "[]") return {"value_error", "Value error, " + std::string(view_of(error.detail)), ""};
  return {"too_short", "List should have at least 1 item after validation, not 0",
          R"("field_type":"List","min_length":1,"actual_length":0)"};
}

Fault fault_of(const sim_field_error& error) {
  const std::string_view code = view_of(error.code);
  if (code == "missing") return {"missing", "Field required", ""};
  if (code == "wrong_type") return type_fault(error);
  if (code == "value_out_of_range") return range_fault(error);
  if (code == "wrong_length") return length_fault(error);
  if (code == "not_in_enum") {
    const auto [name, item] = field_of(view_of(error.pointer));
    const auto field = std::ranges::find(fields, std::string_view(name), &Field::name);
    if (field != std::end(fields) && field->type == "enum") return enum_fault(field->expected);
  }
  return {"value_error", "Value error, " + std::string(view_of(error.detail)), ""};
}

/// What stood there; of a member that is missing, the object it is missing in, where that is the body.
void put_input(const sim_request& request, const sim_field_error& error, sim::Json& json) {
  constexpr std::size_t body_bytes_max = 4096;
  const std::string_view input = view_of(error.input), body = view_of(request.raw_body), at = view_of(error.pointer);
  json.key("input");
  if (!input.empty()) return static_cast<void>(json.raw(input));
  const bool at_top = at.starts_with('/') && at.find('/', 1) == std::string_view::npos;
  const bool shown = request.body != nullptr && body.starts_with('{') && body.size() <= body_bytes_max;
  at_top&& shown ? json.raw(body) : json.null();
}

void put_fault(const sim_request& request, const sim_field_error& error, sim::Json& json) {
  const Fault fault = fault_of(error);
  json.object().member("type", fault.type);
  put_place(view_of(error.pointer), json);
  json.member("msg", fault.message);
  put_input(request, error, json);
  if (!fault.context.empty()) json.key("ctx").raw("{" + fault.context + "}");
  json.end();
}

/// A body that is none, or cannot be read: a list of one fault, as for any other fault of shape.
void put_unreadable(const sim_problem& problem, sim::Json& json) {
  json.object().key("detail").array().object();
  if (view_of(problem.code) == "body_missing") {
    json.member("type", "missing").key("loc").array().value("body").end();
    json.member("msg", "Field required").key("input").null();
  } else {
    json.member("type", "json_invalid").key("loc").array().value("body").value(0).end();
    json.member("msg", "JSON decode error").key("input").object().end();
    json.key("ctx").object().member("error", view_of(problem.detail)).end();
  }
  json.end().end().end();
}

}  // namespace

void render_error(const sim_request& request, const sim_problem& problem, int& status, sim::Json& body) {
  const std::string_view code = view_of(problem.code);
  const auto faults = faults_of(problem);
  if (is_unreadable(code) || code == "body_missing") {
    status = 422;
    put_unreadable(problem, body);
  } else if (!faults.empty() && (status == 400 || status == 422)) {
    status = 422;
    body.object().key("detail").array();
    for (const auto& fault : faults) put_fault(request, fault, body);
    body.end().end();
  } else {
    const bool unknown = status == 404 && code == "not_found";
    const std::string_view detail = unknown         ? "Not Found"
                                    : status == 405 ? "Method Not Allowed"
                                                    : view_of(problem.detail);
    body.object().member("detail", detail).end();
  }
}

}  // namespace battery_sensor
