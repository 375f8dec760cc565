// The tree of path segments and the walk through it.
#include <api/http/route_table.hpp>

#include <algorithm>
#include <functional>
#include <map>

#include <api/http/url.hpp>

namespace simhost::http {
namespace {

constexpr std::size_t segments_max = 64;

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

enum class Shape : std::uint8_t { literal, parameter, rest, faulty };

Shape shape_of(std::string_view segment) {
  if (segment.find_first_of("{}") == std::string_view::npos) return Shape::literal;
  if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return Shape::faulty;
  const std::string_view name = segment.substr(1, segment.size() - 2);
  if (name.find_first_of("{}") != std::string_view::npos) return Shape::faulty;
  return name.ends_with("...") ? (name.size() > 3 ? Shape::rest : Shape::faulty) : Shape::parameter;
}

std::string name_in(std::string_view segment) {
  const std::string_view name = segment.substr(1, segment.size() - 2);
  return std::string(name.ends_with("...") ? name.substr(0, name.size() - 3) : name);
}

// The raw values found on the way, in the order of the template.
using Values = std::vector<std::string_view>;

Pairs named(const Route& route, const Values& values) {
  Pairs params;
  std::size_t next = 0;
  for (const std::string_view segment : split_path(route.path)) {
    if (shape_of(segment) == Shape::literal) continue;
    auto value = percent_decode(values[next++]);
    params.emplace_back(name_in(segment), value ? std::move(*value) : std::string());
  }
  return params;
}

bool decodes(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](std::string_view v) { return percent_decode(v).has_value(); });
}

}  // namespace

struct RouteTable::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::vector<const Route*> routes;
};

// One walk: visits the ends of the path in the order of preference until visit returns true.
struct RouteTable::Search {
  const std::vector<std::string_view>& segments;
  std::string_view path;
  std::function<bool(const Node&, const Values&)> visit;
  Values values{};

  bool walk(const Node& node, std::size_t depth) {
    if (depth == segments.size()) return !node.routes.empty() && visit(node, values);
    const std::string_view segment = segments[depth];
    const auto literal = node.literal.find(segment);
    if (literal != node.literal.end() && walk(*literal->second, depth + 1)) return true;
    if (segment.empty()) return false;
    if (node.parameter && taken(segment, [&] { return walk(*node.parameter, depth + 1); })) return true;
    const auto offset = static_cast<std::size_t>(segment.data() - path.data());
    return node.rest && taken(path.substr(offset), [&] { return visit(*node.rest, values); });
  }

  template <class Step>
  bool taken(std::string_view value, Step step) {
    values.push_back(value);
    const bool found = step();
    values.pop_back();
    return found;
  }
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;

Result<std::shared_ptr<const RouteTable>> RouteTable::build(std::vector<Route> routes) {
  std::shared_ptr<RouteTable> table(new RouteTable);
  table->routes_ = std::move(routes);
  for (const Route& route : table->routes_) {
    if (auto inserted = table->insert(route); !inserted) return fail(std::move(inserted.error()));
  }
  return std::shared_ptr<const RouteTable>(std::move(table));
}

Outcome RouteTable::insert(const Route& route) {
  const auto refuse = [&](std::string_view why) {
    return fail("not_valid", "route " + route.method + " " + route.path + ": " + std::string(why));
  };
  if (!route.path.starts_with('/') || !is_token(route.method)) return refuse("needs a method and a path from /");
  if (static_cast<bool>(route.handler) == static_cast<bool>(route.upgrade)) return refuse("needs exactly one handler");
  const auto segments = split_path(route.path);
  if (segments.size() > segments_max) return refuse("has too many segments");
  Node* node = root_.get();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Shape shape = shape_of(segments[i]);
    if (shape == Shape::faulty) return refuse("a segment is a literal or one {parameter}");
    if (shape == Shape::rest && i + 1 != segments.size()) return refuse("only the last segment takes the rest");
    std::unique_ptr<Node>& next = shape == Shape::literal ? node->literal[std::string(segments[i])]
                                  : shape == Shape::rest  ? node->rest
                                                          : node->parameter;
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  const bool taken = std::any_of(node->routes.begin(), node->routes.end(), [&](const Route* other) {
    return other->method == route.method && other->kind() == route.kind();
  });
  if (taken) return refuse("is given twice");
  node->routes.push_back(&route);
  return {};
}

namespace {

const Route* pick(const std::vector<const Route*>& routes, Kind kind, std::string_view method) {
  const auto find = [&](std::string_view wanted) -> const Route* {
    for (const Route* route : routes) {
      if (route->kind() == kind && route->method == wanted) return route;
    }
    return nullptr;
  };
  const Route* found = find(method);
  return found == nullptr && method == "HEAD" ? find("GET") : found;
}

void add_method(std::vector<std::string>& methods, std::string_view method) {
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) methods.emplace_back(method);
}

void add_methods(std::vector<std::string>& methods, const std::vector<const Route*>& routes) {
  for (const Route* route : routes) {
    add_method(methods, route->method);
    if (route->method == "GET" && route->kind() == Kind::request) add_method(methods, "HEAD");
  }
  add_method(methods, "OPTIONS");
}

}  // namespace

Match RouteTable::match(Kind kind, std::string_view method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  const auto segments = split_path(path);
  if (segments.size() > segments_max) return match;
  Search search{segments, path, [&](const Node& node, const Values& values) {
                  if (!decodes(values)) return false;
                  match.route = pick(node.routes, kind, method);
                  if (match.route != nullptr) match.params = named(*match.route, values);
                  return match.route != nullptr;
                }};
  if (!search.walk(*root_, 0)) match.allowed = methods(path);
  return match;
}

std::vector<std::string> RouteTable::methods(std::string_view path) const {
  std::vector<std::string> found;
  if (!path.starts_with('/')) return found;
  const auto segments = split_path(path);
  if (segments.size() > segments_max) return found;
  Search search{segments, path, [&](const Node& node, const Values& values) {
                  if (decodes(values)) add_methods(found, node.routes);
                  return false;
                }};
  search.walk(*root_, 0);
  return found;
}

bool RouteTable::has_websocket(std::string_view path) const {
  return match(Kind::websocket, "GET", path).route != nullptr;
}

}  // namespace simhost::http
