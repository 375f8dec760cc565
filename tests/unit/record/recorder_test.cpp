// The recorder over real sessions: nothing is missed unsaid, and what an end of the host leaves is found again.
#include <host/record/recorder.hpp>

#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>
#include <tests/unit/record/samples.hpp>

namespace simhost::record {
namespace {

using session::SessionPointer;
constexpr const char* manual = R"({"model":"counter","pace":{"mode":"manual"},"lanes":2})";

struct RecorderRig : session::Rig {
  Folder folder;
  RecorderOptions options;
  std::unique_ptr<telemetry::Pump> pump;
  std::unique_ptr<Recorder> recorder;
  std::mutex mutex;
  std::vector<std::string> events;

  RecorderRig() {
    options.folder = folder / "recordings";
    options.host_version = "test";
    options.sync_ns = 10'000'000;
    options.retry_ns = 50'000'000;
    registry->on_event([this](const session::Event& event) {
      const std::lock_guard lock(mutex);
      if (event.type.starts_with("recording.")) events.push_back(event.type);
    });
    pump = std::make_unique<telemetry::Pump>(*registry);
    open();
  }
  ~RecorderRig() {
    recorder.reset();
    pump.reset();
  }

  void open() { recorder = Recorder::open(*registry, *pump, system_clock(), options).value(); }
  Result<Info> record(const SessionPointer& s, std::string_view body = "{}") {
    const auto value = parse_json(body).value();
    auto request = parse_request(&value, *s);
    if (!request) return fail(request.error());
    return support::await<Info>([&](auto done) { recorder->create(s, *request, done); });
  }
  Result<Info> stop(const std::string& id) {
    return support::await<Info>([&](auto done) { recorder->stop(id, done); });
  }
  Result<Recorder::FilePlace> file(const std::string& id, std::optional<std::uint64_t> part = {}) {
    return support::await<Recorder::FilePlace>([&](auto done) { recorder->file(id, part, done); });
  }
  Info now(const std::string& id) { return recorder->find(id).value(); }
  // The ticks of all its rows of lane 0.
  std::vector<std::int64_t> ticks(const std::string& id) {
    const auto reader = recorder->reader(id).value();
    std::vector<std::int64_t> ticks;
    for (std::uint64_t row = 0; row < reader->rows();) {
      const auto rows = reader->read(row, 100'000).value();
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows.lane[i] == 0) ticks.push_back(rows.tick[i]);
      row += rows.size();
    }
    return ticks;
  }
  // The same, file after file; each is entered in its middle.
  std::vector<std::int64_t> ticks_by_slices(const std::string& id) {
    std::vector<std::int64_t> ticks;
    for (std::uint64_t row = 0;;) {
      const auto slice = recorder->slice(id, row + 1).value();
      if (slice.file == nullptr) return ticks;
      EXPECT_LE(slice.first_row, row);
      const auto rows = slice.file->read(row - slice.first_row, 100'000).value();
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows.lane[i] == 0) ticks.push_back(rows.tick[i]);
      row += rows.size();
    }
  }
  bool said(const std::string& type) {
    const std::lock_guard lock(mutex);
    return std::ranges::find(events, type) != events.end();
  }
};

std::vector<std::int64_t> range(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(to - from + 1));
  std::iota(all.begin(), all.end(), from);
  return all;
}

TEST(Recorder, HasEveryTickFromItsAnswerToItsEnd) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.advance(s, 7));
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 30'000));
  const auto ended = rig.stop(id).value();
  EXPECT_EQ(ended.state, State::stopped);
  EXPECT_EQ(ended.rows, 60'002U);
  EXPECT_TRUE(ended.gaps.empty());
  EXPECT_EQ(rig.ticks(id), range(7, 30'007));
  EXPECT_TRUE(rig.said("recording.started") && rig.said("recording.stopped"));
}

TEST(Recorder, TakesEveryTickOfAFastSessionThatWaitsForIt) {
  RecorderRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"free"},"stop_at_s":100,"start":false})").value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.control(s, session::Action::resume));
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).state == State::stopped; }));
  EXPECT_EQ(rig.ticks(id), range(0, 100'000));
  EXPECT_EQ(rig.now(id).reason_code, "session_stopped");
  EXPECT_TRUE(rig.now(id).gaps.empty());
}

// A free session may be over before the pump has its reader; its last frame is recorded, and nothing stays open.
TEST(Recorder, EndsWithASessionThatIsFasterThanItsBeginning) {
  RecorderRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"free"},"stop_at_s":0.01})").value();
  ASSERT_TRUE(session::Rig::until([&] { return s->tick() == 10; }));
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).state == State::stopped; }));
  EXPECT_EQ(rig.ticks(id), range(10, 10));
}

