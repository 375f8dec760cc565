// Copies and checks the tables of a plugin.
#include <host/plugin/tables.hpp>

#include <set>
#include <string>

#include <host/base/limits.hpp>
#include <host/plugin/gate.hpp>
#include <host/plugin/rules.hpp>

namespace simhost::plugin {
namespace {

tl::unexpected<Error> bad(const char* id, const std::string& what) {
  return fail("plugin_bad_descriptor", "the table " + std::string(id) + " of the plugin " + what +
                                           "; build the plugin with the SDK of this host");
}

// The factory table of that id: null when the plugin has none.
template <class T>
Result<std::optional<T>> read_table(const Library& library, const char* id, std::size_t count_max) {
  const void* from = library.factory(id);
  if (from == nullptr) return std::optional<T>();
  auto own = gate<T>(from);
  if (!own) return bad(id, "states an impossible size");
  if (own->count > count_max)
    return bad(id,
               "has " + std::to_string(own->count) + " entries, at most " + std::to_string(count_max) + " are taken");
  return own;
}

std::string path_of(const std::string& at, const char* from, std::size_t prefix, Faults& faults) {
  const std::string path = faults.text(at + "/path", from);
  if (path.empty() || path[0] != '/' || path.size() > limits::http_target_bytes)
    faults.add(at + "/path", "is \"" + path.substr(0, prefix) + "\", but a path starts with /");
  return path;
}

void check_route(const sim_route& route, const std::string& at, std::set<std::string>& seen, Faults& faults) {
  constexpr std::size_t quoted = 64;
  const std::string method = faults.text(at + "/method", route.method);
  const std::string path = path_of(at, route.path, quoted, faults);
  if (method.empty() || method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    faults.add(at + "/method", "is \"" + method.substr(0, quoted) + "\", but a method is written in capitals");
  if (route.handle == nullptr) faults.add(at + "/handle", "is missing");
  faults.once(seen, method + " " + path, at, "the route " + method + " " + path);
  for (const char* text : {route.id, route.summary, route.params, route.body}) static_cast<void>(faults.text(at, text));
}

}  // namespace

Result<std::vector<sim_setting>> read_settings(const Library& library) {
  const auto table = read_table<sim_settings>(library, SIM_CONFIG, limits::plugin_settings);
  if (!table) return fail(table.error());
  if (!*table) return std::vector<sim_setting>();
  auto settings = gate_array<sim_setting>((*table)->settings, (*table)->count);
  if (!settings) return bad(SIM_CONFIG, "holds a setting of an impossible size, or its list is missing");
  Faults faults;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < settings->size(); ++i) {
    const std::string at = "/settings/" + std::to_string(i);
    const auto& setting = (*settings)[i];
    const std::string key = faults.text(at + "/key", setting.key);
    if (key.empty()) faults.add(at + "/key", "is missing");
    if (setting.type > SIM_BOOLEAN)
      faults.add(at + "/type", "is " + std::to_string(setting.type) + ", known are 0 to 3");
    faults.once(seen, key, at + "/key", "the setting \"" + key + "\"");
    for (const char* text : {setting.environment, setting.description, setting.fallback})
      static_cast<void>(faults.text(at, text));
  }
  if (auto done = faults.outcome("the table sim.config/1"); !done) return fail(std::move(done.error()));
  return std::move(*settings);
}

Result<RouteTable> read_routes(const Library& library) {
  const auto table = read_table<sim_routes>(library, SIM_ROUTES, limits::plugin_routes);
  if (!table) return fail(table.error());
  RouteTable made;
  if (!*table) return made;
  auto routes = gate_array<sim_route>((*table)->routes, (*table)->count);
  if (!routes) return bad(SIM_ROUTES, "holds a route of an impossible size, or its list is missing");
  made.routes = std::move(*routes);
  made.cors_methods = (*table)->cors_methods;
  made.render_error = (*table)->render_error;
  Faults faults;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < made.routes.size(); ++i) {
    auto& route = made.routes[i];
    check_route(route, "/routes/" + std::to_string(i), seen, faults);
    if (route.n_answers > limits::plugin_routes) return bad(SIM_ROUTES, "holds a route with too many answers");
    auto answers = gate_array<sim_answer>(route.answers, route.n_answers);
    if (!answers) return bad(SIM_ROUTES, "holds an answer of an impossible size, or a list of answers is missing");
    made.answers.push_back(std::move(*answers));
    route.answers = made.answers.back().data();
  }
  if (auto done = faults.outcome("the table sim.routes/1"); !done) return fail(std::move(done.error()));
  return made;
}

Result<std::vector<sim_stream>> read_streams(const Library& library) {
  const auto table = read_table<sim_streams>(library, SIM_STREAMS, limits::plugin_routes);
  if (!table) return fail(table.error());
  if (!*table) return std::vector<sim_stream>();
  auto streams = gate_array<sim_stream>((*table)->streams, (*table)->count);
  if (!streams) return bad(SIM_STREAMS, "holds a stream of an impossible size, or its list is missing");
  Faults faults;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < streams->size(); ++i) {
    const auto& stream = (*streams)[i];
    const std::string at = "/streams/" + std::to_string(i);
    const std::string path = path_of(at, stream.path, limits::name_chars, faults);
    faults.once(seen, path, at + "/path", "the stream " + path);
    if (stream.open == nullptr || stream.encode == nullptr) faults.add(at, "has no open or no encode");
    if (stream.n_variants > 0 && stream.variants == nullptr) faults.add(at + "/variants", "are missing");
    if (stream.n_vars > limits::model_variables || (stream.n_vars > 0 && stream.vars == nullptr))
      faults.add(at + "/vars", "are missing or too many");
    if (stream.period_ns <= 0 && (stream.n_vars > 0 || (stream.flags & SIM_STREAM_EACH) != 0))
      faults.add(at + "/period_ns", "is to be above 0");
  }
  if (auto done = faults.outcome("the table sim.streams/1"); !done) return fail(std::move(done.error()));
  return std::move(*streams);
}

}  // namespace simhost::plugin
