// Variables, commands and the journal of a session.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/limits.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "sessions";
const std::string one = "/v1/sessions/{session}";

Value show_read(const session::Model& model, const std::vector<std::uint32_t>& ids,
                const std::vector<std::uint32_t>& lanes, const session::ReadResult& read) {
  Value numbers = Value::array(), values{Object{}};
  for (const auto lane : lanes) numbers.push(lane);
  std::size_t at = 0;
  for (const auto id : ids) {
    const auto* variable = model.descriptor.find(id);
    Array column;
    column.reserve(lanes.size());
    for (std::size_t k = 0; k < lanes.size(); ++k) column.push_back(session::show(*variable, read.values[at++]));
    values.set(variable->name, std::move(column));
  }
  return Value::object(
      {{"tick", read.tick}, {"time_s", read.time_s}, {"lanes", std::move(numbers)}, {"values", std::move(values)}});
}

std::vector<std::uint32_t> all_lanes(std::uint32_t n) {
  std::vector<std::uint32_t> lanes(n);
  for (std::uint32_t k = 0; k < n; ++k) lanes[k] = k;
  return lanes;
}

void read_variables(const Context& context, const http::Request& request, const http::Reply& reply) {
  const auto session = session_of(context, request, reply);
  if (session == nullptr) return;
  std::string names = "*", lanes_text = "all";
  if (!read_query(request, reply, [&](QueryReader& q) { read_texts(q, {{"names", &names}, {"lanes", &lanes_text}}); }))
    return;
  const auto model = session->model();
  auto ids = session::parse_names(names, *model, "?names");
  if (!ids) return answer_fail(reply, std::move(ids.error()));
  auto lanes = session::parse_lanes(lanes_text, session->lanes());
  if (!lanes) return answer_fail(reply, std::move(lanes.error()));
  const auto shown = lanes->empty() ? all_lanes(session->lanes()) : *lanes;
  if (ids->size() * shown.size() > limits::read_values)
    return answer_fail(
        reply, {"limit_reached",
                "at most " + std::to_string(limits::read_values) + " values at once; name fewer variables or lanes",
                {},
                422});
  context.read(session, {*ids, std::move(*lanes)},
               answering<session::ReadResult>(reply, [model, ids = *ids, shown](const session::ReadResult& read) {
                 return http::answer(200, show_read(*model, ids, shown, read));
               }));
}

http::Route read_route(const Context& context) {
  http::Route route{"GET", one + "/variables", {.id = "readVariables", .summary = "Values of one tick", .tag = tag}};
  route.info.params = schema(R"json({"type":"object","properties":{
    "names":{"type":"string","description":"comma-separated; * is all outputs and states (the default)"},
    "lanes":{"type":"string","description":"like 0,4-7, or all (the default)"}}})json");
  route.info.answers = {answers_with(200, ref("Variables"), "arrays in lane order")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    read_variables(context, request, reply);
  };
  return route;
}

http::Route write_route(const Context& context) {
  http::Route route{
      "PATCH",
      one + "/variables",
      {.id = "writeVariables", .summary = "Write inputs and tunable parameters, all or nothing", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("VariablesWrite");
  route.info.answers = {answers_with(200, ref("Applied"), "the tick from which on they hold")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    auto write = session::parse_write(request.body, *session->model(), session->lanes());
    if (!write) return answer_fail(reply, std::move(write.error()));
    context.registry.write(session, std::move(*write), answering<session::Applied>(reply, [](session::Applied applied) {
                             return http::answer(200, Value::object({{"applied_tick", applied.tick}}));
                           }));
  };
  return route;
}

Value show_results(const plugin::Command& command, const session::CommandResult& result) {
  Value shown{Object{}};
  const auto n = command.results.size();
  for (std::size_t r = 0; r < n; ++r) {
    Array lanes;
    for (std::size_t at = r; at < result.results.size(); at += n)
      lanes.push_back(session::show(command.results[r], result.results[at]));
    shown.set(command.results[r].name, std::move(lanes));
  }
  return Value::object({{"applied_tick", result.tick}, {"result", std::move(shown)}});
}

http::Route command_route(const Context& context) {
  http::Route route{"POST",
                    one + "/commands/{command}",
                    {.id = "runCommand", .summary = "Run a command of the model at the next tick", .tag = tag}};
  route.info.takes_body = http::Body::optional;
  route.info.body = ref("CommandRun");
  route.info.answers = {answers_with(200, ref("CommandResult"), "results per addressed lane")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    const auto model = session->model();
    auto command = session::parse_command(*request.param("command"), body_of(request), *model, session->lanes());
    if (!command) return answer_fail(reply, std::move(command.error()));
    const auto place = command->command;
    context.registry.command(
        session, std::move(*command),
        answering<session::CommandResult>(reply, [model, place](const session::CommandResult& result) {
          return http::answer(200, show_results(model->descriptor.commands[place], result));
        }));
  };
  return route;
}

Value show_entry(const session::JournalEntry& entry) {
  return Value::object(
      {{"tick", entry.tick}, {"at", format_utc(entry.at_wall_ns)}, {"kind", entry.kind}, {"detail", entry.detail}});
}

http::Route journal_route(const Context& context) {
  http::Route route{"GET", one + "/journal", {.id = "readJournal", .summary = "What was applied when", .tag = tag}};
  route.info.params = schema(R"({"type":"object","properties":{"after_tick":{"type":"integer","minimum":0},
    "limit":{"type":"integer","minimum":1,"maximum":1000},"after":{"type":"string"}}})");
  route.info.answers = {answers_with(200, list_of("JournalEntry"), "entries in the order they were applied")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    Page page;
    std::uint64_t after = engine::no_tick;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          if (const auto tick = q.integer("after_tick", {0, limits::exact_integer}))
            after = static_cast<std::uint64_t>(*tick);
        }))
      return;
    struct Numbered {
      std::string key;
      session::JournalEntry entry;
    };
    std::vector<Numbered> entries;
    for (auto& entry : session->journal(after)) {
      const std::string number = std::to_string(entry.number);
      entries.push_back({std::string(20 - number.size(), '0') + number, std::move(entry)});
    }
    reply(http::answer(200, page_of(
                                entries, page, [](const auto& e) { return e.key; },
                                [](const auto& e) { return show_entry(e.entry); })));
  };
  return route;
}

}  // namespace

std::vector<http::Route> variable_routes(const Context& context) {
  return {read_route(context), write_route(context), command_route(context), journal_route(context)};
}

}  // namespace simhost::routes
