// From routes to paths, parameters, bodies and answers.
#include <api/routes/openapi.hpp>

#include <algorithm>
#include <cctype>

#include <api/routes/schemas.hpp>

namespace simhost::routes {

namespace {

std::vector<std::string> path_names(const std::string& path) {
  std::vector<std::string> names;
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1))
    names.push_back(path.substr(open + 1, path.find('}', open) - open - 1));
  return names;
}

bool is_required(const Value& schema, const std::string& name) {
  const Value* required = schema.find("required");
  if (required == nullptr || !required->is_array()) return false;
  return std::ranges::any_of(required->items(), [&](const Value& v) { return v.is_string() && v.string() == name; });
}

Value parameter(const std::string& name, std::string_view where, bool required, Value schema) {
  Value out = Value::object({{"name", name}, {"in", where}, {"required", required}});
  if (const Value* text = schema.find("description")) out.set("description", *text);
  return out.set("schema", std::move(schema));
}

// Those of the conventions; a route adds its own by RouteInfo::headers.
Array header_parameters(const http::Route& route) {
  Array list;
  if (route.method == "POST")
    list.push_back(parameter("Idempotency-Key", "header", false, schema(R"({"type":"string","minLength":1,
      "maxLength":256,"description":"the same key with the same request repeats the first answer for a day"})")));
  for (const auto& name : route.info.headers)
    list.push_back(parameter(name, "header", false, schema(R"({"type":"string"})")));
  return list;
}

Value parameters(const http::Route& route) {
  Value list = Value::array();
  const auto in_path = path_names(route.path);
  const Value* properties = route.info.params.find("properties");
  for (const auto& header : header_parameters(route)) list.push(header);
  for (const auto& name : in_path) {
    const Value* own = properties != nullptr ? properties->find(name) : nullptr;
    list.push(parameter(name, "path", true, own != nullptr ? *own : schema(R"({"type":"string","minLength":1})")));
  }
  if (properties == nullptr) return list;
  for (const auto& [name, own] : properties->members())
    if (std::ranges::find(in_path, name) == in_path.end())
      list.push(parameter(name, "query", is_required(route.info.params, name), own));
  return list;
}

Value media(const std::string& type, const Value& shape) {
  Value content = shape.is_null() ? Value(Object{}) : Value::object({{"schema", shape}});
  return Value::object({{type, std::move(content)}});
}

// Adds the media type of an answer to what its status has already.
void add_content(Value& shown, const http::Answer& answer) {
  if (answer.media_type.empty()) return;
  const auto type = answer.media_type.substr(0, answer.media_type.find(';'));
  const Value added = media(type, answer.schema);
  const Value* before = shown.find("content");
  Value content = before != nullptr ? *before : Value(Object{});
  content.set(type, *added.find(type));
  if (type == "application/json") content.set("application/msgpack", *added.find(type));
  shown.set("content", std::move(content));
}

Value answers(const http::Route& route) {
  Value out{Object{}};
  for (const auto& answer : route.info.answers) {
    const auto status = std::to_string(answer.status);
    const Value* before = out.find(status);
    Value shown = before != nullptr ? *before : Value(Object{});
    if (before == nullptr)
      shown.set("description", answer.description.empty() ? std::string("answer") : answer.description);
    add_content(shown, answer);
    out.set(status, std::move(shown));
  }
  out.set("default",
          Value::object({{"description", "an error"}, {"content", media("application/problem+json", ref("Problem"))}}));
  return out;
}

Value operation(const http::Route& route) {
  Value out = Value::object({{"operationId", route.info.id}, {"summary", route.info.summary}});
  if (!route.info.tag.empty()) {
    Value tags = Value::array();
    tags.push(route.info.tag);
    out.set("tags", std::move(tags));
  }
  if (Value list = parameters(route); !list.items().empty()) out.set("parameters", std::move(list));
  if (route.info.takes_body != http::Body::none) {
    Value content = media("application/json", route.info.body);
    content.set("application/msgpack", *content.find("application/json"));
    for (const auto& type : route.info.consumes) content.set(type, Value(Object{}));
    out.set("requestBody", Value::object({{"required", route.info.takes_body == http::Body::required},
                                          {"content", std::move(content)}}));
  }
  out.set("responses", answers(route));
  const bool admin = route.info.access == http::Access::administer;
  out.set("x-required-role", admin ? "administrator" : route.info.access == http::Access::open ? "none" : "operator");
  if (admin) out.set("security", schema(R"([{"token":[]}])"));
  return out;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

Value openapi(const std::vector<http::Route>& routes, const Title& title) {
  Value paths{Object{}};
  for (const auto& route : routes) {
    if (route.kind() == http::Kind::websocket) continue;
    const Value* item = paths.find(route.path);
    Value operations = item != nullptr ? *item : Value(Object{});
    operations.set(lower(route.method), operation(route));
    paths.set(route.path, std::move(operations));
  }
  Value components = Value::object({{"schemas", component_schemas()}});
  components.set("securitySchemes", schema(R"({"token":{"type":"http","scheme":"bearer",
    "description":"the administrator's token; it lies in a file only the host's user can read"}})"));
  return Value::object({{"openapi", "3.1.0"},
                        {"info", Value::object({{"title", title.title},
                                                {"version", title.version},
                                                {"description", title.description},
                                                {"license", schema(R"({"name":"MIT","identifier":"MIT"})")}})},
                        {"paths", std::move(paths)},
                        {"components", std::move(components)}});
}

}  // namespace simhost::routes
