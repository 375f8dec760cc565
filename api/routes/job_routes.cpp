// /v1/jobs: long work that goes on after its request was answered.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "jobs";

jobs::JobPointer job_of(const Context& context, const http::Request& request, const http::Reply& reply) {
  const std::string* id = request.param("job");
  auto job = context.jobs.find(*id);
  if (job == nullptr) answer_fail(reply, {"not_found", "there is no job " + *id + "; GET /v1/jobs lists them"});
  return job;
}

http::Route list_route(const Context& context) {
  http::Route route{"GET", "/v1/jobs", {.id = "listJobs", .summary = "Long work, by creation", .tag = tag}};
  route.info.params = page_params(R"({"state":{"enum":["queued","running","done","failed","cancelled"]},
    "kind":{"type":"string"}})");
  route.info.answers = {answers_with(200, list_of("Job"), "a page of jobs")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    static constexpr std::string_view states[] = {"queued", "running", "done", "failed", "cancelled"};
    Page page;
    std::optional<std::size_t> state;
    std::string kind;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          state = q.choice("state", states);
          read_texts(q, {{"kind", &kind}});
        }))
      return;
    std::vector<jobs::Info> infos;
    for (const auto& job : context.jobs.list()) {
      auto info = job->info();
      const bool wanted =
          (kind.empty() || kind == info.kind) && (!state || static_cast<jobs::State>(*state) == info.state);
      if (wanted) infos.push_back(std::move(info));
    }
    reply(http::answer(
        200, page_of(
                 infos, page, [](const auto& i) { return i.id; }, [](const auto& i) { return jobs::show(i); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", "/v1/jobs/{job}", {.id = "getJob", .summary = "One job: how far it is", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Job"), "the job")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto job = job_of(context, request, reply)) reply(http::answer(200, jobs::show(job->info())));
  };
  return route;
}

http::Route cancel_route(const Context& context) {
  http::Route route{
      "DELETE", "/v1/jobs/{job}", {.id = "cancelJob", .summary = "Ask it to end; what is done stays", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Job"), "the job: cancelled, or still at the piece it is on")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto job = job_of(context, request, reply);
    if (job == nullptr) return;
    if (auto asked = context.jobs.cancel(job); !asked) return answer_fail(reply, std::move(asked.error()));
    reply(http::answer(200, jobs::show(job->info())));
  };
  return route;
}

}  // namespace

std::vector<http::Route> job_routes(const Context& context) {
  return {list_route(context), get_route(context), cancel_route(context)};
}

}  // namespace simhost::routes
