// sim.recordings/1 from a plugin's side: made, ended, found, read and removed, and only those of its own models.
#include <gtest/gtest.h>

#include <host/record/recorder.hpp>
#include <tests/support/folder.hpp>
#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

constexpr std::uint32_t level_id = 3, shown_id = 4;
constexpr std::string_view as_csv = R"({"name":"run","format":"csv"})";

class RecordingsTest : public House {
 protected:
  RecordingsTest() {
    EXPECT_TRUE(load());
    record::RecorderOptions options;
    options.folder = folder.path() + "/recordings";
    options.sync_ns = 10'000'000;
    recorder = record::Recorder::open(registry, pump, system_clock(), options).value();
    services.set_recorder(recorder.get());
    models.put(support::make_counter());
  }
  ~RecordingsTest() override { services.set_recorder(nullptr); }

  const sim_recordings& api() { return table<sim_recordings>(SIM_RECORDINGS); }
  static sim_text text_of(std::string_view text) { return {text.data(), text.size()}; }
  sim_status start(std::uint64_t session, std::string_view body = as_csv) {
    info = {};
    info.size = sizeof(info);
    return api().start(host(), session, text_of(body), &info, &error);
  }
  sim_status stop(std::string_view id) { return api().stop(host(), text_of(id), &info, &error); }
  sim_status find(std::string_view id, std::string_view session = "") {
    return api().find(host(), text_of(id), text_of(session), &info);
  }
  void advance(std::uint64_t handle, std::uint64_t ticks) {
    support::await<session::Nothing>([&](auto done) { registry.advance(session(handle), ticks, done); }).value();
  }
  // A session of two lanes whose ticks 0 to 100 are recorded; gives its handle.
  std::uint64_t recorded() {
    const auto handle = make(R"({"model":"tank","name":"one","lanes":2,"pace":{"mode":"manual"}})");
    EXPECT_EQ(start(handle), SIM_OK) << error.message;
    advance(handle, 100);
    EXPECT_EQ(stop("run"), SIM_OK) << error.message;
    return handle;
  }
  std::string foreign() {
    auto spec = session::parse_spec(parse_json(R"({"model":"counter","name":"other"})").value(), models).value();
    const auto s = support::await<session::SessionPointer>([&](auto done) { registry.create(spec, done); }).value();
    const auto body = parse_json(as_csv).value();
    auto request = record::parse_request(&body, *s).value();
    return support::await<record::Info>([&](auto done) { recorder->create(s, request, done); }).value().about->id;
  }

  struct Table {
    std::vector<std::int64_t> tick;
    std::vector<double> time_s, first;
    std::vector<std::int32_t> lane;
    std::size_t calls = 0, columns = 0, enough = 0;  // enough: calls after which it has had enough
    static std::int32_t visit(void* self, const sim_rows* rows) {
      auto& table = *static_cast<Table*>(self);
      table.columns = rows->n_values;
      for (std::uint64_t i = 0; i < rows->count; ++i) {
        table.tick.push_back(rows->tick[i]);
        table.time_s.push_back(rows->time_s[i]);
        table.lane.push_back(rows->lane[i]);
        table.first.push_back(rows->value[0][i]);
      }
      return ++table.calls == table.enough ? SIM_DISCARD : SIM_OK;
    }
  };
  sim_status read(Table& into, std::vector<std::uint32_t> vars, std::uint64_t from_row = 0) {
    return api().read(host(), text_of("run"), vars.data(), static_cast<std::uint32_t>(vars.size()), from_row,
                      &Table::visit, &into, &error);
  }

  support::Folder folder;
  std::unique_ptr<record::Recorder> recorder;
  sim_recording_info info{};
};

TEST_F(RecordingsTest, AreMadeEndedAndFound) {
  const auto handle = make(R"({"model":"tank","name":"one","lanes":2,"pace":{"mode":"manual"}})");
  ASSERT_EQ(start(handle), SIM_OK) << error.message;
  EXPECT_EQ(info.state, std::uint32_t{SIM_RECORDING_OPEN});
  EXPECT_EQ(info.session, session(handle)->id());
  const std::string id = info.id;
  advance(handle, 100);
  ASSERT_EQ(stop(id), SIM_OK) << error.message;
  EXPECT_EQ(info.state, std::uint32_t{SIM_RECORDING_STOPPED});
  EXPECT_EQ(info.rows, 202u);
  EXPECT_EQ(info.last_tick, 100);
  EXPECT_EQ(info.from_s, 0);
  EXPECT_NEAR(info.to_s, 0.1, 1e-12);
  EXPECT_GT(info.bytes, 0u);
  for (const auto& [by_id, by_session] : {std::pair(id, std::string()), {"", "one"}, {"", session(handle)->id()}}) {
    info = {};
    info.size = sizeof(info);
    EXPECT_EQ(find(by_id, by_session), SIM_OK);
    EXPECT_EQ(info.id, id);
  }
  ASSERT_EQ(start(handle, R"({"format":"csv"})"), SIM_OK) << error.message;
  const std::string later = info.id;
  EXPECT_EQ(find("", "one"), SIM_OK);
  EXPECT_EQ(info.id, later) << "the newest";
}

