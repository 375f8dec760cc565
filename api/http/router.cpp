// Building a new table from all groups and swapping it in.
#include <api/http/router.hpp>

#include <host/base/check.hpp>

namespace simhost::http {

Router::Router() {
  const Outcome installed = install({});
  SIM_CHECK(installed.has_value(), "an empty table is valid");
}

Outcome Router::put(const std::string& group, std::vector<Route> routes) {
  const std::lock_guard lock(change_);
  Groups groups = groups_;
  groups[group] = std::move(routes);
  return install(std::move(groups));
}

void Router::remove(const std::string& group) {
  const std::lock_guard lock(change_);
  Groups groups = groups_;
  groups.erase(group);
  const Outcome installed = install(std::move(groups));
  SIM_CHECK(installed.has_value(), "a part of a valid table is valid");
}

Outcome Router::install(Groups groups) {
  std::vector<Route> all;
  for (const auto& [name, routes] : groups) all.insert(all.end(), routes.begin(), routes.end());
  auto table = RouteTable::build(std::move(all));
  if (!table) return fail(std::move(table.error()));
  groups_ = std::move(groups);
  std::shared_ptr<const RouteTable> old = std::move(*table);
  const std::lock_guard lock(swap_);
  table_.swap(old);
  return {};
}

std::shared_ptr<const RouteTable> Router::table() const {
  const std::lock_guard lock(swap_);
  return table_;
}

}  // namespace simhost::http
