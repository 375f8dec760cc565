// Checkpoints of a session, restore and fork.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/long_work.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/clock.hpp>
#include <host/base/shape.hpp>

namespace simhost::routes {

namespace {

using Kept = std::shared_ptr<const session::Checkpoint>;
const std::string tag = "checkpoints";
const std::string one = "/v1/sessions/{session}";

Value shown(const session::SessionPointer& session, const session::Checkpoint& checkpoint) {
  return session::show(checkpoint, session->id(), seconds_of(session->step_ns()));
}

http::Route create_route(const Context& context) {
  http::Route route{
      "POST", one + "/checkpoints", {.id = "createCheckpoint", .summary = "Keep the state of this tick", .tag = tag}};
  route.info.takes_body = http::Body::optional;
  route.info.body = ref("CheckpointCreate");
  route.info.answers = {answers_with(201, ref("Checkpoint"), "kept")};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    FieldErrors errors;
    ObjectReader r(body_of(request), "", errors);
    const auto name = r.is_null("name") ? std::optional<std::string>() : r.name("name");
    r.finish();
    if (!errors.empty()) return answer_fail(reply, validation_failed(std::move(errors)));
    const auto end = as_preferred(context.jobs, context.store, request, reply, "session.checkpoint");
    if (!end) return;
    context.registry.checkpoint(session, name.value_or(""), answering<Kept>(end, [session](const Kept& kept) {
                                  return created("/v1/sessions/" + session->id() + "/checkpoints/" + kept->id,
                                                 shown(session, *kept));
                                }));
  };
  return route;
}

http::Route list_route(const Context& context) {
  http::Route route{"GET", one + "/checkpoints", {.id = "listCheckpoints", .summary = "Its checkpoints", .tag = tag}};
  route.info.params = page_params();
  route.info.answers = {answers_with(200, list_of("Checkpoint"), "by creation")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    Page page;
    if (session == nullptr || !read_query(request, reply, [&](QueryReader& q) { page = read_page(q); })) return;
    reply(http::answer(200, page_of(
                                session->checkpoints(), page, [](const auto& c) { return c->id; },
                                [&](const auto& c) { return shown(session, *c); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{
      "GET", one + "/checkpoints/{checkpoint}", {.id = "getCheckpoint", .summary = "One checkpoint", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Checkpoint"), "the checkpoint")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    const auto kept = session->find_checkpoint(*request.param("checkpoint"));
    if (kept == nullptr) return answer_fail(reply, {"not_found", "this session has no such checkpoint"});
    reply(http::answer(200, shown(session, *kept)));
  };
  return route;
}

http::Route delete_route(const Context& context) {
  http::Route route{
      "DELETE", one + "/checkpoints/{checkpoint}", {.id = "deleteCheckpoint", .summary = "Forget it", .tag = tag}};
  route.info.answers = {answers_empty(204, "gone")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto session = session_of(context, request, reply))
      context.registry.forget(session, *request.param("checkpoint"),
                              answering<session::Nothing>(reply, [](auto) { return no_content(); }));
  };
  return route;
}

http::Route restore_route(const Context& context) {
  http::Route route{"POST", one + "/restore", {.id = "restoreSession", .summary = "Put a checkpoint back", .tag = tag}};
  route.info.takes_body = http::Body::required;
  route.info.body = ref("Restore");
  route.info.answers = {answers_with(200, ref("Session"), "the session at the checkpoint's tick")};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    FieldErrors errors;
    ObjectReader r(request.body, "", errors);
    r.require("checkpoint");
    const auto which = r.text("checkpoint");
    r.finish();
    if (!errors.empty()) return answer_fail(reply, validation_failed(std::move(errors)));
    const auto end = as_preferred(context.jobs, context.store, request, reply, "session.restore");
    if (!end) return;
    context.registry.restore(session, *which,
                             answering<session::Nothing>(end, [session](auto) { return show_session(session); }));
  };
  return route;
}

http::Route fork_route(const Context& context) {
  http::Route route{
      "POST", one + "/fork", {.id = "forkSession", .summary = "A new session from this state", .tag = tag}};
  route.info.takes_body = http::Body::optional;
  route.info.body = ref("Fork");
  route.info.answers = {answers_with(201, ref("Session"), "the new session, paused unless start is true")};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    auto fork = session::parse_fork(body_of(request), *session->model(), session->lanes());
    if (!fork) return answer_fail(reply, std::move(fork.error()));
    const auto end = as_preferred(context.jobs, context.store, request, reply, "session.fork");
    if (!end) return;
    context.registry.fork(session, std::move(*fork), answering<session::SessionPointer>(end, [](const auto& copy) {
                            return session_created(copy);
                          }));
  };
  return route;
}

}  // namespace

std::vector<http::Route> checkpoint_routes(const Context& context) {
  return {create_route(context), list_route(context),    get_route(context),
          delete_route(context), restore_route(context), fork_route(context)};
}

}  // namespace simhost::routes
