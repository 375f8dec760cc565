// Recordings: started on a session, stopped, listed, previewed, downloaded, deleted.
#include <api/http/content.hpp>
#include <api/routes/answers.hpp>
#include <api/routes/long_work.hpp>
#include <api/routes/schemas.hpp>
#include <api/routes/v1.hpp>
#include <host/record/recorder.hpp>

namespace simhost::routes {

namespace {

using record::Info;
const std::string tag = "recordings";
const std::string one = "/v1/recordings/{recording}";
constexpr auto long_deadline = std::chrono::minutes(5);

// The recording the path names, or nothing after answering 404.
std::optional<Info> recording_of(const Context& context, const http::Request& request, const http::Reply& reply) {
  const std::string* id = request.param("recording");
  auto info = context.recorder.find(*id);
  if (!info) answer_fail(reply, {"not_found", "there is no recording " + *id + "; GET /v1/recordings lists them"});
  return info;
}

http::Route create_route(const Context& context) {
  http::Route route{"POST",
                    "/v1/sessions/{session}/recordings",
                    {.id = "createRecording", .summary = "Record its ticks from now on", .tag = tag}};
  route.info.takes_body = http::Body::optional;
  route.info.body = ref("RecordingCreate");
  route.info.answers = {answers_with(201, ref("Recording"), "begun: no tick goes by unseen any more")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto session = session_of(context, request, reply);
    if (session == nullptr) return;
    auto wanted = record::parse_request(request.has_body ? &request.body : nullptr, *session);
    if (!wanted) return answer_fail(reply, std::move(wanted.error()));
    const auto state = session->state();
    if (state == session::State::stopped || state == session::State::failed)
      return answer_fail(reply, {"wrong_state", "the session is " + std::string(session::to_string(state)) +
                                                    "; reset makes it ready again"});
    context.recorder.create(session, std::move(*wanted), answering<Info>(reply, [](const Info& info) {
                              return created("/v1/recordings/" + info.about->id, record::show(info));
                            }));
  };
  return route;
}

struct Filter {
  std::string session, model, format, name;
  std::optional<std::size_t> state;
};

bool passes(const Filter& filter, const Info& info) {
  const auto& about = *info.about;
  return (filter.session.empty() || filter.session == about.session) &&
         (filter.model.empty() || filter.model == about.model) && (filter.name.empty() || filter.name == about.name) &&
         (filter.format.empty() || filter.format == to_string(about.format)) &&
         (!filter.state || *filter.state == static_cast<std::size_t>(info.state));
}

Filter read_filter(QueryReader& q) {
  static constexpr std::string_view states[] = {"recording", "waiting", "stopped", "failed"};
  Filter filter;
  read_texts(
      q, {{"session", &filter.session}, {"model", &filter.model}, {"format", &filter.format}, {"name", &filter.name}});
  filter.state = q.choice("state", states);
  return filter;
}

http::Route list_route(const Context& context) {
  http::Route route{
      "GET", "/v1/recordings", {.id = "listRecordings", .summary = "All recordings, by creation", .tag = tag}};
  route.info.params = page_params(R"({"state":{"enum":["recording","waiting","stopped","failed"]},
    "session":{"type":"string"},"model":{"type":"string"},"format":{"type":"string"},"name":{"type":"string"}})");
  route.info.answers = {answers_with(200, list_of("Recording"), "a page of recordings")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    Filter filter;
    if (!read_query(request, reply, [&](QueryReader& q) {
          page = read_page(q);
          filter = read_filter(q);
        }))
      return;
    auto infos = context.recorder.list();
    if (const auto session = context.registry.find(filter.session)) filter.session = session->id();
    std::erase_if(infos, [&](const Info& info) { return !passes(filter, info); });
    reply(http::answer(200, page_of(
                                infos, page, [](const Info& i) { return i.about->id; },
                                [](const Info& i) { return record::show(i); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", one, {.id = "getRecording", .summary = "One recording", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Recording"), "the recording")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto info = recording_of(context, request, reply)) reply(http::answer(200, record::show(*info)));
  };
  return route;
}

// The job ends once its files are one; its result is the recording. Both rooms outlive what the recorder answers, the
// context does not.
void join_in_background(record::Recorder& recorder, jobs::Jobs& jobs, const std::string& id,
                        const jobs::JobPointer& job) {
  recorder.whole(
      id, [job](double share) { job->report(share, "joining its files"); },
      [&jobs, job](Result<Info> info) {
        if (!info) return jobs.finish(job, fail(std::move(info.error())));
        jobs.finish(job, record::show(*info));
      });
}

void stop_in_background(const Context& context, const std::string& id, const http::Reply& reply) {
  auto job = context.jobs.begin("recording.stop", jobs::Cancelling::impossible);
  if (!job) return answer_fail(reply, std::move(job.error()));
  reply(accepted(*job));
  context.recorder.stop(id, [&recorder = context.recorder, &jobs = context.jobs, job = *job](Result<Info> info) {
    if (!info) return jobs.finish(job, fail(std::move(info.error())));
    join_in_background(recorder, jobs, info->about->id, job);
  });
}

http::Route stop_route(const Context& context) {
  http::Route route{"POST", one + "/stop", {.id = "stopRecording", .summary = "End it", .tag = tag}};
  route.info.deadline = long_deadline;
  route.info.answers = {answers_with(200, ref("Recording"), "ended, its files on the disk")};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto found = recording_of(context, request, reply);
    if (!found) return;
    if (prefers_async(request)) return stop_in_background(context, found->about->id, reply);
    context.recorder.stop(*request.param("recording"), answering<Info>(reply, [](const Info& info) {
      return http::answer(200, record::show(info));
    }));
  };
  return route;
}

http::Route delete_route(const Context& context) {
  http::Route route{"DELETE", one, {.id = "deleteRecording", .summary = "End it and remove its files", .tag = tag}};
  route.info.answers = {answers_empty(204, "gone")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    context.recorder.remove(*request.param("recording"),
                            answering<session::Nothing>(reply, [](auto) { return no_content(); }));
  };
  return route;
}

http::Route meta_route(const Context& context) {
  http::Route route{
      "GET", one + "/meta", {.id = "getRecordingMeta", .summary = "The metadata of its files", .tag = tag}};
  const auto shape =
      schema(R"({"type":"object","required":["recording","session","model","format","columns","gaps"]})");
  route.info.answers = {answers_with(200, shape, "columns with their units, descriptor, session, versions, gaps")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    if (const auto info = recording_of(context, request, reply))
      reply(cached(request, record::show_meta(*info->about, info->gaps)));
  };
  return route;
}

http::Route preview_route(const Context& context) {
  http::Route route{
      "GET", one + "/preview", {.id = "previewRecording", .summary = "Its curves, decimated", .tag = tag}};
  route.info.params = schema(R"({"type":"object","properties":{"fields":{"type":"string"},
    "lane":{"type":"integer","minimum":0},"from_s":{"type":"number"},"to_s":{"type":"number"},
    "points":{"type":"integer","minimum":1,"maximum":10000,"default":500}}})");
  route.info.deadline = long_deadline;
  route.info.answers = {answers_with(200, ref("RecordingPreview"), "equal buckets of time, empty ones left out")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto info = recording_of(context, request, reply);
    record::PreviewRequest wanted;
    if (!info || !read_query(request, reply, [&](QueryReader& q) { wanted = read_preview(q, *info->about); })) return;
    wanted.cancelled = request.cancelled;
    context.recorder.preview(info->about->id, std::move(wanted),
                             answering<Value>(reply, [](Value shown) { return http::answer(200, std::move(shown)); }));
  };
  return route;
}

