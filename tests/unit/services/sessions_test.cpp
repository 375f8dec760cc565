// sim.sessions/1 from a plugin's side.
#include <gmock/gmock.h>

#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

using testing::HasSubstr;

class SessionsTest : public House {
 protected:
  SessionsTest() { EXPECT_TRUE(load()); }
  double read_one(std::uint64_t handle, std::uint32_t id, std::uint32_t lane = 0) {
    double value = -1;
    EXPECT_EQ(sessions().read(host(), handle, &id, 1, lane, 1, &value, nullptr, &error), SIM_OK) << error.message;
    return value;
  }
  sim_status write_one(std::uint64_t handle, std::uint32_t id, double value, std::uint32_t lane = SIM_ALL_LANES) {
    return sessions().write(host(), handle, &id, &value, 1, lane, nullptr, &error);
  }
  std::string code() const { return error.code; }
};

TEST_F(SessionsTest, AreMadeFromTheBodyOfTheApiAndOwnedByThePlugin) {
  const auto handle = make(R"({"model":"tank","name":"one","lanes":2,"start":false,"parameters":{"gain":3}})");
  EXPECT_EQ(session(handle)->owner(), "tenant");
  std::uint64_t found = 0;
  EXPECT_EQ(sessions().find(host(), {"one", 3}, &found), SIM_OK);
  EXPECT_EQ(found, handle);
  EXPECT_EQ(sessions().find(host(), {"two", 3}, &found), SIM_WRONG_STATE);
  sim_session_info info{};
  info.size = sizeof(info);
  ASSERT_EQ(sessions().info(host(), handle, &info), SIM_OK);
  EXPECT_EQ(info.state, std::uint32_t{SIM_STATE_READY});
  EXPECT_EQ(info.lanes, 2u);
  EXPECT_STREQ(info.name, "one");
  EXPECT_EQ(info.step_s, 0.001);
  EXPECT_EQ(read_one(handle, 1), 3);
  info.size = 16;
  EXPECT_EQ(sessions().info(host(), handle, &info), SIM_INVALID_ARG);
}

TEST_F(SessionsTest, RefuseBodiesWithTheCodeOfTheFault) {
  std::uint64_t handle = 0;
  const auto refuse = [&](std::string_view body) {
    return sessions().create(host(), {body.data(), body.size()}, &handle, &error);
  };
  EXPECT_EQ(refuse("{"), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "invalid_json");
  EXPECT_EQ(refuse(R"({"model":"tank","lanse":2})"), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "unknown_key");
  EXPECT_EQ(refuse(R"({"model":"nobody"})"), SIM_INVALID_ARG);
  EXPECT_EQ(refuse(R"({"model":"tank","parameters":{"gain":11}})"), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "value_out_of_range");
  make(running_tank);
  EXPECT_EQ(refuse(running_tank), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "name_taken");
  EXPECT_EQ(sessions().create(host(), {running_tank.data(), running_tank.size()}, nullptr, &error), SIM_INVALID_ARG);
}

TEST_F(SessionsTest, AreListedWhenOwnInOrderOfCreation) {
  const auto first = make(R"({"model":"tank"})"), second = make(R"({"model":"tank"})");
  auto spec = session::parse_spec(parse_json(R"({"model":"tank"})").value(), models).value();
  ASSERT_TRUE(support::await<session::SessionPointer>([&](auto done) { registry.create(spec, done); }));
  std::uint64_t handles[3] = {};
  EXPECT_EQ(sessions().list(host(), handles, 1), 2u) << "the count does not depend on the room";
  EXPECT_EQ(handles[0], first);
  EXPECT_EQ(handles[1], 0u);
  EXPECT_EQ(sessions().list(host(), handles, 3), 2u);
  EXPECT_EQ(handles[1], second);
  EXPECT_EQ(sessions().list(host(), nullptr, 0), 2u);
}

