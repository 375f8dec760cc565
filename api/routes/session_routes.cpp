// /v1/sessions: making, listing, changing and ending sessions.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/long_work.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/limits.hpp>
#include <host/base/shape.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "sessions";
const char* const one = "/v1/sessions/{session}";

http::Route create_route(const Context& context) {
  http::Route route{"POST", "/v1/sessions", {.id = "createSession", .summary = "Make a session", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = Value::object({{"anyOf", Array{ref("SessionCreate"), ref("PlaybackCreate")}}});
  route.info.answers = {answers_with(201, ref("Session"), "made")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto spec = session::parse_spec(request.body, context.models, context.registry.options().session_lanes_max);
    if (!spec) return answer_fail(reply, std::move(spec.error()));
    context.registry.create(std::move(*spec), answering<session::SessionPointer>(
                                                  reply, [](const auto& session) { return session_created(session); }));
  };
  return route;
}

struct Filter {
  std::string model, plugin, owner, name;
  std::optional<std::size_t> state;
};

bool passes(const Filter& filter, const session::Info& info) {
  return (filter.model.empty() || filter.model == info.model) &&
         (filter.plugin.empty() || filter.plugin == info.plugin) &&
         (filter.owner.empty() || filter.owner == info.owner) && (filter.name.empty() || filter.name == info.name) &&
         (!filter.state || *filter.state == static_cast<std::size_t>(info.state));
}

Filter read_filter(QueryReader& q) {
  static constexpr std::string_view states[] = {"ready", "running", "paused", "stopped", "failed"};
  Filter filter;
  read_texts(q,
             {{"model", &filter.model}, {"plugin", &filter.plugin}, {"owner", &filter.owner}, {"name", &filter.name}});
  filter.state = q.choice("state", states);
  return filter;
}

http::Route list_route(const Context& context) {
  http::Route route{"GET", "/v1/sessions", {.id = "listSessions", .summary = "All sessions, by creation", .tag = tag}};
  route.info.params = page_params(R"({"state":{"enum":["ready","running","paused","stopped","failed"]},
    "model":{"type":"string"},"plugin":{"type":"string"},"owner":{"type":"string"},"name":{"type":"string"}})");
  route.info.answers = {answers_with(200, list_of("Session"), "a page of sessions")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    Filter filter;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          filter = read_filter(q);
        }))
      return;
    std::vector<session::Info> infos;
    for (const auto& session : context.registry.list()) {
      if (!page.after.empty() && !(page.after < session->id())) continue;
      auto info = session->info();
      if (passes(filter, info)) infos.push_back(std::move(info));
      if (infos.size() > page.limit) break;
    }
    reply(http::answer(
        200, page_of(
                 infos, page, [](const auto& i) { return i.id; }, [](const auto& i) { return session::show(i); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", one, {.id = "getSession", .summary = "One session", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Session"), "the session")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto session = session_of(context, request, reply)) reply(show_session(session));
  };
  return route;
}

http::Route patch_route(const Context& context) {
  http::Route route{"PATCH", one, {.id = "patchSession", .summary = "Change its settings (RFC 7396)", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.consumes = {};
  route.info.body = ref("SessionPatch");
  route.info.headers = {"If-Match"};
  route.info.answers = {answers_with(200, ref("Session"), "the session as it is now")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    auto patch = session::parse_patch(request.body, session->step_ns());
    if (!patch) return answer_fail(reply, std::move(patch.error()));
    context.registry.patch(session, std::move(*patch),
                           answering<session::Nothing>(reply, [session](auto) { return show_session(session); }),
                           if_match(request));
  };
  return route;
}

http::Route delete_route(const Context& context) {
  http::Route route{"DELETE", one, {.id = "deleteSession", .summary = "End it and forget it", .tag = tag}};
  route.info.headers = {"If-Match"};
  route.info.answers = {answers_empty(204, "gone")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto session = session_of(context, request, reply))
      context.registry.remove(session, answering<session::Nothing>(reply, [](auto) { return no_content(); }),
                              if_match(request));
  };
  return route;
}

http::Route action_route(const Context& context, session::Action action, std::string id, std::string summary) {
  const std::string path = std::string(one) + "/" + std::string(session::to_string(action));
  http::Route route{"POST", path, {.id = std::move(id), .summary = std::move(summary), .tag = tag}};
  route.info.answers = {answers_with(200, ref("Session"), "the session, after it happened")};
  route.handler = [&context, action](const http::Request& request, const http::Reply& reply) {
    if (const auto session = session_of(context, request, reply))
      context.registry.control(session, action,
                               answering<session::Nothing>(reply, [session](auto) { return show_session(session); }));
  };
  return route;
}

http::Route step_route(const Context& context) {
  http::Route route{"POST",
                    std::string(one) + "/step",
                    {.id = "stepSession", .summary = "Move a standing session on by some ticks", .tag = tag}};
  route.info.takes_body = http::Body::optional;
  route.info.body = ref("Step");
  route.info.deadline = std::chrono::minutes(1);
  route.info.answers = {answers_with(200, ref("Session"), "the session, when it is there")};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    FieldErrors errors;
    ObjectReader r(body_of(request), "", errors);
    const bool async = prefers_async(request);
    const auto ticks = r.integer("ticks", {1, async ? background_step_ticks : limits::step_ticks}).value_or(1);
    r.finish();
    if (!errors.empty()) return answer_fail(reply, validation_failed(std::move(errors)));
    if (async) return step_in_background(context, session, static_cast<std::uint64_t>(ticks), reply);
    context.registry.advance(session, static_cast<std::uint64_t>(ticks),
                             answering<session::Nothing>(reply, [session](auto) { return show_session(session); }));
  };
  return route;
}

http::Route seek_route(const Context& context) {
  http::Route route{"POST",
                    std::string(one) + "/seek",
                    {.id = "seekSession", .summary = "Move a playback to a time of its recording", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("Seek");
  route.info.answers = {answers_with(200, ref("Session"), "the session, at the row of that time or right before it")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    FieldErrors errors;
    ObjectReader r(request.body, "", errors);
    r.require("time_s");
    const auto time_s = r.number("time_s", {});
    r.finish();
    if (!errors.empty()) return answer_fail(reply, validation_failed(std::move(errors)));
    context.player.seek(session, *time_s,
                        answering<session::Nothing>(reply, [session](auto) { return show_session(session); }));
  };
  return route;
}

}  // namespace

std::vector<http::Route> session_routes(const Context& context) {
  using session::Action;
  return {create_route(context),
          list_route(context),
          get_route(context),
          patch_route(context),
          delete_route(context),
          action_route(context, Action::pause, "pauseSession", "Hold it; a pause is not caught up"),
          action_route(context, Action::resume, "resumeSession", "Start it, or go on"),
          action_route(context, Action::stop, "stopSession", "End its motion; reset makes it ready again"),
          action_route(context, Action::reset, "resetSession", "Back to tick 0 with the values of creation"),
          step_route(context),
          seek_route(context)};
}

}  // namespace simhost::routes
