// /v1/rules and /v1/alerts.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/rules/rules.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "rules";
const std::string one = "/v1/rules/{rule}";
constexpr std::string_view severities[] = {"info", "warning", "error"};
constexpr std::string_view states[] = {"active", "cleared"};

http::Route create_route(const Context& context) {
  http::Route route{"POST", "/v1/rules", {.id = "createRule", .summary = "Define a rule", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("RuleCreate");
  route.info.answers = {answers_with(201, ref("Rule"), "defined")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto made = context.rules.create(request.body, "");
    if (!made) return answer_fail(reply, std::move(made.error()));
    reply(created("/v1/rules/" + made->id, rules::show(*made)));
  };
  return route;
}

http::Route list_route(const Context& context) {
  http::Route route{"GET", "/v1/rules", {.id = "listRules", .summary = "All rules, by creation", .tag = tag}};
  route.info.params = page_params(R"({"session":{"type":"string"},"model":{"type":"string"},"name":{"type":"string"},
    "owner":{"type":"string"}})");
  route.info.answers = {answers_with(200, list_of("Rule"), "a page of rules")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    std::string session, model, name, owner;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          read_texts(q, {{"session", &session}, {"model", &model}, {"name", &name}, {"owner", &owner}});
        }))
      return;
    if (const auto found = context.registry.find(session)) session = found->id();
    auto list = context.rules.list();
    std::erase_if(list, [&](const auto& r) {
      return (!session.empty() && r.session != session) || (!model.empty() && r.model != model) ||
             (!name.empty() && r.name != name) || (!owner.empty() && r.owner != owner);
    });
    reply(http::answer(
        200, page_of(
                 list, page, [](const auto& r) { return r.id; }, [](const auto& r) { return rules::show(r); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", one, {.id = "getRule", .summary = "One rule", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Rule"), "the rule")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto& which = *request.param("rule");
    const auto found = context.rules.find(which);
    if (!found) return answer_fail(reply, {"not_found", "there is no rule " + which});
    reply(http::answer(200, rules::show(*found)));
  };
  return route;
}

http::Route put_route(const Context& context) {
  http::Route route{"PUT", one, {.id = "replaceRule", .summary = "Define it anew; its alerts are cleared", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("RuleCreate");
  route.info.answers = {answers_with(200, ref("Rule"), "the rule as it is now")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto replaced = context.rules.replace(*request.param("rule"), request.body, "");
    if (!replaced) return answer_fail(reply, std::move(replaced.error()));
    reply(http::answer(200, rules::show(*replaced)));
  };
  return route;
}

http::Route delete_route(const Context& context) {
  http::Route route{"DELETE", one, {.id = "deleteRule", .summary = "Forget it; its alerts are cleared", .tag = tag}};
  route.info.answers = {answers_empty(204, "gone")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto removed = context.rules.remove(*request.param("rule"), "");
    if (!removed) return answer_fail(reply, std::move(removed.error()));
    reply(no_content());
  };
  return route;
}

struct Filter {
  std::string rule, session, model;
  std::optional<std::size_t> state, severity;
  std::optional<std::int64_t> lane;
};

bool passes(const Filter& f, const rules::Alert& a) {
  return (f.rule.empty() || a.rule == f.rule || a.rule_name == f.rule) &&
         (f.session.empty() || a.session == f.session) && (f.model.empty() || a.model == f.model) &&
         (!f.state || (*f.state == 0) == a.active()) &&
         (!f.severity || *f.severity == static_cast<std::size_t>(a.severity)) && (!f.lane || *f.lane == a.lane);
}

http::Route alerts_route(const Context& context) {
  http::Route route{"GET", "/v1/alerts", {.id = "listAlerts", .summary = "What rules found, by time", .tag = tag}};
  route.info.params =
      page_params(R"({"state":{"enum":["active","cleared"]},"severity":{"enum":["info","warning","error"]},
    "rule":{"type":"string"},"session":{"type":"string"},"model":{"type":"string"},
    "lane":{"type":"integer","minimum":0}})");
  route.info.answers = {answers_with(200, list_of("Alert"), "a page of alerts")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    Filter filter;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          read_texts(q, {{"rule", &filter.rule}, {"session", &filter.session}, {"model", &filter.model}});
          filter.state = q.choice("state", states);
          filter.severity = q.choice("severity", severities);
          filter.lane = q.integer("lane", {0, INT64_MAX});
        }))
      return;
    if (const auto found = context.registry.find(filter.session)) filter.session = found->id();
    auto list = context.rules.alerts();
    std::erase_if(list, [&](const auto& alert) { return !passes(filter, alert); });
    reply(http::answer(
        200, page_of(
                 list, page, [](const auto& a) { return a.id; }, [](const auto& a) { return rules::show(a); })));
  };
  return route;
}

http::Route alert_route(const Context& context) {
  http::Route route{"GET", "/v1/alerts/{alert}", {.id = "getAlert", .summary = "One alert", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Alert"), "the alert")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto& which = *request.param("alert");
    const auto found = context.rules.find_alert(which);
    if (!found) return answer_fail(reply, {"not_found", "there is no alert " + which});
    reply(http::answer(200, rules::show(*found)));
  };
  return route;
}

}  // namespace

std::vector<http::Route> rule_routes(const Context& context) {
  return {create_route(context), list_route(context),   get_route(context),  put_route(context),
          delete_route(context), alerts_route(context), alert_route(context)};
}

}  // namespace simhost::routes
