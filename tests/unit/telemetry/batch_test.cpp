// What lies between two flushes.
#include <host/telemetry/batch.hpp>

#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <tests/unit/telemetry/frames.hpp>

namespace simhost::telemetry {
namespace {

Schema plain_schema() { return {{{1, SIM_REAL, "a", "", {}}, {2, SIM_REAL, "b", "", {}}}, 1, 0.001}; }

Value flushed(Batch& batch) {
  const auto message = batch.flush(plain_schema(), Format::json);
  return parse_json(head_of(*message, 1, message->lost) + message->body).value();
}

TEST(Batch, KeepsSmallestLargestAndLastOfTheTicksSinceTheFlushBefore) {
  Batch batch(Mode::minmax, 2);
  const double rows[][2] = {{1, 5}, {3, -2}, {2, 0}};
  for (std::uint64_t k = 0; k < 3; ++k) batch.add({k, static_cast<double>(k), 0, rows[k]});
  EXPECT_EQ(to_json(flushed(batch)),
            R"({"op":"data","id":1,"tick":2,"time_s":2.0,"values":{"a":{"min":[1.0],"max":[3.0],"last":[2.0]},)"
            R"("b":{"min":[-2.0],"max":[5.0],"last":[0.0]}}})");
  const double next[] = {9, 9};
  batch.add({3, 3, 0, next});
  EXPECT_EQ(to_json(*flushed(batch).find("values")->find("a")), R"({"min":[9.0],"max":[9.0],"last":[9.0]})");
}

TEST(Batch, TakesOnlyTicksWithoutAHoleIntoOneMessageOfModeAll) {
  Batch all(Mode::all, 2), spread(Mode::minmax, 2);
  const double row[] = {1, 2};
  for (Batch* batch : {&all, &spread}) {
    EXPECT_TRUE(batch->takes({5, 0, 3, row}));
    batch->add({5, 0, 0, row});
  }
  EXPECT_TRUE(all.takes({6, 0, 0, row}));
  EXPECT_FALSE(all.takes({7, 0, 0, row}));
  EXPECT_FALSE(all.takes({6, 0, 1, row}));
  EXPECT_FALSE(all.takes({0, 0, 0, row}));
  EXPECT_TRUE(spread.takes({7, 0, 1, row}));
}

TEST(Batch, TellsWhatWasLostOnce) {
  Batch batch(Mode::all, 2);
  const double row[] = {1, 2};
  batch.add({10, 0, 4, row});
  EXPECT_EQ(flushed(batch).find("gap")->integer(), 4);
  batch.add({11, 0, 0, row});
  EXPECT_EQ(flushed(batch).find("gap"), nullptr);
}

TEST(Batch, IsFullBeforeAMessageGrowsTooLarge) {
  Batch batch(Mode::all, 1000);
  const std::vector<double> row(1000, 1.0);
  std::uint64_t tick = 0;
  while (!batch.full()) batch.add({tick++, 0, 0, row.data()});
  EXPECT_EQ(tick, Batch::values_max / 1000 + 1);
}

}  // namespace
}  // namespace simhost::telemetry
