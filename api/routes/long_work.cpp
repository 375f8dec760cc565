// Jobs that answer in the place of a request, and steps in the background.
#include <api/routes/long_work.hpp>

#include <algorithm>
#include <memory>

#include <api/http/url.hpp>
#include <api/routes/schemas.hpp>

namespace simhost::routes {

namespace {

constexpr double half_way = 0.5;
constexpr std::uint64_t first_slice_ticks = 256;
constexpr std::int64_t slice_ns = 50'000'000;  // about how soon a cancel is seen

// One slice after the other; each begins when the last is answered.
class LongStep : public std::enable_shared_from_this<LongStep> {
 public:
  LongStep(const Context& context, session::SessionPointer session, std::uint64_t ticks, jobs::JobPointer job)
      : jobs_(context.jobs),
        registry_(context.registry),
        clock_(context.clock),
        session_(std::move(session)),
        ticks_(ticks),
        job_(std::move(job)) {}

  void next() {
    if (job_->cancel_asked()) return jobs_.finish(job_, fail("cancelled", "the rest was not stepped"));
    const std::uint64_t slice = std::min(slice_ticks_, ticks_ - done_);
    begun_ns_ = clock_.monotonic_ns();
    registry_.advance(session_, slice, [self = shared_from_this(), slice](Result<session::Nothing> stepped) {
      self->stepped(slice, std::move(stepped));
    });
  }

 private:
  void stepped(std::uint64_t slice, Result<session::Nothing> result) {
    if (!result) return jobs_.finish(job_, fail(std::move(result.error())));
    done_ += slice;
    const auto info = session_->info();
    job_->report(static_cast<double>(done_) / static_cast<double>(ticks_), "at tick " + std::to_string(info.tick));
    const bool stands = info.state == session::State::stopped || info.state == session::State::failed;
    if (done_ == ticks_ || stands) return jobs_.finish(job_, session::show(info));
    const std::int64_t took_ns = clock_.monotonic_ns() - begun_ns_;
    if (took_ns < slice_ns / 2) slice_ticks_ = std::min<std::uint64_t>(slice_ticks_ * 2, limits::step_ticks);
    if (took_ns > slice_ns) slice_ticks_ = std::max<std::uint64_t>(slice_ticks_ / 2, 1);
    next();
  }

  jobs::Jobs& jobs_;  // all three outlive the last answer of the engine, the context does not
  session::Registry& registry_;
  const Clock& clock_;
  const session::SessionPointer session_;
  const std::uint64_t ticks_;
  const jobs::JobPointer job_;
  std::uint64_t done_ = 0, slice_ticks_ = first_slice_ticks;
  std::int64_t begun_ns_ = 0;
};

}  // namespace

bool prefers_async(const http::Request& request) {
  const std::string* prefer = request.header("prefer");
  return prefer != nullptr && http::list_holds(*prefer, "respond-async");
}

http::Response accepted(const jobs::JobPointer& job) {
  auto response = http::answer(202, jobs::show(job->info()));
  response.set_header("Location", "/v1/jobs/" + job->id());
  response.set_header("Preference-Applied", "respond-async");
  return response;
}

void declare_async(http::RouteInfo& info) {
  info.headers.emplace_back("Prefer");
  info.answers.push_back(answers_with(202, ref("Job"), "with Prefer: respond-async; the job tells how far it is"));
}

http::Reply as_preferred(jobs::Jobs& jobs, store::Store& store, const http::Request& request, const http::Reply& reply,
                         std::string kind) {
  if (!prefers_async(request)) return reply;
  auto begun = jobs.begin(std::move(kind), jobs::Cancelling::impossible);
  if (!begun) {
    answer_fail(reply, std::move(begun.error()));
    return {};
  }
  reply(accepted(*begun));
  return [&jobs, &store, job = *begun](http::Response response) {
    if (response.error) return jobs.finish(job, fail(std::move(*response.error)));
    job->report(half_way, "done; waits for the store");
    auto* value = std::get_if<Value>(&response.body);
    store.committed([&jobs, job, result = value != nullptr ? std::move(*value) : Value()](Outcome kept) mutable {
      if (!kept) return jobs.finish(job, fail(std::move(kept.error())));
      jobs.finish(job, std::move(result));
    });
  };
}

void step_in_background(const Context& context, const session::SessionPointer& session, std::uint64_t ticks,
                        const http::Reply& reply) {
  auto job = context.jobs.begin("session.step", jobs::Cancelling::possible);
  if (!job) return answer_fail(reply, std::move(job.error()));
  reply(accepted(*job));
  std::make_shared<LongStep>(context, session, ticks, *job)->next();
}

}  // namespace simhost::routes