TEST_F(SessionsTest, ReadAndWriteValuesOfLanes) {
  const auto handle = make(R"({"model":"tank","lanes":3,"pace":{"mode":"manual"}})");
  EXPECT_EQ(write_one(handle, 2, 7, 1), SIM_OK) << error.message;
  const std::uint32_t vars[] = {2, 3};
  double values[6] = {};
  std::uint64_t tick = 99;
  ASSERT_EQ(sessions().read(host(), handle, vars, 2, 0, 3, values, &tick, &error), SIM_OK);
  EXPECT_THAT(values, testing::ElementsAre(1, 7, 1, 0, 0, 0));
  EXPECT_EQ(tick, 0u);
  ASSERT_TRUE(support::await<session::Nothing>([&](auto done) { registry.advance(session(handle), 1000, done); }));
  EXPECT_NEAR(read_one(handle, 3, 1), 2 * 7 * 1.0, 1e-9);
  EXPECT_EQ(write_one(handle, 5, 0), SIM_OK) << error.message;
  EXPECT_EQ(read_one(handle, 5), 0);
}

TEST_F(SessionsTest, RefuseValuesAsTheApiDoes) {
  const auto handle = make(manual_tank);
  EXPECT_EQ(write_one(handle, 2, 1000), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "value_out_of_range");
  EXPECT_EQ(write_one(handle, 3, 1), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "not_writable");
  EXPECT_EQ(write_one(handle, 77, 1), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "unknown_variable");
  EXPECT_EQ(write_one(handle, 5, 2), SIM_INVALID_ARG) << "no place in the enum";
  EXPECT_EQ(write_one(handle, 5, 0.5), SIM_INVALID_ARG);
  EXPECT_EQ(write_one(handle, 2, std::numeric_limits<double>::infinity()), SIM_INVALID_ARG);
  EXPECT_EQ(write_one(handle, 2, 1, 9), SIM_INVALID_ARG);
  const std::uint32_t twice[] = {2, 2};
  const double values[] = {1, 2};
  EXPECT_EQ(sessions().write(host(), handle, twice, values, 2, SIM_ALL_LANES, nullptr, &error), SIM_INVALID_ARG);
  double out = 0;
  const std::uint32_t id = 2;
  EXPECT_EQ(sessions().read(host(), handle, &id, 1, 1, 1, &out, nullptr, &error), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "lane_out_of_range");
  EXPECT_EQ(sessions().read(host(), handle, nullptr, 1, 0, 1, &out, nullptr, &error), SIM_INVALID_ARG);
  EXPECT_EQ(read_one(handle, 2), 1) << "nothing has changed";
}

TEST_F(SessionsTest, WriteAValueOfItsOwnToEachOfSomeLanes) {
  const auto handle = make(R"({"model":"tank","lanes":4,"pace":{"mode":"manual"}})");
  const std::uint32_t vars[] = {2, 5}, lanes[] = {1, 3};
  const double values[] = {7, 9, 0, 1};
  std::uint64_t tick = 99;
  ASSERT_EQ(sessions().write_lanes(host(), handle, vars, values, 2, lanes, 2, &tick, &error), SIM_OK) << error.message;
  EXPECT_EQ(tick, 0u);
  double all[8] = {};
  ASSERT_EQ(sessions().read(host(), handle, vars, 2, 0, 4, all, nullptr, &error), SIM_OK);
  EXPECT_EQ(all[1], 7);
  EXPECT_EQ(all[3], 9);
  EXPECT_EQ(all[0], all[2]);
  EXPECT_EQ(all[5], 0);
  EXPECT_EQ(all[7], 1);
}

