// Sessions that play recordings: the same frames again, at any pace, and nothing to be written.
#include <host/playback/player.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include <tests/support/fake_pace_clock.hpp>
#include <tests/unit/record/samples.hpp>
#include <tests/unit/telemetry/receiver.hpp>

namespace simhost::playback {
namespace {

using session::Action;
using session::State;
using telemetry::Mode;
using telemetry::Receiver;

// A recording on the disk: ticks from..., every second one, with a gap after the first half.
struct Tape {
  record::Folder folder;
  record::About about = record::sample_about();
  std::vector<std::int64_t> ticks;
  std::filesystem::path path = folder / "part-0.parquet";

  explicit Tape(std::size_t rows = 60, std::size_t lanes = 2) {
    about.lanes.clear();
    for (std::uint32_t k = 0; k < lanes; ++k) about.lanes.push_back(k);
    about.descriptor = parse_json(R"({"id":"mixed","title":"Mixed","version":"2.1.0","variables":[
      {"id":1,"name":"speed_rpm","title":"Speed","causality":"output","variability":"continuous","min":-10,"max":1e4,
       "start":-1},
      {"id":4,"name":"mode","title":"Mode","causality":"state","variability":"discrete"}]})")
                           .value();
    about.made_of = parse_json(R"({"plugin":"mixed_plugin","generation":3})").value();
    for (std::size_t n = 0; n < rows; ++n)
      ticks.push_back(100 + 2 * static_cast<std::int64_t>(n) + (n < rows / 2 ? 0 : 5000));
    write();
  }
  void write() const {
    auto writer = record::create_part(path, about).value();
    for (std::size_t n = 0; n < ticks.size(); n += 16) {
      record::Rows rows;
      rows.clear(about.columns.size());
      for (std::size_t i = n; i < std::min(n + 16, ticks.size()); ++i)
        for (const auto lane : about.lanes) {
          rows.tick.push_back(ticks[i]);
          rows.time_s.push_back(static_cast<double>(ticks[i]) * 1e-3);
          rows.lane.push_back(static_cast<std::int32_t>(lane));
          for (std::size_t c = 0; c < about.columns.size(); ++c)
            rows.values[c].push_back(record::sample_value(about.columns[c], ticks[i], lane));
        }
      ASSERT_TRUE(writer->write(rows));
    }
    ASSERT_TRUE(writer->finish());
  }
  // What is shown of it: an empty cell shows as the start value.
  [[nodiscard]] double value(std::size_t column, std::size_t row, std::uint32_t lane) const {
    const double v = record::sample_value(about.columns[column], ticks[row], lane);
    return !std::isnan(v) ? v : column == 0 ? -1 : 0;
  }
  Result<std::unique_ptr<record::Reader>> open(const std::string& name) const {
    if (name != about.id && name != about.name) return fail("unknown_reference", "no recording " + name);
    return record::Reader::open(about, {path});
  }
};

struct PlayRig : telemetry::PumpRig {
  Tape tape;
  Player player{*registry, [this](const std::string& name) { return tape.open(name); }};

  explicit PlayRig(std::size_t rows = 60, std::size_t lanes = 2) : tape(rows, lanes) {}
  Result<session::Nothing> seek(const session::SessionPointer& s, double time_s) {
    return support::await<session::Nothing>([&](auto done) { player.seek(s, time_s, done); });
  }
  void expect_row(const session::SessionPointer& s, std::size_t row) {
    ASSERT_EQ(s->tick(), static_cast<std::uint64_t>(tape.ticks[row]));
    const auto got = read(s, {1, 2, 3, 4, 5}).value();
    ASSERT_EQ(got.tick, s->tick());
    const auto lanes = tape.about.lanes.size();
    for (std::size_t c = 0; c < 5; ++c)
      for (std::uint32_t k = 0; k < lanes; ++k)
        ASSERT_EQ(got.values[c * lanes + k], tape.value(c, row, k))
            << "row " << row << " column " << c << " lane " << k;
  }
};

constexpr const char* manual = R"({"recording":"run-7","pace":{"mode":"manual"}})";

TEST(Playback, ShowsWhatIsKnownOfTheRecording) {
  PlayRig rig;
  const auto s = rig.create(R"({"recording":"run-7","name":"again","start":false,"tags":{"a":"b"}})").value();
  const auto info = s->info();
  EXPECT_EQ(info.model, "mixed");
  EXPECT_EQ(info.plugin, "mixed_plugin");
  EXPECT_EQ(info.generation, 3U);
  EXPECT_EQ(info.state, State::ready);
  EXPECT_EQ(info.lanes, 2U);
  EXPECT_EQ(info.seed, 42U);
  EXPECT_EQ(info.tick, 100U);
  EXPECT_EQ(info.step_s, 0.001);
  EXPECT_EQ(to_json(*show(info).find("playback")), R"({"recording":"01kqexample00000","from_s":0.1,"to_s":5.218})");
  const auto& d = s->model()->descriptor;
  EXPECT_EQ(d.version, "2.1.0");
  EXPECT_EQ(d.find("speed_rpm")->unit, "rpm");
  EXPECT_EQ(d.find("speed_rpm")->title, "Speed");
  EXPECT_EQ(d.find("mode")->causality, static_cast<std::uint32_t>(SIM_STATE));
  EXPECT_EQ(d.find("mode")->enum_names[1], "run, fast");
  rig.expect_row(s, 0);
}

