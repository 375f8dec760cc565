// The doors of the recorder: what may be called from any thread.
#include <host/record/recorder.hpp>

#include <algorithm>
#include <future>
#include <utility>

#include <host/base/log.hpp>

namespace simhost::record {

namespace fs = std::filesystem;

namespace {

constexpr auto writer_period = std::chrono::milliseconds(50);
constexpr std::size_t waiting_max = 4096;  // of each thread
constexpr auto end_patience = std::chrono::seconds(2);
constexpr int read_tries = 3;  // files change places while a recording is open

Error no_recording(std::string_view id) {
  return {"not_found", "there is no recording " + std::string(id) + "; GET /v1/recordings lists them"};
}
Error busy() { return {"overloaded", "the recorder has too much to do; come again", {}, 0, 1}; }

}  // namespace

Recorder::Recorder(session::Registry& registry, telemetry::Pump& pump, const Clock& clock, RecorderOptions options)
    : registry_(registry), pump_(pump), clock_(clock), options_(std::move(options)), ids_(clock) {}

Result<std::unique_ptr<Recorder>> Recorder::open(session::Registry& registry, telemetry::Pump& pump, const Clock& clock,
                                                 RecorderOptions options) {
  std::unique_ptr<Recorder> recorder(new Recorder(registry, pump, clock, std::move(options)));
  if (auto done = recorder->load(); !done) return fail(done.error());
  SideThread::Plan plan{.at_end = SideThread::AtEnd::finish, .waiting_max = waiting_max};
  recorder->reading_ = std::make_unique<SideThread>("record-reader", plan);
  recorder->converting_ = std::make_unique<SideThread>("record-maker", plan);
  plan.look = [it = recorder.get()] { it->look(); };
  plan.period = writer_period;
  recorder->writer_ = std::make_unique<SideThread>("record-writer", plan);
  // Each posts to the others: none begins before all are there.
  for (const auto& thread : {recorder->reading_.get(), recorder->converting_.get(), recorder->writer_.get()})
    thread->start();
  return recorder;
}

// One that cannot be read is left where it is, and said.
Outcome Recorder::load() {
  if (auto made = make_folder(options_.folder); !made) return made;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(options_.folder, error)) {
    if (!item.is_directory(error) || !looks_like_id(item.path().filename().string())) continue;
    if (!fs::exists(item.path() / "recording.json", error)) {  // its making or its end was cut short
      fs::remove_all(item.path(), error);
      continue;
    }
    auto loaded = Recording::load(item.path());
    if (!loaded) {
      log_error("record", "a recording cannot be read and is left as it is",
                {{"folder", item.path().string()}, {"why", loaded.error().detail}});
      continue;
    }
    auto entry = std::make_shared<Entry>();
    entry->recording = std::move(*loaded);
    entry->ending = !entry->recording->is_open();
    entry->said = entry->recording->state();
    publish(*entry);
    entries_[entry->shown.about->id] = entry;
  }
  if (error) return fail(disk_error(error.value(), "cannot read", options_.folder));
  return {};
}

// The cursors are taken off first, so that what they hold arrives; what waits for an answer gets none any more. Open
// recordings stay open in their documents: go_on() of the next run says what becomes of them.
Recorder::~Recorder() {
  if (writer_ == nullptr) return;
  auto gone = std::make_shared<std::promise<void>>();
  auto end = gone->get_future();
  post([this, gone] {
    closing_ = true;
    std::function<void()> tell = [gone] { gone->set_value(); };
    for (const auto& [id, entry] : entries_)
      if (const auto* cursor = std::exchange(entry->cursor, nullptr))
        pump_.remove(entry->session, cursor, std::exchange(tell, [] {}));
    tell();
  });
  end.wait_for(end_patience);
  post([this] {
    for (const auto& [id, entry] : entries_) {
      if (!entry->ending) take(*entry);
      entry->recording->roll();
      while (const auto conversion = entry->recording->next_conversion())
        entry->recording->done(*conversion, conversion->run());
      entry->recording->drop_replaced();
    }
  });
  converting_->stop();
  writer_->stop();
  reading_->stop();
}

void Recorder::go_on() {
  post([this] {
    for (const auto& [id, entry] : std::map(entries_)) {
      if (entry->ending || entry->session != nullptr) continue;
      entry->session = registry_.find(entry->shown.about->session);
      const bool back = entry->session != nullptr && entry->session->state() != session::State::stopped &&
                        entry->session->state() != session::State::failed;
      if (back)
        attach(entry, "interrupted");
      else
        end(*entry, "interrupted", "the host ended while it was recorded, and the session has not come back");
    }
  });
}

