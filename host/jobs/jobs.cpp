// The list of jobs, the threads that work on them, and their documents.
#include <host/jobs/jobs.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace simhost::jobs {
namespace {

constexpr std::string_view kind_of_document = "job";
constexpr std::array<std::string_view, 5> names = {"queued", "running", "done", "failed", "cancelled"};

std::string text_at(const Value& document, std::string_view key) {
  const Value* value = document.find(key);
  return value != nullptr && value->is_string() ? value->string() : std::string();
}

tl::unexpected<Error> interrupted() { return fail("interrupted", "the host ended while the work was going on"); }

Value show(const Error& error) { return Value::object({{"code", error.code}, {"detail", error.detail}}); }

Info read(const store::Document& document) {
  const Value& from = document.value;
  Info info;
  info.id = document.key;
  info.kind = text_at(from, "kind");
  info.message = text_at(from, "message");
  const auto state = std::find(names.begin(), names.end(), text_at(from, "state"));
  info.state = static_cast<State>(state == names.end() ? 3 : state - names.begin());
  if (const Value* progress = from.find("progress"); progress != nullptr && progress->is_number())
    info.progress = progress->number();
  if (const Value* result = from.find("result")) info.result = *result;
  if (const Value* error = from.find("error"); error != nullptr && error->is_object())
    info.error = Error{text_at(*error, "code"), text_at(*error, "detail")};
  info.created_wall_ns = parse_utc(text_at(from, "created_at")).value_or(0);
  return info;
}

}  // namespace

std::string_view to_string(State state) noexcept { return names[static_cast<std::size_t>(state)]; }

Value show(const Info& info) {
  return Value::object({{"id", info.id},
                        {"kind", info.kind},
                        {"state", to_string(info.state)},
                        {"progress", info.progress},
                        {"message", info.message},
                        {"result", info.result},
                        {"error", info.error ? show(*info.error) : Value()},
                        {"created_at", format_utc(info.created_wall_ns)}});
}

Info Job::info() const {
  const std::lock_guard lock(mutex_);
  return info_;
}

void Job::report(double progress, std::string message) {
  const std::lock_guard lock(mutex_);
  if (!is_open(info_.state)) return;
  info_.progress = std::clamp(progress, 0.0, 1.0);
  if (!message.empty()) info_.message = std::move(message);
}

Jobs::Jobs(const Clock& clock, store::Store& store, Options options)
    : clock_(clock), store_(store), options_(options), ids_(clock) {
  recall();
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

Jobs::~Jobs() { stop(); }

void Jobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stop_, true)) return;
    for (const auto& job : jobs_) job->cancel_asked_.store(true, std::memory_order_release);
  }
  came_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Jobs::recall() {
  auto documents = store_.load(kind_of_document);
  if (!documents) return;
  for (const auto& document : *documents) {
    auto job = std::make_shared<Job>();
    job->info_ = read(document);
    job->id_ = job->info_.id;
    if (is_open(job->info_.state)) {
      job->info_.state = State::failed;
      job->info_.error = interrupted().value();
      keep(job->info_);
    }
    jobs_.push_back(std::move(job));
  }
  forget_oldest();
}

void Jobs::keep(const Info& info) { store_.put(kind_of_document, info.id, show(info)); }

Result<JobPointer> Jobs::enter(std::string kind, State state, Cancelling cancelling) {
  const auto open = std::count_if(jobs_.begin(), jobs_.end(), [](const auto& job) {
    const std::lock_guard lock(job->mutex_);
    return is_open(job->info_.state);
  });
  if (stop_) return fail("draining", "the host is ending and takes no new work");
  if (static_cast<std::size_t>(open) >= options_.open_max)
    return fail(Error{"limit_reached", "at most " + std::to_string(options_.open_max) + " jobs at a time", {}, 0, 1});
  auto job = std::make_shared<Job>();
  job->cancelling_ = cancelling;
  job->info_.id = job->id_ = ids_.next();
  job->info_.kind = std::move(kind);
  job->info_.state = state;
  job->info_.created_wall_ns = clock_.wall_ns();
  jobs_.push_back(job);
  forget_oldest();
  keep(job->info_);
  return job;
}

void Jobs::forget_oldest() {
  const auto ended = [](const JobPointer& job) {
    const std::lock_guard lock(job->mutex_);
    return !is_open(job->info_.state);
  };
  while (jobs_.size() > options_.kept_max) {
    const auto oldest = std::find_if(jobs_.begin(), jobs_.end(), ended);
    if (oldest == jobs_.end()) return;
    store_.erase(kind_of_document, (*oldest)->id_);
    jobs_.erase(oldest);
  }
}

Result<JobPointer> Jobs::run(std::string kind, Work work) {
  const std::lock_guard lock(mutex_);
  auto job = enter(std::move(kind), State::queued, Cancelling::possible);
  if (!job) return job;
  waiting_.push_back({*job, std::move(work)});
  came_.notify_one();
  return job;
}

Result<JobPointer> Jobs::begin(std::string kind, Cancelling cancelling) {
  const std::lock_guard lock(mutex_);
  return enter(std::move(kind), State::running, cancelling);
}

void Jobs::settle(const JobPointer& job, State state, Result<Value> result) {
  Info now;
  {
    const std::lock_guard lock(job->mutex_);
    if (!is_open(job->info_.state)) return;
    job->info_.state = state;
    if (state == State::done) job->info_.progress = 1;
    if (result) job->info_.result = std::move(*result);
    if (state == State::failed) job->info_.error = std::move(result.error());
    now = job->info_;
  }
  keep(now);
}

void Jobs::finish(const JobPointer& job, Result<Value> result) {
  if (result) return settle(job, State::done, std::move(result));
  if (job->cancelled_.load()) return settle(job, State::cancelled, Value());
  if (job->cancel_asked()) result = interrupted();
  settle(job, State::failed, std::move(result));
}

void Jobs::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return;  // what waits is open in the store, and interrupted at the next start
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    do_work(next);
    next = {};
    lock.lock();
  }
}

void Jobs::do_work(const Waiting& next) {
  if (next.job->cancelled_.load()) return settle(next.job, State::cancelled, Value());
  Info now;
  {
    const std::lock_guard lock(next.job->mutex_);
    next.job->info_.state = State::running;
    now = next.job->info_;
  }
  keep(now);
  Result<Value> result = fail("internal", "the work was not done");
  try {
    result = next.work(*next.job);
  } catch (const std::exception& exception) {
    result = fail("internal", std::string("the work failed: ") + exception.what());
  }
  finish(next.job, std::move(result));
}

std::vector<JobPointer> Jobs::list() const {
  const std::lock_guard lock(mutex_);
  return {jobs_.begin(), jobs_.end()};
}

JobPointer Jobs::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& job) { return job->id_ == id; });
  return found == jobs_.end() ? nullptr : *found;
}

Outcome Jobs::cancel(const JobPointer& job) {
  const std::lock_guard lock(mutex_);
  const Info now = job->info();
  if (!is_open(now.state)) return fail("wrong_state", "the job is " + std::string(to_string(now.state)) + " already");
  if (now.state == State::running && job->cancelling_ == Cancelling::impossible)
    return fail("wrong_state", "this work cannot be stopped half-way; it ends by itself");
  job->cancelled_.store(true);
  job->cancel_asked_.store(true, std::memory_order_release);
  const auto waits =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) { return waiting.job == job; });
  if (waits == waiting_.end()) return {};
  waiting_.erase(waits);
  settle(job, State::cancelled, Value());
  return {};
}

}  // namespace simhost::jobs
