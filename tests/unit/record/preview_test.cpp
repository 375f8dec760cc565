// Buckets of a preview against a bare computation.
#include <host/record/preview.hpp>

#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <tests/unit/record/samples.hpp>

namespace simhost::record {
namespace {

struct Recorded {
  Folder folder;
  About about = sample_about();
  std::unique_ptr<Reader> reader;

  explicit Recorded(std::size_t ticks) {
    auto journal = Journal::create(folder / "0.journal", about).value();
    EXPECT_TRUE(ticks == 0 || journal.append(sample_batch(about, 0, ticks)));
    reader = Reader::open(about, {folder / "0.journal"}).value();
  }
};

TEST(Preview, HasTheSmallestTheLargestAndTheLastOfEachBucket) {
  Recorded recorded(500);  // ticks 0 to 998, 0.998 s
  PreviewRequest request;
  request.columns = {1};
  request.lane = 4;
  request.points = 9;
  const auto shown = preview(*recorded.reader, request).value();
  const auto& times = shown.find("time_s")->items();
  const auto& field = *shown.find("fields")->find("count");
  ASSERT_EQ(times.size(), 9U);
  const double width = 0.998 / 9;
  for (std::size_t bucket = 0; bucket < 9; ++bucket) {
    double low = 1e18, high = -1e18, last = 0;
    for (std::int64_t tick = 0; tick <= 998; tick += 2) {
      const auto place = std::min<std::size_t>(static_cast<std::size_t>(static_cast<double>(tick) / 1000 / width), 8);
      if (place != bucket) continue;
      last = sample_value(recorded.about.columns[1], tick, 4);
      low = std::min(low, last);
      high = std::max(high, last);
    }
    EXPECT_DOUBLE_EQ(times[bucket].number(), width * static_cast<double>(bucket));
    EXPECT_EQ(field.find("min")->items()[bucket].number(), low);
    EXPECT_EQ(field.find("max")->items()[bucket].number(), high);
    EXPECT_EQ(field.find("last")->items()[bucket].number(), last);
  }
}

TEST(Preview, LeavesOutEmptyBucketsAndShowsEveryType) {
  Recorded recorded(2);  // ticks 0 and 2
  PreviewRequest request;
  request.columns = {0, 2, 3};
  request.points = 4;
  request.from_s = 0;
  request.to_s = 0.004;
  EXPECT_EQ(to_json(preview(*recorded.reader, request).value()),
            R"({"time_s":[0.0,0.002],"fields":{"speed_rpm":{"min":[-5.0,-4.8],"max":[-5.0,-4.8],"last":[-5.0,-4.8]},)"
            R"("on":{"min":[true,false],"max":[true,false],"last":[true,false]},)"
            R"("mode":{"min":["idle","say \"no\""],"max":["idle","say \"no\""],"last":["idle","say \"no\""]}}})");
}

TEST(Preview, ShowsNullWhereNothingIsANumber) {
  Recorded recorded(100);
  PreviewRequest request;
  request.columns = {0};
  request.from_s = 0.010;  // tick 10 of lane 0: the real is no number there
  request.to_s = 0.010;
  EXPECT_EQ(to_json(preview(*recorded.reader, request).value()),
            R"({"time_s":[0.01],"fields":{"speed_rpm":{"min":[null],"max":[null],"last":[null]}}})");
}

TEST(Preview, IsEmptyWhereThereIsNothing) {
  Recorded nothing(0);
  PreviewRequest request;
  request.columns = {1};
  EXPECT_EQ(to_json(preview(*nothing.reader, request).value()),
            R"({"time_s":[],"fields":{"count":{"min":[],"max":[],"last":[]}}})");
  Recorded some(5);
  request.from_s = 5;
  request.to_s = 9;
  EXPECT_EQ(preview(*some.reader, request).value().find("time_s")->items().size(), 0U);
}

TEST(Preview, EndsWhenNobodyWaitsForIt) {
  Recorded recorded(5);
  PreviewRequest request;
  request.columns = {1};
  request.cancelled = std::make_shared<std::atomic<int>>(1);
  EXPECT_EQ(preview(*recorded.reader, request).error().code, "cancelled");
}

}  // namespace
}  // namespace simhost::record
