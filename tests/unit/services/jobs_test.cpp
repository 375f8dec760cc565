// sim.jobs/1: posted and delayed work, in line with the routes of its plugin.
#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

class JobsTest : public House {};

struct Tally {
  std::atomic<int> runs{0}, inside{0}, most{0};
  static void run(const sim_host*, void* context) {
    auto& tally = *static_cast<Tally*>(context);
    tally.most = std::max(tally.most.load(), ++tally.inside);
    ++tally.runs;
    --tally.inside;
  }
};

TEST_F(JobsTest, OfInitRunOnceThePluginIsInService) {
  ASSERT_TRUE(load());
  EXPECT_TRUE(until([&] { return attachment("job_of_init") == "ran in 1.0.0"; }));
}

TEST_F(JobsTest, RunOneByOne) {
  ASSERT_TRUE(load());
  Tally tally;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(table<sim_jobs>(SIM_JOBS).post(host(), &Tally::run, &tally), SIM_OK);
  EXPECT_TRUE(until([&] { return tally.runs == 100; }));
  EXPECT_EQ(tally.most, 1);
}

TEST_F(JobsTest, AreDelayedByAtLeastTheirDelay) {
  ASSERT_TRUE(load());
  Tally tally;
  const auto begin = monotonic_now_ns();
  ASSERT_EQ(table<sim_jobs>(SIM_JOBS).post_after(host(), 30'000'000, &Tally::run, &tally), SIM_OK);
  EXPECT_TRUE(until([&] { return tally.runs == 1; }));
  EXPECT_GE(monotonic_now_ns() - begin, 30'000'000);
  EXPECT_EQ(table<sim_jobs>(SIM_JOBS).post_after(host(), -1, &Tally::run, &tally), SIM_INVALID_ARG);
  EXPECT_EQ(table<sim_jobs>(SIM_JOBS).post(host(), nullptr, &tally), SIM_INVALID_ARG);
}

TEST_F(JobsTest, AreBounded) {
  ASSERT_TRUE(load());
  Tally tally;
  ASSERT_TRUE(until([&] { return attachment("job_of_init") != ""; }));
  const auto& jobs = table<sim_jobs>(SIM_JOBS);
  std::size_t taken = 0;
  while (taken < 2 * limits::delayed_jobs && jobs.post_after(host(), 3'600'000'000'000, &Tally::run, &tally) == SIM_OK)
    ++taken;
  EXPECT_LE(taken, limits::delayed_jobs);
  EXPECT_GE(taken, limits::delayed_jobs - 1);
  EXPECT_EQ(jobs.post(host(), &Tally::run, &tally), SIM_BUSY);
}

TEST_F(JobsTest, DieWithTheirGeneration) {
  ASSERT_TRUE(load());
  Tally tally;
  ASSERT_EQ(table<sim_jobs>(SIM_JOBS).post_after(host(), 50'000'000, &Tally::run, &tally), SIM_OK);
  const auto report = reload("next.so");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->old, plugin::Retired::gone) << "a job that waits does not keep the library";
  std::atomic<bool> rung{false};
  services.alarm().set(monotonic_now_ns() + 100'000'000, [&] { rung = true; });
  ASSERT_TRUE(until([&] { return rung.load(); }));
  EXPECT_EQ(tally.runs, 0);
}

TEST_F(JobsTest, SpreadPiecesOverThreadsAndReturnWhenAllAreDone) {
  ASSERT_TRUE(load());
  std::vector<std::uint64_t> squares(1000);
  const auto square = [](void* context, std::uint64_t i) {
    (*static_cast<std::vector<std::uint64_t>*>(context))[i] = i * i;
  };
  ASSERT_EQ(table<sim_jobs>(SIM_JOBS).parallel(host(), squares.size(), square, &squares), SIM_OK);
  for (std::uint64_t i = 0; i < squares.size(); ++i) ASSERT_EQ(squares[i], i * i);
  EXPECT_EQ(table<sim_jobs>(SIM_JOBS).parallel(host(), 1, nullptr, nullptr), SIM_INVALID_ARG);
}

}  // namespace
}  // namespace simhost::services