void Recorder::create(session::SessionPointer session, Request request, Done<Info> done) {
  const bool taken = post(
      [this, session = std::move(session), request = std::move(request), done] { do_create(session, request, done); });
  if (!taken) done(fail(busy()));
}

void Recorder::stop(const std::string& id, Done<Info> done) {
  const bool taken = post([this, id, done] {
    const auto found = entry(id);
    if (found == nullptr) return done(fail(no_recording(id)));
    if (!found->recording->is_open()) return done(found->shown);
    found->stopping.push_back(done);
    if (found->session == nullptr) return end(*found, "", "");
    detach(*found);
  });
  if (!taken) done(fail(busy()));
}

void Recorder::remove(const std::string& id, Done<session::Nothing> done) {
  const bool taken = post([this, id, done] {
    const auto found = entry(id);
    if (found == nullptr) return done(fail(no_recording(id)));
    forget(found, [done] { done(session::Nothing{}); });
  });
  if (!taken) done(fail(busy()));
}

void Recorder::file(const std::string& id, std::optional<std::uint64_t> part, Done<FilePlace> done) {
  const bool taken = post([this, id, part, done] {
    const auto found = entry(id);
    if (found == nullptr) return done(fail(no_recording(id)));
    if (part || !found->recording->needs_join()) return answer_file(found, part, done);
    found->after_join.push_back([this, found, done] { answer_file(found, std::nullopt, done); });
    if (!found->joining) join(found);
  });
  if (!taken) done(fail(busy()));
}

void Recorder::whole(const std::string& id, Progress progress, Done<Info> done) {
  const bool taken = post([this, id, progress = std::move(progress), done] {
    const auto found = entry(id);
    if (found == nullptr) return done(fail(no_recording(id)));
    auto answer = [found, done] {
      const auto whole = check_whole(*found);
      done(whole ? Result<Info>(found->shown) : fail(whole.error()));
    };
    if (!found->recording->needs_join()) return answer();
    found->watching.push_back(progress);
    found->after_join.push_back(std::move(answer));
    if (!found->joining) join(found);
  });
  if (!taken) done(fail(busy()));
}

void Recorder::preview(const std::string& id, PreviewRequest request, Done<Value> done) {
  const bool taken = reading_->post([this, id, request = std::move(request), done] {
    Result<Value> shown = fail(no_recording(id));
    for (int i = 0; i < read_tries; ++i) {
      auto rows = reader(id);
      shown = rows ? record::preview(**rows, request) : Result<Value>(fail(rows.error()));
      if (shown || (shown.error().code != "file_damaged" && shown.error().code != "storage_error")) break;
    }
    done(std::move(shown));
  });
  if (!taken) done(fail(busy()));
}

Recorder::EntryPointer Recorder::entry(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(id_or_name); found != entries_.end()) return found->second;
  for (const auto& [id, entry] : entries_)
    if (!id_or_name.empty() && entry->shown.about->name == id_or_name) return entry;
  return nullptr;
}

std::optional<Info> Recorder::find(std::string_view id_or_name) const {
  const auto found = entry(id_or_name);
  if (found == nullptr) return {};
  const std::lock_guard lock(mutex_);
  return found->shown;
}

std::vector<Info> Recorder::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Info> all;
  for (const auto& [id, entry] : entries_) all.push_back(entry->shown);
  return all;
}

Result<std::unique_ptr<Reader>> Recorder::reader(std::string_view id_or_name) const {
  const auto info = find(id_or_name);
  if (!info) return fail(no_recording(id_or_name));
  return Reader::open(*info->about, info->sources);
}

// Of parts the rows are known; what is still a journal is opened to be counted.
Result<Recorder::Slice> Recorder::slice(std::string_view id_or_name, std::uint64_t row) const {
  const auto info = find(id_or_name);
  if (!info) return fail(no_recording(id_or_name));
  std::uint64_t first_row = 0;
  for (std::size_t i = 0; i < info->sources.size(); ++i) {
    if (i < info->parts.size() && row >= first_row + info->parts[i].rows) {
      first_row += info->parts[i].rows;
      continue;
    }
    auto file = Reader::open(*info->about, {info->sources[i]});
    if (!file) return fail(file.error());
    if (row < first_row + (*file)->rows()) return Slice{std::move(*file), first_row};
    first_row += (*file)->rows();
  }
  return Slice{};
}

Recorder::Counts Recorder::counts() const {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), bytes_total_.load()};
}

}  // namespace simhost::record
