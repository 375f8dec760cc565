// All recordings of the host: started, written, stopped, shown, read, deleted. Samples come from the pump, one thread
// writes them, one converts, one reads; requests come from any thread and are answered by callback.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/side_thread.hpp>
#include <host/record/intake.hpp>
#include <host/record/recording.hpp>
#include <host/record/request.hpp>
#include <host/telemetry/pump.hpp>

namespace simhost::record {

struct RecorderOptions {
  std::filesystem::path folder;
  std::uint64_t quota_bytes = 0;    // of all recordings together; 0: no bound
  std::uint64_t reserve_bytes = 0;  // left free on the disk for everybody else
  std::uint64_t segment_bytes = 64 << 20;
  double segment_s = 60;
  double max_age_s = 0;  // of a recording that has ended; 0: kept
  std::size_t open_max = 64, kept_max = 10'000;
  std::string host_version;
  std::int64_t sync_ns = 1'000'000'000, retry_ns = 5'000'000'000;
};

inline constexpr std::size_t intake_bytes = 32 << 20;  // of one recording, between the pump and the writer

class Recorder {
 public:
  // Finds what earlier runs left and goes on converting it. Error: the folder cannot be used.
  static Result<std::unique_ptr<Recorder>> open(session::Registry& registry, telemetry::Pump& pump, const Clock& clock,
                                                RecorderOptions options);
  // Before the pump ends. Everything that came is written; what is open can go on when the host is there again.
  ~Recorder();
  // Recordings that the end of the host interrupted go on, with a gap, where their sessions are back, and stop where
  // they are not. Once, when the sessions are there.
  void go_on();

  template <class T>
  using Done = session::Done<T>;
  // Answered when no tick of the session can go by unseen any more.
  void create(session::SessionPointer session, Request request, Done<Info> done);
  // Answered when its files are durable; one that has stopped already is answered as it is.
  void stop(const std::string& id, Done<Info> done);
  void remove(const std::string& id, Done<session::Nothing> done);

  struct FilePlace {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    std::string sha256;
    Format format = Format::parquet;
  };
  // A part, or the whole: that waits for the joining of its parts. wrong_state while it is open.
  void file(const std::string& id, std::optional<std::uint64_t> part, Done<FilePlace> done);
  // Answered once its parts are one; progress is told meanwhile. wrong_state while it is open.
  void whole(const std::string& id, Progress progress, Done<Info> done);
  void preview(const std::string& id, PreviewRequest request, Done<Value> done);

  // --- [any], at once ---
  [[nodiscard]] std::optional<Info> find(std::string_view id_or_name) const;
  [[nodiscard]] std::vector<Info> list() const;  // by creation
  // Of what is on the disk now; for playback, which keeps it.
  [[nodiscard]] Result<std::unique_ptr<Reader>> reader(std::string_view id_or_name) const;
  // Of the one file that holds a row, for going through a recording of any length; no file: that row is not there yet.
  struct Slice {
    std::unique_ptr<Reader> file;
    std::uint64_t first_row = 0;  // of the file
  };
  [[nodiscard]] Result<Slice> slice(std::string_view id_or_name, std::uint64_t row) const;
  struct Counts {
    std::size_t recordings = 0;
    std::uint64_t bytes_total = 0;  // of samples written since the start
  };
  [[nodiscard]] Counts counts() const;

 private:
  struct Entry {
    std::unique_ptr<Recording> recording;  // the writer's
    Info shown;                            // under mutex_
    session::SessionPointer session;       // null: of an earlier run, until go_on()
    std::shared_ptr<Intake> intake;
    const telemetry::Cursor* cursor = nullptr;
    bool ending = false;  // no sample comes any more
    bool joining = false;
    bool gone = false;  // deleted
    std::string end_code, end_detail;
    std::int64_t synced_ns = 0, tried_ns = 0, convert_ns = 0;
    State said = State::recording;  // in the last event
    Done<Info> starting;            // the answer to create, until the first frame
    std::vector<Done<Info>> stopping;
    std::vector<std::function<void()>> after_join;
    std::vector<Progress> watching;  // the joining
  };
  using EntryPointer = std::shared_ptr<Entry>;

  Recorder(session::Registry& registry, telemetry::Pump& pump, const Clock& clock, RecorderOptions options);
  Outcome load();
  [[nodiscard]] EntryPointer entry(std::string_view id_or_name) const;  // [any]
  bool post(std::function<void()> work) { return writer_->post(std::move(work)); }

  // All below on the writer's thread.
  void do_create(const session::SessionPointer& session, const Request& request, const Done<Info>& done);
  Outcome check_room() const;
  Outcome check_create(const Request& request) const;
  void fetch_module(const EntryPointer& entry);
  void attach(const EntryPointer& entry, std::string gap_reason);
  void attached(const EntryPointer& entry, const Outcome& outcome);
  void begun(const EntryPointer& entry);
  void detach(Entry& entry);
  void look();
  void serve(const EntryPointer& entry, std::int64_t now_ns);
  void take(Entry& entry);
  void keep_room(Entry& entry, std::int64_t now_ns);
  void end(Entry& entry, std::string code, std::string detail);
  void settle(const EntryPointer& entry);
  void convert_next(const EntryPointer& entry);
  void join(const EntryPointer& entry);
  static Outcome check_whole(const Entry& entry);
  void answer_file(const EntryPointer& entry, std::optional<std::uint64_t> part, const Done<FilePlace>& done);
  void forget(const EntryPointer& entry, std::function<void()> done);
  void forget_old();
  void publish(Entry& entry);
  void say(const Info& info, std::string type);
  [[nodiscard]] std::uint64_t used_bytes() const;

  session::Registry& registry_;
  telemetry::Pump& pump_;
  const Clock& clock_;
  const RecorderOptions options_;
  IdMaker ids_;
  mutable std::mutex mutex_;  // guards the map and what its entries show
  std::map<std::string, EntryPointer, std::less<>> entries_;
  std::atomic<std::uint64_t> bytes_total_{0};
  std::int64_t aged_ns_ = 0;
  bool closing_ = false;                                       // the writer's
  std::unique_ptr<SideThread> reading_, converting_, writer_;  // ended in the order writer_, converting_, reading_
};

}  // namespace simhost::record