TEST(Recorder, GoesOnBelowAfterAReset) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 5));
  ASSERT_TRUE(rig.control(s, session::Action::reset));
  ASSERT_TRUE(rig.control(s, session::Action::resume));
  ASSERT_TRUE(rig.advance(s, 3));
  ASSERT_TRUE(rig.stop(id));
  EXPECT_EQ(rig.ticks(id), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 0, 1, 2, 3}));
}

TEST(Recorder, MakesAFileOfNothing) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.advance(s, 1));
  const auto id = rig.record(s, R"({"every_ticks":1000})").value().about->id;
  const auto ended = rig.stop(id).value();
  EXPECT_EQ(ended.rows, 0U);
  ASSERT_EQ(ended.parts.size(), 1U);
  EXPECT_EQ(ended.parts[0].rows, 0U);
  EXPECT_TRUE(std::filesystem::exists(rig.file(id).value().path));
}

TEST(Recorder, JoinsItsFilesAtTheEnd) {
  RecorderRig rig;
  rig.options.segment_bytes = 8192;
  rig.recorder.reset();
  rig.open();
  std::vector<double> shares;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s, R"({"format":"csv"})").value().about->id;
  for (int i = 0; i < 5; ++i) {
    const auto before = rig.now(id).parts.size();
    ASSERT_TRUE(rig.advance(s, 500));
    ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).parts.size() > before; }));
  }
  EXPECT_EQ(rig.file(id).error().code, "wrong_state");
  EXPECT_EQ(rig.ticks_by_slices(id), rig.ticks(id));
  const auto part = rig.now(id).parts.at(1);
  const auto place = rig.file(id, part.number).value();
  EXPECT_EQ(sha256_of(place.path).value(), part.sha256);
  const auto joined = [&] {
    return support::await<Info>([&](auto done) {
      rig.recorder->whole(
          id, [&](double share) { shares.push_back(share); }, done);
    });
  };
  EXPECT_EQ(joined().error().code, "wrong_state");
  ASSERT_TRUE(rig.stop(id));
  EXPECT_EQ(joined().value().parts.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_TRUE(shares.empty() || (shares.front() >= 0 && shares.back() < 1));
  const auto whole = rig.file(id).value();
  EXPECT_EQ(sha256_of(whole.path).value(), whole.sha256);
  EXPECT_EQ(rig.now(id).parts.size(), 1U);
  EXPECT_EQ(rig.now(id).parts[0].rows, 5002U);
  EXPECT_EQ(rig.ticks(id), range(0, 2500));
  EXPECT_EQ(rig.ticks_by_slices(id), range(0, 2500));
}

// Whoever finds a listed file gone looks again, and finds what has taken its place.
TEST(Recorder, ListsNoFileThatIsGone) {
  RecorderRig rig;
  rig.options.segment_bytes = 8192;
  rig.options.sync_ns = 0;
  rig.recorder.reset();
  rig.open();
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s, R"({"format":"csv"})").value().about->id;
  for (std::size_t parts = 1; parts <= 8; ++parts) {
    ASSERT_TRUE(rig.advance(s, 500));
    ASSERT_TRUE(session::Rig::until([&] {
      for (const auto& file : rig.now(id).sources) {
        if (std::filesystem::exists(file)) continue;
        const auto now = rig.now(id).sources;
        EXPECT_EQ(std::ranges::find(now, file), now.end()) << file;
      }
      return rig.now(id).parts.size() >= parts;
    }));
  }
}

TEST(Recorder, WaitsWhileItsQuotaIsUsedUpAndTellsTheGap) {
  RecorderRig rig;
  rig.options.quota_bytes = 200'000;
  rig.recorder.reset();
  rig.open();
  const auto s = rig.create(manual).value();
  const auto first = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 1500));
  ASSERT_TRUE(rig.stop(first));
  const auto id = rig.record(s).value().about->id;
  while (rig.now(id).state != State::waiting) ASSERT_TRUE(rig.advance(s, 500));
  EXPECT_EQ(rig.record(s).error().code, "disk_full");
  ASSERT_TRUE(rig.advance(s, 10));
  const auto lost = static_cast<std::int64_t>(s->tick());
  ASSERT_TRUE(session::Rig::until([&] { return rig.said("recording.waiting"); }));
  EXPECT_NE(rig.stop(id).value().state, State::failed);
  ASSERT_TRUE(support::await<session::Nothing>([&](auto done) { rig.recorder->remove(first, done); }));
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).state == State::stopped; }));
  const auto gaps = rig.now(id).gaps;
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].reason, "disk_full");
  EXPECT_EQ(gaps[0].to_tick, lost);
  EXPECT_EQ(rig.ticks(id).back(), gaps[0].from_tick - 1);
}