std::string_view media_type_of(record::Format format) {
  return format == record::Format::csv ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
}

std::string download_name(const Info& info, std::optional<std::uint64_t> part) {
  const std::string base = info.about->name.empty() ? info.about->id : info.about->name;
  return base + (part ? "-part-" + std::to_string(*part) : "") + '.' + std::string(to_string(info.about->format));
}

http::Route file_route(const Context& context) {
  http::Route route{
      "GET", one + "/file", {.id = "getRecordingFile", .summary = "The file, or a part of it", .tag = tag}};
  route.info.params = schema(R"({"type":"object","properties":{"part":{"type":"integer","minimum":0}}})");
  route.info.deadline = long_deadline;
  route.info.answers = {{200, "application/vnd.apache.parquet", {}, "the file"},
                        {200, "text/csv", {}, "the file"},
                        {206, "application/vnd.apache.parquet", {}, "the range asked for"},
                        {206, "text/csv", {}, "the range asked for"}};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto info = recording_of(context, request, reply);
    std::optional<std::uint64_t> part;
    if (!info || !read_query(request, reply, [&](QueryReader& q) {
          if (const auto number = q.integer("part", {0, INT64_MAX})) part = static_cast<std::uint64_t>(*number);
        }))
      return;
    const bool waits = info->state == record::State::stopped && !part && info->parts.size() > 1;
    if (waits && prefers_async(request)) {
      auto job = context.jobs.begin("recording.join", jobs::Cancelling::impossible);
      if (!job) return answer_fail(reply, std::move(job.error()));
      reply(accepted(*job));
      return join_in_background(context.recorder, context.jobs, info->about->id, *job);
    }
    const auto name = download_name(*info, part);
    context.recorder.file(info->about->id, part,
                          answering<record::Recorder::FilePlace>(reply, [asked = request, name](
                                                                            const record::Recorder::FilePlace& place) {
                            return http::answer_file(asked, {place.path, std::string(media_type_of(place.format)), name,
                                                             place.sha256.empty() ? "" : '"' + place.sha256 + '"'});
                          }));
  };
  return route;
}

}  // namespace

std::vector<http::Route> recording_routes(const Context& context) {
  return {create_route(context), list_route(context), get_route(context),     stop_route(context),
          delete_route(context), meta_route(context), preview_route(context), file_route(context)};
}

}  // namespace simhost::routes
