// /v1/schedules: actions planned for a time of the wall clock or of a session.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/plan/schedules.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "schedules";
const std::string one = "/v1/schedules/{schedule}";

http::Route create_route(const Context& context) {
  http::Route route{"POST", "/v1/schedules", {.id = "createSchedule", .summary = "Plan actions", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("ScheduleCreate");
  route.info.answers = {answers_with(201, ref("Schedule"), "planned")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto made = context.schedules.create(request.body);
    if (!made) return answer_fail(reply, std::move(made.error()));
    reply(created("/v1/schedules/" + made->id, context.schedules.show(*made)));
  };
  return route;
}

struct Filter {
  std::string session, name;
  std::optional<bool> enabled;
};

http::Route list_route(const Context& context) {
  http::Route route{
      "GET", "/v1/schedules", {.id = "listSchedules", .summary = "All schedules, by creation", .tag = tag}};
  route.info.params =
      page_params(R"({"session":{"type":"string"},"name":{"type":"string"},"enabled":{"type":"boolean"}})");
  route.info.answers = {answers_with(200, list_of("Schedule"), "a page of schedules")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    Filter filter;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          read_texts(q, {{"session", &filter.session}, {"name", &filter.name}});
          filter.enabled = q.boolean("enabled");
        }))
      return;
    if (const auto session = context.registry.find(filter.session)) filter.session = session->id();
    auto schedules = context.schedules.list();
    std::erase_if(schedules, [&](const auto& s) {
      return (!filter.session.empty() && s.session != filter.session) ||
             (!filter.name.empty() && s.name != filter.name) || (filter.enabled && s.enabled != *filter.enabled);
    });
    reply(http::answer(200, page_of(
                                schedules, page, [](const auto& s) { return s.id; },
                                [&](const auto& s) { return context.schedules.show(s); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", one, {.id = "getSchedule", .summary = "One schedule", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Schedule"), "the schedule")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto& which = *request.param("schedule");
    const auto found = context.schedules.find(which);
    if (!found) return answer_fail(reply, {"not_found", "there is no schedule " + which});
    reply(http::answer(200, context.schedules.show(*found)));
  };
  return route;
}

using Change = Result<plan::Schedule> (plan::Schedules::*)(std::string_view, const Value&);

http::Route change_route(const Context& context, http::Route route, Change change) {
  route.path = one;
  route.info.tag = tag;
  route.info.takes_body = http::Body::required;
  route.info.answers = {answers_with(200, ref("Schedule"), "the schedule as it is now")};
  route.handler = [&context, change](const http::Request& request, const http::Reply& reply) {
    auto changed = (context.schedules.*change)(*request.param("schedule"), request.body);
    if (!changed) return answer_fail(reply, std::move(changed.error()));
    reply(http::answer(200, context.schedules.show(*changed)));
  };
  return route;
}

http::Route delete_route(const Context& context) {
  http::Route route{"DELETE", one, {.id = "deleteSchedule", .summary = "Forget it", .tag = tag}};
  route.info.answers = {answers_empty(204, "gone")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto removed = context.schedules.remove(*request.param("schedule"));
    if (!removed) return answer_fail(reply, std::move(removed.error()));
    reply(no_content());
  };
  return route;
}

}  // namespace

std::vector<http::Route> schedule_routes(const Context& context) {
  http::Route put{"PUT", "", {.id = "replaceSchedule", .summary = "Plan it anew"}};
  put.info.body = ref("ScheduleCreate");
  http::Route patch{"PATCH", "", {.id = "enableSchedule", .summary = "Switch it on or off"}};
  patch.info.body = ref("ScheduleEnable");
  return {create_route(context),
          list_route(context),
          get_route(context),
          change_route(context, std::move(put), &plan::Schedules::replace),
          change_route(context, std::move(patch), &plan::Schedules::enable),
          delete_route(context)};
}

}  // namespace simhost::routes
