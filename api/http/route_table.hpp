// An immutable table from method and path to route: a tree of path segments, literal before parameter before rest.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <api/http/route.hpp>

namespace simhost::http {

struct Match {
  const Route* route = nullptr;        // nullptr: see allowed
  Pairs params{};                      // decoded
  std::vector<std::string> allowed{};  // methods of the path when none matched; empty: no such path
};

class RouteTable {
 public:
  // Errors name the route: a faulty template, or a method and path given twice.
  static Result<std::shared_ptr<const RouteTable>> build(std::vector<Route> routes);
  ~RouteTable();

  // path: raw, as sent; only parameters are decoded. HEAD finds GET where there is no HEAD. A request never
  // finds a WebSocket's route nor the other way round.
  [[nodiscard]] Match match(Kind kind, std::string_view method, std::string_view path) const;
  [[nodiscard]] bool has_websocket(std::string_view path) const;
  // Methods of a path, with HEAD and OPTIONS; empty: no such path.
  [[nodiscard]] std::vector<std::string> methods(std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  struct Node;
  struct Search;
  RouteTable();
  Outcome insert(const Route& route);

  std::vector<Route> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace simhost::http
