// Long work: waits, runs, ends, is cancelled, is bounded, and is interrupted by the end of the process.
#include <future>

#include <gtest/gtest.h>

#include <host/jobs/jobs.hpp>

namespace simhost::jobs {
namespace {

struct Gate {
  std::promise<void> open;
  std::shared_future<void> opened{open.get_future()};
};

class LongWork : public ::testing::Test {
 protected:
  // Waits for an end, at most 5 s.
  static Info ended(const JobPointer& job) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (is_open(job->info().state) && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return job->info();
  }
  // A job that runs until the gate opens or it is cancelled.
  static Jobs::Work waits_for(Gate& gate) {
    return [opened = gate.opened](Job& job) -> Result<Value> {
      while (opened.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
        if (job.cancel_asked()) return fail("cancelled", "half-way");
      return Value("through");
    };
  }

  std::unique_ptr<store::Store> store_ = store::make_memory_store();
};

TEST_F(LongWork, IsDoneWithItsResult) {
  Jobs jobs(system_clock(), *store_);
  const auto job = jobs.run("join", [](Job& own) -> Result<Value> {
    own.report(0.5, "half of it");
    EXPECT_EQ(own.info().state, State::running);
    EXPECT_EQ(own.info().progress, 0.5);
    return Value(7);
  });
  ASSERT_TRUE(job);
  const Info info = ended(*job);
  EXPECT_EQ(info.state, State::done);
  EXPECT_EQ(info.progress, 1);
  EXPECT_EQ(info.message, "half of it");
  EXPECT_EQ(info.result, Value(7));
  EXPECT_EQ(jobs.find((*job)->id()), *job);
  EXPECT_EQ(jobs.find("none"), nullptr);
}

TEST_F(LongWork, FailsWithItsErrorAlsoWhenItThrows) {
  Jobs jobs(system_clock(), *store_);
  const auto fails = jobs.run("a", [](Job&) -> Result<Value> { return fail("disk_full", "no room"); });
  const auto throws = jobs.run("b", [](Job&) -> Result<Value> { throw std::runtime_error("broken"); });
  EXPECT_EQ(ended(*fails).state, State::failed);
  EXPECT_EQ((*fails)->info().error->code, "disk_full");
  EXPECT_EQ(ended(*throws).error->code, "internal");
}

TEST_F(LongWork, IsCancelledWhileItWaitsAndWhileItRuns) {
  Gate gate;
  Jobs jobs(system_clock(), *store_, {.threads = 1});
  const auto runs = jobs.run("runs", waits_for(gate));
  const auto waits = jobs.run("waits", waits_for(gate));
  EXPECT_TRUE(jobs.cancel(*waits));
  EXPECT_EQ((*waits)->info().state, State::cancelled);
  EXPECT_TRUE(jobs.cancel(*runs));
  EXPECT_EQ(ended(*runs).state, State::cancelled);
  EXPECT_EQ(jobs.cancel(*runs).error().code, "wrong_state");
}

TEST_F(LongWork, ThatCannotStopHalfWayGoesOn) {
  Jobs jobs(system_clock(), *store_);
  const auto job = jobs.begin("reload", Cancelling::impossible);
  EXPECT_EQ(jobs.cancel(*job).error().code, "wrong_state");
  jobs.finish(*job, Value("good"));
  jobs.finish(*job, fail("internal", "the first end counts"));
  EXPECT_EQ((*job)->info().state, State::done);
  EXPECT_FALSE((*job)->info().error);
}

TEST_F(LongWork, IsBoundedInOpenAndKeptJobs) {
  Jobs jobs(system_clock(), *store_, {.threads = 0, .open_max = 2, .kept_max = 4});
  for (int i = 0; i < 10; ++i) jobs.finish(*jobs.begin("short", Cancelling::possible), Value());
  EXPECT_EQ(jobs.list().size(), 4U);
  EXPECT_EQ(store_->load("job")->size(), 4U);
  EXPECT_TRUE(jobs.begin("a", Cancelling::possible));
  EXPECT_TRUE(jobs.begin("b", Cancelling::possible));
  EXPECT_EQ(jobs.begin("c", Cancelling::possible).error().code, "limit_reached");
}

TEST_F(LongWork, IsInterruptedAndNotCancelledByAnOrderlyEnd) {
  Gate gate;
  Jobs jobs(system_clock(), *store_);
  const auto runs = jobs.run("runs", waits_for(gate));
  const auto elsewhere = jobs.begin("elsewhere", Cancelling::possible);
  const auto begun = [&] { return (*runs)->info().state == State::running; };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!begun() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  jobs.stop();
  EXPECT_TRUE((*elsewhere)->cancel_asked());
  jobs.finish(*elsewhere, fail("cancelled", "it looked at cancel_asked"));
  for (const auto& job : {*runs, *elsewhere}) {
    EXPECT_EQ(job->info().state, State::failed);
    EXPECT_EQ(job->info().error->code, "interrupted");
  }
  EXPECT_EQ(jobs.begin("late", Cancelling::possible).error().code, "draining");
}

TEST_F(LongWork, IsInterruptedByTheEndOfTheProcess) {
  std::string done, waiting, running;
  {
    Jobs jobs(system_clock(), *store_, {.threads = 0});
    const auto first = jobs.begin("x", Cancelling::possible);
    done = (*first)->id();
    jobs.finish(*first, Value::object({{"parts", 3}}));
    running = (*jobs.begin("y", Cancelling::possible))->id();
    waiting = (*jobs.run("z", [](Job&) -> Result<Value> { return Value(); }))->id();
  }
  Jobs jobs(system_clock(), *store_);
  ASSERT_EQ(jobs.list().size(), 3U);
  EXPECT_EQ(jobs.find(done)->info().state, State::done);
  EXPECT_EQ(*jobs.find(done)->info().result.find("parts"), Value(3));
  for (const auto& id : {waiting, running}) {
    const Info info = jobs.find(id)->info();
    EXPECT_EQ(info.state, State::failed);
    EXPECT_EQ(info.error->code, "interrupted");
  }
  const Value shown = show(jobs.find(running)->info());
  EXPECT_EQ(shown.find("state")->string(), "failed");
  EXPECT_EQ(shown.find("kind")->string(), "y");
}

}  // namespace
}  // namespace simhost::jobs
