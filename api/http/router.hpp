// Groups of routes, each added, replaced and removed as a whole; readers take snapshots that never change.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <api/http/route_table.hpp>

namespace simhost::http {

class Router {
 public:
  Router();

  // Puts a group in place of the one of that name, or adds it. An error changes nothing.
  Outcome put(const std::string& group, std::vector<Route> routes);
  void remove(const std::string& group);

  // [any] The table now. A request holds it to its end, so handlers outlive their removal.
  [[nodiscard]] std::shared_ptr<const RouteTable> table() const;

 private:
  using Groups = std::map<std::string, std::vector<Route>>;
  Outcome install(Groups groups);

  std::mutex change_;  // one change at a time
  Groups groups_;
  mutable std::mutex swap_;
  std::shared_ptr<const RouteTable> table_;
};

}  // namespace simhost::http