TEST_F(RecordingsTest, GiveTheirRowsAsColumns) {
  recorded();
  Table rows;
  ASSERT_EQ(read(rows, {shown_id, level_id}), SIM_OK) << error.message;
  ASSERT_EQ(rows.tick.size(), 202u);
  EXPECT_EQ(rows.columns, 2u);
  for (std::size_t i = 0; i < rows.tick.size(); ++i) {
    EXPECT_EQ(rows.tick[i], static_cast<std::int64_t>(i / 2));
    EXPECT_EQ(rows.lane[i], static_cast<std::int32_t>(i % 2));
    EXPECT_NEAR(rows.time_s[i], static_cast<double>(i / 2) * 1e-3, 1e-12);
    EXPECT_NEAR(rows.first[i], static_cast<double>(i / 2) * 2e-3, 1e-12);
  }
  Table rest, none;
  EXPECT_EQ(read(rest, {level_id}, 200), SIM_OK);
  EXPECT_EQ(rest.tick, (std::vector<std::int64_t>{100, 100}));
  EXPECT_EQ(read(none, {level_id}, 202), SIM_OK);
  EXPECT_EQ(none.calls, 0u);
  Table first;
  first.enough = 1;
  EXPECT_EQ(read(first, {level_id}), SIM_OK) << "having had enough is no error";
  EXPECT_EQ(first.calls, 1u);
}

TEST_F(RecordingsTest, AreRemoved) {
  recorded();
  EXPECT_EQ(api().remove(host(), text_of("run"), &error), SIM_OK);
  EXPECT_EQ(find("run"), SIM_WRONG_STATE);
  EXPECT_EQ(api().remove(host(), text_of("run"), &error), SIM_WRONG_STATE);
  EXPECT_STREQ(error.code, "not_found");
}

TEST_F(RecordingsTest, OfOthersAreNotThere) {
  const auto id = foreign();
  EXPECT_EQ(find(id), SIM_WRONG_STATE);
  EXPECT_EQ(find("", "other"), SIM_WRONG_STATE);
  EXPECT_EQ(stop(id), SIM_WRONG_STATE);
  EXPECT_EQ(api().remove(host(), text_of(id), &error), SIM_WRONG_STATE);
  Table rows;
  EXPECT_EQ(read(rows, {level_id}), SIM_WRONG_STATE);
  EXPECT_EQ(rows.calls, 0u);
  EXPECT_EQ(start(registry.find("other")->handle()), SIM_WRONG_STATE);
}

TEST_F(RecordingsTest, RefuseWhatIsWrongWithItsReason) {
  const auto handle = recorded();
  EXPECT_EQ(start(handle, "{"), SIM_INVALID_ARG);
  EXPECT_STREQ(error.code, "invalid_json");
  EXPECT_EQ(start(handle, R"({"format":"xml"})"), SIM_INVALID_ARG);
  EXPECT_EQ(start(handle, R"({"fields":["nothing"]})"), SIM_INVALID_ARG);
  EXPECT_EQ(start(handle), SIM_INVALID_ARG);
  EXPECT_STREQ(error.code, "name_taken");
  EXPECT_EQ(start(handle + 1000), SIM_WRONG_STATE);
  Table rows;
  EXPECT_EQ(read(rows, {level_id, 99}), SIM_INVALID_ARG);
  EXPECT_STREQ(error.code, "unknown_variable");
  EXPECT_EQ(read(rows, {}), SIM_INVALID_ARG);
  const std::uint32_t var = level_id;
  EXPECT_EQ(api().read(host(), text_of("run"), &var, 1, 0, nullptr, nullptr, &error), SIM_INVALID_ARG);
  EXPECT_EQ(rows.calls, 0u);
  info.size = 16;
  EXPECT_EQ(find("run"), SIM_INVALID_ARG) << "no room for the answer";
  EXPECT_EQ(api().find(host(), text_of("run"), {}, nullptr), SIM_INVALID_ARG);
  EXPECT_EQ(api().stop(nullptr, text_of("run"), &info, &error), SIM_INVALID_ARG);
}

TEST_F(RecordingsTest, AreUnsupportedWhereNothingRecords) {
  const auto handle = recorded();
  services.set_recorder(nullptr);
  Table rows;
  EXPECT_EQ(start(handle), SIM_UNSUPPORTED);
  EXPECT_EQ(stop("run"), SIM_UNSUPPORTED);
  EXPECT_EQ(find("run"), SIM_UNSUPPORTED);
  EXPECT_EQ(read(rows, {level_id}), SIM_UNSUPPORTED);
  EXPECT_EQ(api().remove(host(), text_of("run"), &error), SIM_UNSUPPORTED);
  services.set_recorder(recorder.get());
}

}  // namespace
}  // namespace simhost::services
