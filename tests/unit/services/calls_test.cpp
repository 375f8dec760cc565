// Errors between host and plugin, and what a table of a plugin's is filled with.
#include <gmock/gmock.h>

#include <host/services/answers.hpp>
#include <host/services/problems.hpp>

namespace simhost::services {
namespace {

TEST(Answers, FillAnErrorAsFarAsItsSizeGoes) {
  sim_error error{};
  error.size = sizeof(error);
  EXPECT_EQ(say(&error, Error{"inbox_full", std::string(500, 'x')}), SIM_BUSY);
  EXPECT_STREQ(error.code, "inbox_full");
  EXPECT_EQ(std::string(error.message).size(), sizeof(error.message) - 1);
  EXPECT_EQ(error.size, sizeof(error));
  sim_error small{};
  small.size = 8;
  EXPECT_EQ(say(&small, Error{"not_found", "gone"}), SIM_WRONG_STATE);
  EXPECT_EQ(small.status, SIM_WRONG_STATE);
  EXPECT_EQ(small.code[0], '\0');
  EXPECT_EQ(say(nullptr, Error{"not_found", "gone"}), SIM_WRONG_STATE);
}

TEST(Answers, TellTheFaultyFieldOfAnError) {
  sim_error error{};
  error.size = sizeof(error);
  say(&error, Error{"validation_failed", "two faults", {{"/a", "missing", "a is missing"}, {"/b", "missing", "b"}}});
  EXPECT_STREQ(error.code, "missing");
  EXPECT_STREQ(error.message, "a is missing");
}

TEST(Answers, CutTextBetweenCharacters) {
  char out[4];
  copy_text(out, "aaä");
  EXPECT_STREQ(out, "aa");
}

TEST(Problems, ReadBackWhatTheyShow) {
  Error error{"tank_full", "the tank is full", {{"/level", "value_out_of_range", "too high", 0.0, 3.0, "4"}}, 409, 7};
  const ProblemView view(error);
  const Error back = error_of(view.get());
  EXPECT_EQ(back.code, "tank_full");
  EXPECT_EQ(back.status, 409);
  EXPECT_EQ(back.retry_after_s, 7);
  ASSERT_EQ(back.errors.size(), 1u);
  EXPECT_EQ(back.errors[0].pointer, "/level");
  EXPECT_EQ(back.errors[0].max, 3.0);
  EXPECT_EQ(back.errors[0].input, "4");
}

TEST(Problems, MakeTheBestOfFaultyOnes) {
  EXPECT_EQ(error_of(nullptr).code, "plugin_error");
  sim_problem problem{sizeof(sim_problem), 200, {nullptr, 3}, {"x\xff", 2}, nullptr, 5, 0};
  const Error error = error_of(&problem);
  EXPECT_EQ(error.status, 500);
  EXPECT_EQ(error.code, "plugin_error");
  EXPECT_EQ(error.detail, "x?");
  EXPECT_TRUE(error.errors.empty());
  problem.size = 8;
  EXPECT_EQ(error_of(&problem).code, "plugin_error");
}

}  // namespace
}  // namespace simhost::services