TEST(Recorder, RefusesANameThatIsTakenAndFieldsThatAreNotThere) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.record(s, R"({"name":"a"})"));
  EXPECT_EQ(rig.record(s, R"({"name":"a"})").error().code, "name_taken");
  EXPECT_EQ(rig.record(s, R"({"fields":["nothing"]})").error().code, "unknown_variable");
  EXPECT_EQ(rig.recorder->counts().recordings, 1U);
  EXPECT_EQ(rig.stop("none").error().code, "not_found");
}

TEST(Recorder, RemovesItsFilesWithARecording) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 100));
  const auto folder = rig.options.folder / id;
  EXPECT_TRUE(std::filesystem::exists(folder));
  ASSERT_TRUE(support::await<session::Nothing>([&](auto done) { rig.recorder->remove(id, done); }));
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_FALSE(rig.recorder->find(id));
  ASSERT_TRUE(rig.advance(s, 100));  // nobody holds the session up
}

TEST(Recorder, GoesOnWithAGapWhereItsSessionIsBack) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 100));
  rig.recorder.reset();
  ASSERT_TRUE(session::Rig::until([&] { return s->tap() == nullptr; }));  // no history of what comes now
  ASSERT_TRUE(rig.advance(s, 50));
  rig.open();
  EXPECT_EQ(rig.now(id).rows, 202U);
  rig.recorder->go_on();
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).rows == 204; }));
  ASSERT_TRUE(rig.advance(s, 10));
  const auto ended = rig.stop(id).value();
  EXPECT_EQ(ended.gaps, (std::vector<Gap>{{101, 149, "interrupted"}}));
  EXPECT_EQ(ended.rows, 2U * (101 + 11));
}

TEST(Recorder, EndsWhatItsSessionDoesNotComeBackFor) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 100));
  rig.recorder.reset();
  ASSERT_TRUE(rig.remove(s));
  rig.open();
  rig.recorder->go_on();
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).state == State::stopped; }));
  EXPECT_EQ(rig.now(id).reason_code, "interrupted");
  EXPECT_EQ(rig.ticks(id), range(0, 100));
}

// What a crash leaves: the folder as it was at some moment, copied while the recording was open.
TEST(Recorder, FindsWhatACrashLeft) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.advance(s, 1000));
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).rows == 2002; }));
  const auto copy = rig.folder / "copy";
  std::filesystem::copy(rig.options.folder, copy, std::filesystem::copy_options::recursive);
  std::ofstream(copy / id / "part-00000.parquet.part") << "half a file";
  std::filesystem::resize_file(copy / id / "0.journal", std::filesystem::file_size(copy / id / "0.journal") - 3);
  std::filesystem::create_directory(copy / "0000000000000000");  // of a recording that was never answered
  std::filesystem::create_directory(copy / "1111111111111111");
  std::ofstream(copy / "1111111111111111" / "recording.json") << "{";
  rig.recorder.reset();
  rig.options.folder = copy;
  ASSERT_TRUE(rig.remove(s));
  rig.open();
  rig.recorder->go_on();
  ASSERT_TRUE(session::Rig::until([&] { return rig.now(id).state == State::stopped; }));
  EXPECT_EQ(rig.recorder->counts().recordings, 1U);
  const auto ticks = rig.ticks(id);
  EXPECT_EQ(ticks, range(0, ticks.back()));
  EXPECT_FALSE(std::filesystem::exists(copy / id / "part-00000.parquet.part"));
  EXPECT_FALSE(std::filesystem::exists(copy / "0000000000000000"));
  EXPECT_TRUE(std::filesystem::exists(copy / "1111111111111111" / "recording.json"));
}

TEST(Recorder, KeepsNothingPastItsAge) {
  RecorderRig rig;
  const auto s = rig.create(manual).value();
  const auto id = rig.record(s).value().about->id;
  ASSERT_TRUE(rig.stop(id));
  rig.recorder.reset();
  rig.options.max_age_s = 1e-6;
  rig.open();
  ASSERT_TRUE(session::Rig::until([&] { return rig.recorder->counts().recordings == 0; }));
}

}  // namespace
}  // namespace simhost::record