TEST(Playback, GivesEveryRowWithItsTickAndValuesOverAGap) {
  PlayRig rig(60, 300);  // more lanes than a block has
  const auto s = rig.create(manual).value();
  for (std::size_t row = 1; row < 60; ++row) {
    ASSERT_TRUE(rig.advance(s, 1)) << row;
    rig.expect_row(s, row);
  }
  EXPECT_EQ(s->state(), State::stopped);
  EXPECT_FALSE(rig.advance(s, 1));
}

TEST(Playback, StreamsTheSameFramesInEveryFormat) {
  PlayRig rig;
  const auto s = rig.create(R"({"recording":"run-7","pace":{"mode":"free"},"start":false})").value();
  Receiver json(rig.pump.open()), binary(rig.pump.open());
  auto request = rig.request(s, 1, Mode::all, 50);
  request.ids = {1, 4};
  ASSERT_TRUE(rig.subscribe(json, request));
  request.kind.format = telemetry::Format::binary;
  ASSERT_TRUE(rig.subscribe(binary, request));
  ASSERT_TRUE(rig.control(s, Action::resume));
  std::size_t row = 0;
  for (Value message = json.json(); message.find("op")->string() == "data"; message = json.json()) {
    const auto& ticks = message.find("ticks")->items();
    for (std::size_t i = 0; i < ticks.size(); ++i, ++row) {
      ASSERT_EQ(ticks[i].integer(), rig.tape.ticks[row]);
      for (std::uint32_t k = 0; k < 2; ++k) {
        EXPECT_EQ(message.find("values")->find("speed_rpm")->items()[i].items()[k].number(), rig.tape.value(0, row, k));
        const auto mode = static_cast<std::size_t>(rig.tape.value(3, row, k));
        EXPECT_EQ(message.find("values")->find("mode")->items()[i].items()[k].string(),
                  rig.tape.about.columns[3].enum_names[mode]);
      }
    }
  }
  EXPECT_EQ(row, 60U);
  row = 0;
  for (std::string bytes = binary.text(); bytes.front() == 1; bytes = binary.text()) {
    std::uint64_t tick = 0;
    std::uint32_t rows = 0;
    std::memcpy(&tick, bytes.data() + 8, 8);
    std::memcpy(&rows, bytes.data() + 32, 4);
    for (std::size_t i = 0; i < rows; ++i, ++row)
      for (std::size_t v = 0; v < 4; ++v) {
        double value = 0;
        std::memcpy(&value, bytes.data() + 40 + (i * 4 + v) * 8, 8);
        EXPECT_EQ(value, rig.tape.value(v < 2 ? 0 : 3, row, static_cast<std::uint32_t>(v % 2)));
      }
  }
  EXPECT_EQ(row, 60U);
}

TEST(Playback, SeeksToTheRowAtOrBeforeATime) {
  PlayRig rig(3000);
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.seek(s, 1.1035));
  rig.expect_row(s, 501);
  ASSERT_TRUE(rig.advance(s, 3));
  rig.expect_row(s, 504);
  ASSERT_TRUE(rig.seek(s, 5.5)) << "in the gap";
  rig.expect_row(s, 1499);
  ASSERT_TRUE(rig.advance(s, 1));
  rig.expect_row(s, 1500);
  for (const double outside : {0.0999, 11.2, -1.0}) {
    const auto refused = rig.seek(s, outside);
    ASSERT_FALSE(refused) << outside;
    EXPECT_EQ(refused.error().code, "value_out_of_range");
  }
  rig.expect_row(s, 1500);
  ASSERT_TRUE(rig.seek(s, s->info().playback->to_s));
  rig.expect_row(s, 2999);
  EXPECT_TRUE(rig.advance(s, 1)) << "there is no row to go to";
  EXPECT_EQ(s->state(), State::stopped);
  ASSERT_TRUE(rig.seek(s, 0.1));
  EXPECT_EQ(s->state(), State::paused);
  rig.expect_row(s, 0);
}

TEST(Playback, GoesOnAfterASeekAndStopsAtTheEnd) {
  PlayRig rig(3000);
  const auto s = rig.create(R"({"recording":"run-7","pace":{"mode":"realtime","rate":10}})").value();
  ASSERT_TRUE(rig.seek(s, 11.0));
  EXPECT_EQ(s->state(), State::running);
  ASSERT_TRUE(PlayRig::until([&] { return s->state() == State::stopped; }));
  rig.expect_row(s, 2999);
  ASSERT_TRUE(rig.control(s, Action::reset));
  EXPECT_EQ(s->state(), State::ready);
  rig.expect_row(s, 0);
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"free"}})"));
  ASSERT_TRUE(rig.control(s, Action::resume));
  ASSERT_TRUE(PlayRig::until([&] { return s->state() == State::stopped; }));
  rig.expect_row(s, 2999);
}