TEST_F(SessionsTest, WriteToSomeLanesAllOrNothing) {
  const auto handle = make(R"({"model":"tank","lanes":4,"pace":{"mode":"manual"}})");
  const std::uint32_t var = 2, lanes[] = {1, 3}, falling[] = {3, 1}, beyond[] = {1, 4};
  const double values[] = {7, 1000}, good[] = {7, 8};
  const auto write = [&](const double* of, const std::uint32_t* at, std::uint32_t n) {
    return sessions().write_lanes(host(), handle, &var, of, 1, at, n, nullptr, &error);
  };
  EXPECT_EQ(write(values, lanes, 2), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "value_out_of_range");
  EXPECT_EQ(read_one(handle, 2, 1), 1) << "nothing has changed";
  EXPECT_EQ(write(good, falling, 2), SIM_INVALID_ARG);
  EXPECT_EQ(write(good, beyond, 2), SIM_INVALID_ARG);
  EXPECT_EQ(write(good, lanes, 0), SIM_INVALID_ARG);
  EXPECT_EQ(write(good, nullptr, 2), SIM_INVALID_ARG);
  EXPECT_EQ(write(nullptr, lanes, 2), SIM_INVALID_ARG);
  const double infinite[] = {1, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(write(infinite, lanes, 2), SIM_INVALID_ARG);
  EXPECT_EQ(sessions().write_lanes(host(), handle + 100, &var, good, 1, lanes, 2, nullptr, &error), SIM_WRONG_STATE);
}

TEST_F(SessionsTest, RunCommandsWithTheirResults) {
  const auto handle = make(manual_tank);
  double amount = 5, after = 0;
  std::uint64_t tick = 99;
  ASSERT_EQ(sessions().command(host(), handle, "pour", 0, &amount, &after, &tick, &error), SIM_OK) << error.message;
  EXPECT_EQ(after, 5);
  EXPECT_EQ(tick, 0u);
  amount = 1000;
  EXPECT_EQ(sessions().command(host(), handle, "pour", 0, &amount, &after, nullptr, &error), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "value_out_of_range");
  EXPECT_EQ(sessions().command(host(), handle, "drink", 0, &amount, &after, nullptr, &error), SIM_INVALID_ARG);
  EXPECT_EQ(sessions().command(host(), handle, "pour", 0, nullptr, &after, nullptr, &error), SIM_INVALID_ARG);
  amount = 13;
  EXPECT_EQ(sessions().command(host(), handle, "pour", 0, &amount, &after, nullptr, &error), SIM_WRONG_STATE)
      << "the model refuses 13";
}

TEST_F(SessionsTest, AreSteeredAndDeleted) {
  const auto handle = make(running_tank);
  EXPECT_EQ(sessions().control(host(), handle, SIM_PAUSE, &error), SIM_OK);
  EXPECT_EQ(session(handle)->state(), session::State::paused);
  EXPECT_EQ(sessions().control(host(), handle, SIM_PAUSE, &error), SIM_WRONG_STATE);
  EXPECT_EQ(sessions().control(host(), handle, SIM_RESUME, &error), SIM_OK);
  EXPECT_EQ(sessions().control(host(), handle, SIM_STOP, &error), SIM_OK);
  EXPECT_EQ(sessions().control(host(), handle, SIM_RESET, &error), SIM_OK);
  EXPECT_EQ(sessions().control(host(), handle, 9, &error), SIM_INVALID_ARG);
  EXPECT_EQ(sessions().control(host(), handle, SIM_DELETE, &error), SIM_OK);
  EXPECT_EQ(sessions().control(host(), handle, SIM_DELETE, &error), SIM_WRONG_STATE) << "a dead handle";
  const std::uint32_t id = 2;
  double value = 0;
  EXPECT_EQ(sessions().read(host(), handle, &id, 1, 0, 1, &value, nullptr, &error), SIM_WRONG_STATE);
  EXPECT_EQ(sessions().write(host(), handle, &id, &value, 1, 0, nullptr, &error), SIM_WRONG_STATE);
  sim_session_info info{};
  info.size = sizeof(info);
  EXPECT_EQ(sessions().info(host(), handle, &info), SIM_WRONG_STATE);
}

TEST_F(SessionsTest, LoseTheirAttachmentsWithThemselves) {
  const auto handle = make(running_tank);
  EXPECT_EQ(attach("profile", "slow", handle), SIM_OK);
  EXPECT_EQ(attach("profile", "mine"), SIM_OK);
  EXPECT_EQ(attachment("profile", handle), "slow");
  EXPECT_EQ(attachment("other", handle), "");
  EXPECT_EQ(attach("", "x", handle), SIM_INVALID_ARG);
  EXPECT_EQ(attach(nullptr, "x", handle), SIM_INVALID_ARG);
  EXPECT_EQ(attach("big", std::string(5000, 'x'), handle), SIM_INVALID_ARG);
  EXPECT_EQ(code(), "limit_reached");
  const auto before = services.books_of("tenant")->attachments.bytes();
  ASSERT_EQ(sessions().control(host(), handle, SIM_DELETE, &error), SIM_OK);
  EXPECT_LT(services.books_of("tenant")->attachments.bytes(), before);
  EXPECT_EQ(attach("profile", "slow", handle), SIM_WRONG_STATE);
  EXPECT_EQ(attachment("profile"), "mine");
}

}  // namespace
}  // namespace simhost::services
