// Starts and stops recordings for schedules.
#include <api/cli/planned_recording.hpp>

#include <atomic>
#include <memory>

namespace simhost::cli {

namespace {

using Answer = session::Done<session::Nothing>;

void start(record::Recorder& recorder, const session::SessionPointer& session, const Value& body, Answer done) {
  auto wanted = record::parse_request(&body, *session);
  if (!wanted) return done(fail(wanted.error()));
  recorder.create(session, std::move(*wanted), [done](const Result<record::Info>& made) {
    if (!made) return done(fail(made.error()));
    done(session::Nothing{});
  });
}

std::vector<std::string> open_ones(const record::Recorder& recorder, const session::Session& session) {
  std::vector<std::string> ids;
  for (const auto& info : recorder.list())
    if (info.about->session == session.id() && info.is_open()) ids.push_back(info.about->id);
  return ids;
}

// Answers once all have stopped, with the fault of the one that failed last, if any.
void stop_all(record::Recorder& recorder, const std::vector<std::string>& ids, Answer done) {
  struct Rest {
    std::mutex mutex;
    std::size_t left = 0;
    Result<session::Nothing> result = session::Nothing{};
    Answer done;
  };
  if (ids.empty()) return done(session::Nothing{});
  auto rest = std::make_shared<Rest>();
  rest->left = ids.size();
  rest->done = std::move(done);
  for (const auto& id : ids)
    recorder.stop(id, [rest](const Result<record::Info>& stopped) {
      const std::lock_guard lock(rest->mutex);
      if (!stopped) rest->result = fail(stopped.error());
      if (--rest->left == 0) rest->done(rest->result);
    });
}

void stop(record::Recorder& recorder, const session::Session& session, const Value& body, Answer done) {
  const Value* named = body.find("recording");
  if (named == nullptr || !named->is_string()) return stop_all(recorder, open_ones(recorder, session), std::move(done));
  const auto info = recorder.find(named->string());
  if (!info || info->about->session != session.id())
    return done(fail("unknown_reference", "the session has no recording " + std::string(named->string())));
  stop_all(recorder, {info->about->id}, std::move(done));
}

}  // namespace

void record_as_planned(record::Recorder& recorder, const session::SessionPointer& session, const Value& body,
                       session::Done<session::Nothing> done) {
  if (const Value* how = body.find("start")) return start(recorder, session, *how, std::move(done));
  const Value* which = body.find("stop");
  stop(recorder, *session, which != nullptr ? *which : Value{}, std::move(done));
}

}  // namespace simhost::cli