TEST(Playback, PausesAndStepsRowByRow) {
  PlayRig rig(3000);
  const auto s = rig.create(R"({"recording":"run-7"})").value();
  ASSERT_TRUE(PlayRig::until([&] { return s->tick() > 110; }));
  ASSERT_TRUE(rig.control(s, Action::pause));
  const auto row = (s->tick() - 100) / 2;
  ASSERT_TRUE(rig.advance(s, 5));
  EXPECT_EQ(s->state(), State::paused);
  rig.expect_row(s, row + 5);
  ASSERT_TRUE(rig.control(s, Action::resume));
  EXPECT_TRUE(PlayRig::until([&] { return s->tick() > 100 + 2 * (row + 6); }));
}

TEST(Playback, TakesNothingThatWouldChangeIt) {
  PlayRig rig;
  const auto s = rig.create(manual).value();
  const auto model = s->model();
  EXPECT_EQ(rig.write(s, R"({"values":{"speed_rpm":1}})").error().code, "read_only");
  EXPECT_EQ(parse_command("add", Value(Object{}), *model, 2).error().code, "read_only");
  EXPECT_EQ(parse_fork(Value(Object{}), *model, 2).error().code, "read_only");
  EXPECT_EQ(rig.checkpoint(s).error().code, "read_only");
  EXPECT_EQ(rig.restore(s, "x").error().code, "read_only");
  EXPECT_EQ(rig.fork(s, {}).error().code, "read_only");
  EXPECT_EQ(rig.patch(s, R"({"overrun":"skip"})").error().code, "read_only");
  EXPECT_TRUE(rig.patch(s, R"({"name":"tape","tags":{"x":"y"},"pace":{"mode":"free"}})"));
}

TEST(Playback, IsRefusedClearly) {
  PlayRig rig;
  EXPECT_EQ(rig.create(R"({"recording":"none"})").error().code, "unknown_reference");
  EXPECT_EQ(rig.create(R"({"recording":""})").error().code, "wrong_type");
  EXPECT_EQ(rig.create(R"({"recording":"run-7","model":"counter"})").error().code, "not_valid");
  EXPECT_EQ(rig.create(R"({"recording":"run-7","lanes":2,"seed":1})").error().errors.size(), 2U);
  const auto counter = rig.create(R"({"model":"counter"})").value();
  EXPECT_EQ(rig.seek(counter, 1).error().code, "wrong_state");
  std::filesystem::resize_file(rig.tape.path, std::filesystem::file_size(rig.tape.path) / 2);
  const auto cut = rig.create(R"({"recording":"run-7"})");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, "file_damaged");
}

TEST(Playback, FailsWhereTheFileCannotBeReadAnyFurther) {
  PlayRig rig(20'000);  // the window does not hold it all
  const auto s = rig.create(manual).value();
  ASSERT_TRUE(rig.advance(s, 10));
  std::ofstream(rig.tape.path, std::ios::binary | std::ios::trunc).close();
  ASSERT_TRUE(rig.advance(s, 19'000));
  EXPECT_EQ(s->state(), State::failed);
  ASSERT_TRUE(PlayRig::until([&] { return s->info().reason.has_value(); }));
  EXPECT_EQ(s->info().reason->code, "file_damaged");
  EXPECT_EQ(rig.seek(s, 0.2).error().code, "wrong_state");
}

TEST(Playback, LetsGoOfARecordingWithItsSession) {
  PlayRig rig;
  std::weak_ptr<engine::Source> deck;
  {
    auto s = rig.create(R"({"recording":"run-7","pace":{"mode":"free"}})").value();
    deck = s->playback()->source;
    ASSERT_TRUE(rig.remove(s));
  }
  EXPECT_TRUE(PlayRig::until([&] { return deck.expired(); }));
}

TEST(Playback, KeepsItsPeriodOnAClockMovedByHand) {
  support::FakePaceClock clock;
  session::Rig rig{
      100, 10'000, {.threads = 1, .spin_tail_ns = 0, .scheduling = {}, .catch_up_max = 10, .clock = &clock}};
  Tape tape(2000);
  Player player(*rig.registry, [&](const std::string& name) { return tape.open(name); });
  const auto s = rig.create(R"({"recording":"run-7","pace":{"mode":"realtime","rate":2}})").value();
  const auto& deck = dynamic_cast<const Deck&>(*s->playback()->source);
  ASSERT_TRUE(session::Rig::until([&] { return deck.ahead() == 1999; }));
  clock.advance(1'000'000);
  const auto before = s->tick();
  for (int i = 0; i < 100; ++i) clock.advance(1'000'000);
  EXPECT_EQ(s->tick(), before + 200) << "rows of 2 ms at twice the speed: one each ms";
  clock.advance(50'000'000);
  EXPECT_EQ(s->tick(), before + 202) << "its clock gives way";
  EXPECT_EQ(s->info().stats.missed, 0U);
}

}  // namespace
}  // namespace simhost::playback
