/// Readings, results and errors as the rig's clients read them.
#include <plugins/robot_test_rig/routes_errors.hpp>
#include <plugins/robot_test_rig/wire.hpp>

#include <gtest/gtest.h>

#include <sim/cpp/routes.hpp>

namespace robot_test_rig::test {
namespace {

constexpr std::int64_t start_ns = 1'700'000'000'000'000'000;

template <class F>
std::string json_of(F put) {
  std::string text;
  sim::Json json(text);
  put(json);
  return text;
}

TEST(RigWire, WritesReadings) {
  const auto text = [](const Reading& reading) {
    return json_of([&](sim::Json& json) { put_reading(reading, start_ns, json); });
  };
  EXPECT_EQ(text({Sensor::force, 0, 12, {}}), R"({"timestamp":1700000000.0,"sensor_type":"force","value":12.0})");
  EXPECT_EQ(text({Sensor::motor, 1.0 / 3, -7.25, {}}),
            R"({"timestamp":1700000000.333333,"sensor_type":"motor","value":-7.25})");
  EXPECT_EQ(text({Sensor::camera, 2, 128, {1003, 128, 1}}),
            R"({"timestamp":1700000002.0,"sensor_type":"camera","value":{"image_id":1003,"resolution":"640x480",)"
            R"("brightness":128,"exposure":1.0}})");
}

Finding finding(Rule rule, double actual, double before, double second_before, double exposure) {
  Finding made;
  made.rule = rule;
  made.actual = actual;
  made.before = before;
  made.second_before = second_before;
  made.exposure = exposure;
  made.message = "said";
  return made;
}

TEST(RigWire, WritesWhatItIsAbout) {
  EXPECT_EQ(json_of([](sim::Json& json) {
              put_result(finding(Rule::camera_dark, 12, 0, 0, 1.45), start_ns, Settings{}, json);
            }),
            R"({"sensor_type":"camera","status":"warning","message":"said","timestamp":1700000000.0,"details":)"
            R"({"brightness":12,"exposure":1.45,"issue":"insufficient_lighting"}})");
}

TEST(RigWire, WritesTheDetailsOfEachRule) {
  const auto details = [](const Finding& finding) {
    const std::string text = json_of([&](sim::Json& json) { put_result(finding, start_ns, Settings{}, json); });
    return text.substr(text.find("\"details\""));
  };
  EXPECT_EQ(details(finding(Rule::force_error, 95.5, 0, 0, 0)),
            R"("details":{"threshold":80.0,"actual":95.5,"severity":"critical"}})");
  EXPECT_EQ(details(finding(Rule::force_warning, 72, 0, 0, 0)),
            R"("details":{"threshold":80.0,"actual":72.0,"percentage":90.0}})");
  EXPECT_EQ(details(finding(Rule::force_spike, 10, 11, 90, 0)),
            R"("details":{"recent_values":[90.0,11.0,10.0],"spike_detected":true}})");
  EXPECT_EQ(details(finding(Rule::motor_speed, -60, 0, 0, 0)),
            R"("details":{"threshold":55.0,"actual":-60.0,"absolute":60.0}})");
  EXPECT_EQ(details(finding(Rule::camera_dark, 12, 0, 0, 1.45)),
            R"("details":{"brightness":12,"exposure":1.45,"issue":"insufficient_lighting"}})");
  EXPECT_EQ(details(finding(Rule::camera_bright, 250, 0, 0, 0.52)),
            R"("details":{"brightness":250,"exposure":0.52,"issue":"overexposure"}})");
}

/// The body and status of a problem with one faulty field.
std::pair<int, std::string> rendered(const sim_problem& problem, std::span<const sim_pair> query = {}) {
  sim_request request{};
  request.size = sizeof request;
  request.query = query.data();
  request.n_query = static_cast<std::uint32_t>(query.size());
  int status = problem.status;
  return {status, json_of([&](sim::Json& json) { render_error(request, problem, status, json); })};
}

TEST(RigErrors, AreFastApis) {
  const sim_pair query[] = {{sim::text_of("limit"), sim::text_of("0")}};
  sim_field_error low = sim::field_error("?limit", "value_out_of_range", "too low");
  low.flags = SIM_HAS_MIN | SIM_HAS_MAX;
  low.min = 1;
  low.max = 1000;
  const sim_problem problem{sizeof(sim_problem), 400, sim::text_of("validation_failed"), sim::text_of("x"), &low, 1, 0};
  EXPECT_EQ(rendered(problem, query).second,
            R"({"detail":[{"type":"greater_than_equal","loc":["query","limit"],)"
            R"("msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}}]})");
  const sim_problem state{sizeof(sim_problem),
                          400,
                          sim::text_of("wrong_state"),
                          sim::text_of("Session already in progress"),
                          nullptr,
                          0,
                          0};
  EXPECT_EQ(rendered(state).second, R"({"detail":"Session already in progress"})");
  const sim_problem unknown{sizeof(sim_problem), 404, sim::text_of("not_found"), sim::text_of("no"), nullptr, 0, 0};
  EXPECT_EQ(rendered(unknown).second, R"({"detail":"Not Found"})");
}

}  // namespace
}  // namespace robot_test_rig::test
