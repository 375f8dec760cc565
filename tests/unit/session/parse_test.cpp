// Request bodies: every fault is named, with its place.
#include <host/session/spec.hpp>

#include <algorithm>

#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <tests/support/counter_model.hpp>

namespace simhost::session {
namespace {

std::vector<std::string> faults(const Error& error) {
  std::vector<std::string> out;
  for (const auto& e : error.errors) out.push_back(e.pointer + " " + e.code);
  std::ranges::sort(out);
  return out;
}

TEST(ParseSpec, NamesEveryFaultAtOnce) {
  Models models;
  models.put(support::make_counter());
  const auto body =
      parse_json(R"({"model":"counter","lanse":2,"seed":-1,"pace":{"mode":"warp"},"inputs":{"rate":1e10,"sum":1},
                                   "parameters":{"gane":1},"stop_at_s":0.0005})");
  const auto spec = parse_spec(body.value(), models);
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().code, "validation_failed");
  EXPECT_EQ(spec.error().errors.size(), 7U);
  const auto got = faults(spec.error());
  EXPECT_TRUE(std::ranges::find(got, "/inputs/rate value_out_of_range") != got.end());
  EXPECT_TRUE(std::ranges::find(got, "/parameters/gane unknown_key") != got.end());
  EXPECT_TRUE(std::ranges::find(got, "/lanse unknown_key") != got.end());
}

TEST(ParseSpec, TakesTheDefaultsOfTheModel) {
  Models models;
  models.put(support::make_counter());
  const auto spec = parse_spec(parse_json(R"({"model":"counter"})").value(), models);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->step_ns, 1'000'000);
  EXPECT_EQ(spec->lanes, 1U);
  EXPECT_TRUE(spec->start);
}

TEST(ParseSpec, SaysWhichModelWasMeant) {
  Models models;
  models.put(support::make_counter());
  const auto spec = parse_spec(parse_json(R"({"model":"conter"})").value(), models);
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().code, "unknown_model");
  EXPECT_NE(spec.error().errors.at(0).detail.find("counter"), std::string::npos);
}

TEST(ParseSpec, RefusesAStopTimeThatNanosecondsCannotCount) {
  Models models;
  models.put(support::make_counter());
  EXPECT_TRUE(parse_spec(parse_json(R"({"model":"counter","stop_at_s":9e9})").value(), models));
  EXPECT_TRUE(parse_patch(parse_json(R"({"stop_at_s":9e9})").value(), 1));
  for (const auto* late : {"9.1e9", "1e300"}) {
    const std::string stop = R"("stop_at_s":)" + std::string(late) + "}";
    const auto spec = parse_spec(parse_json(R"({"model":"counter",)" + stop).value(), models);
    const auto patch = parse_patch(parse_json("{" + stop).value(), 1'000'000);
    ASSERT_FALSE(spec || patch) << late;
    EXPECT_EQ(faults(spec.error()), std::vector<std::string>{"/stop_at_s value_out_of_range"});
    EXPECT_EQ(faults(patch.error()), faults(spec.error()));
  }
}

TEST(ParseWrite, TakesScalarsArraysEnumsAndLanes) {
  const auto model = support::make_counter();
  const auto write =
      parse_write(parse_json(R"({"values":{"rate":[1,2],"label":"two"},"lanes":[0,4]})").value(), *model, 5);
  ASSERT_TRUE(write);
  EXPECT_EQ(write->write.lanes, (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(write->write.items[1].values[0], 2);
  for (const auto* bad : {R"({"values":{"rate":[1]},"lanes":[0,1]})", R"({"values":{"rate":1},"lanes":[1,0]})",
                          R"({"values":{"rate":1},"lanes":[5]})", R"({"values":{"label":"three"}})", R"({})",
                          R"({"values":{"rate":"1"}})", R"({"values":{"rate":1},"at_tick":-1})"})
    EXPECT_FALSE(parse_write(parse_json(bad).value(), *model, 5)) << bad;
}

TEST(ParseLanes, TakesRanges) {
  EXPECT_EQ(parse_lanes("0,4-7", 10).value(), (std::vector<std::uint32_t>{0, 4, 5, 6, 7}));
  EXPECT_TRUE(parse_lanes("all", 10)->empty());
  for (const auto* bad : {"", "10", "3-2", "4,4", "x", "-1", "1-", "1,,2"}) EXPECT_FALSE(parse_lanes(bad, 10)) << bad;
}

TEST(ParseCommand, FillsInDefaultsAndRefusesWhatIsUnknown) {
  const auto model = support::make_counter();
  const auto request = parse_command("add", Value(Object{}), *model, 2);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->args, std::vector<double>{1});
  EXPECT_EQ(request->lanes.size(), 2U);
  EXPECT_EQ(parse_command("ad", Value(Object{}), *model, 2).error().code, "not_found");
  EXPECT_FALSE(parse_command("add", parse_json(R"({"args":{"amount":"x"}})").value(), *model, 2));
}

}  // namespace
}  // namespace simhost::session
