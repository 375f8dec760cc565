// /v1/scenarios, and scenarios on sessions.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/plan/scenarios.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "scenarios";
const std::string one = "/v1/scenarios/{scenario}";
const std::string on_session = "/v1/sessions/{session}/scenario";

http::Route create_route(const Context& context) {
  http::Route route{"POST", "/v1/scenarios", {.id = "createScenario", .summary = "Define a scenario", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("ScenarioCreate");
  route.info.answers = {answers_with(201, ref("Scenario"), "defined")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto made = context.scenarios.create(request.body);
    if (!made) return answer_fail(reply, std::move(made.error()));
    reply(created("/v1/scenarios/" + made->id, plan::show(*made)));
  };
  return route;
}

http::Route list_route(const Context& context) {
  http::Route route{
      "GET", "/v1/scenarios", {.id = "listScenarios", .summary = "All scenarios, by creation", .tag = tag}};
  route.info.params = page_params(R"({"model":{"type":"string"},"name":{"type":"string"}})");
  route.info.answers = {answers_with(200, list_of("Scenario"), "a page of scenarios")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    std::string model, name;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          read_texts(q, {{"model", &model}, {"name", &name}});
        }))
      return;
    auto scenarios = context.scenarios.list();
    std::erase_if(scenarios, [&](const auto& s) {
      return (!model.empty() && s.model != model) || (!name.empty() && s.name != name);
    });
    reply(http::answer(
        200, page_of(
                 scenarios, page, [](const auto& s) { return s.id; }, [](const auto& s) { return plan::show(s); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", one, {.id = "getScenario", .summary = "One scenario", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Scenario"), "the scenario")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto& which = *request.param("scenario");
    const auto found = context.scenarios.find(which);
    if (!found) return answer_fail(reply, {"not_found", "there is no scenario " + which});
    reply(http::answer(200, plan::show(*found)));
  };
  return route;
}

http::Route put_route(const Context& context) {
  http::Route route{"PUT", one, {.id = "replaceScenario", .summary = "Define it anew", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("ScenarioCreate");
  route.info.answers = {answers_with(200, ref("Scenario"), "the scenario as it is now")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto replaced = context.scenarios.replace(*request.param("scenario"), request.body);
    if (!replaced) return answer_fail(reply, std::move(replaced.error()));
    reply(http::answer(200, plan::show(*replaced)));
  };
  return route;
}

http::Route delete_route(const Context& context) {
  http::Route route{"DELETE", one, {.id = "deleteScenario", .summary = "Forget it", .tag = tag}};
  route.info.answers = {answers_empty(204, "gone")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto removed = context.scenarios.remove(*request.param("scenario"));
    if (!removed) return answer_fail(reply, std::move(removed.error()));
    reply(no_content());
  };
  return route;
}

http::Route start_route(const Context& context) {
  http::Route route{
      "POST", on_session, {.id = "startScenario", .summary = "Start a scenario at the present tick", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("ScenarioStart");
  route.info.answers = {answers_with(201, ref("ScenarioRun"), "it runs")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    context.scenarios.start(session, request.body, answering<session::Run>(reply, [session](const session::Run& run) {
                              return created("/v1/sessions/" + session->id() + "/scenario", session::show(run));
                            }));
  };
  return route;
}

http::Route running_route(const Context& context) {
  http::Route route{"GET", on_session, {.id = "listRunningScenarios", .summary = "Those that run on it", .tag = tag}};
  route.info.params = page_params();
  route.info.answers = {answers_with(200, list_of("ScenarioRun"), "by start; empty when none runs")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    Page page;
    if (session == nullptr || !read_query(request, reply, [&](QueryReader& q) { page = read_page(q); })) return;
    auto runs = session->runs();
    std::erase_if(runs, [](const auto& run) { return run.program->ended() != engine::no_tick; });
    reply(http::answer(200, page_of(
                                runs, page, [](const auto& run) { return run.id; },
                                [](const auto& run) { return session::show(run); })));
  };
  return route;
}

http::Route end_route(const Context& context) {
  http::Route route{
      "DELETE", on_session, {.id = "endScenario", .summary = "End those that run; the values stay", .tag = tag}};
  route.info.params = schema(R"json({"type":"object","properties":{
    "lanes":{"type":"string","description":"only those on these lanes, like 0,4-7; all is the default"},
    "scenario":{"type":"string","description":"only this one: its id or name, or the id of a run"}}})json");
  route.info.answers = {answers_empty(204, "ended")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    std::string lanes_text = "all";
    session::Registry::EndRuns which;
    if (session == nullptr || !read_query(request, reply, [&](QueryReader& q) {
          read_texts(q, {{"lanes", &lanes_text}, {"scenario", &which.which}});
        }))
      return;
    auto lanes = session::parse_lanes(lanes_text, session->lanes());
    if (!lanes) return answer_fail(reply, std::move(lanes.error()));
    which.lanes = std::move(*lanes);
    context.registry.end_runs(session, std::move(which), [reply](Result<std::size_t> ended) {
      if (!ended) return answer_fail(reply, std::move(ended.error()));
      if (*ended == 0) return answer_fail(reply, {"wrong_state", "no such scenario runs on this session"});
      reply(no_content());
    });
  };
  return route;
}

}  // namespace

std::vector<http::Route> scenario_routes(const Context& context) {
  return {create_route(context), list_route(context),  get_route(context),     put_route(context),
          delete_route(context), start_route(context), running_route(context), end_route(context)};
}

}  // namespace simhost::routes
