// Workers: order within a lane, fairness between lanes, deadlines, threads that are given up.
#include <host/services/workers.hpp>

#include <algorithm>
#include <atomic>
#include <future>

#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>

namespace simhost::services {
namespace {

constexpr std::int64_t ms = 1'000'000;

class WorkersTest : public testing::Test {
 protected:
  ~WorkersTest() override { gate.set_value(); }

  Task task(std::function<void()> run, std::int64_t deadline_ms = 10'000, Order order = Order::serial) {
    Task made;
    made.run = std::move(run);
    made.drop = [this](const Error& error) { note("drop " + error.code); };
    made.overdue = [this](const Error& error) { note("overdue " + error.code); };
    made.deadline_ns = monotonic_now_ns() + deadline_ms * ms;
    made.order = order;
    return made;
  }
  void note(std::string word) {
    const std::lock_guard lock(mutex);
    words.push_back(std::move(word));
  }
  std::size_t count(const std::string& word) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::ranges::count(words, word));
  }
  LanePointer open_lane(const std::string& plugin) {
    auto lane = Workers::make_lane(plugin);
    workers.open(lane);
    return lane;
  }
  template <class F>
  static bool until(F&& f) {
    return session::Rig::until(std::forward<F>(f));
  }

  std::mutex mutex;
  std::vector<std::string> words;
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  Alarm alarm;
  Workers workers{{.threads = 3, .replaced_max = 3, .queue_max = 8}, alarm};
};

TEST_F(WorkersTest, RunSerialTasksOfALaneOneByOneInOrder) {
  const auto lane = open_lane("a");
  std::atomic<int> inside{0}, most{0};
  std::vector<int> order;
  for (int i = 0; i < 8; ++i)
    ASSERT_TRUE(workers.submit(lane, task([&, i] {
                                 most = std::max(most.load(), ++inside);
                                 order.push_back(i);
                                 --inside;
                                 if (i == 7) note("done");
                               })));
  ASSERT_TRUE(until([&] { return count("done") == 1; }));
  EXPECT_EQ(most, 1);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(WorkersTest, RunNothingOfALaneThatIsNotOpenYet) {
  const auto lane = Workers::make_lane("a");
  ASSERT_TRUE(workers.submit(lane, task([&] { note("early"); })));
  const auto other = open_lane("b");
  ASSERT_TRUE(workers.submit(other, task([&] { note("other"); })));
  ASSERT_TRUE(until([&] { return count("other") == 1; }));
  EXPECT_EQ(count("early"), 0u);
  workers.open(lane);
  EXPECT_TRUE(until([&] { return count("early") == 1; }));
}

TEST_F(WorkersTest, KeepOneThreadFromEveryPlugin) {
  const auto greedy = open_lane("greedy"), modest = open_lane("modest");
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(workers.submit(greedy, task(
                                           [&] {
                                             note("in");
                                             opened.wait();
                                           },
                                           10'000, Order::concurrent)));
  ASSERT_TRUE(until([&] { return count("in") == 2; }));
  ASSERT_TRUE(workers.submit(modest, task([&] { note("served"); })));
  EXPECT_TRUE(until([&] { return count("served") == 1; }));
  EXPECT_EQ(count("in"), 2u);
}

TEST_F(WorkersTest, ReplaceAThreadWhoseTaskIsOverdueAndGoOn) {
  const auto lane = open_lane("a");
  ASSERT_TRUE(workers.submit(lane, task([&] { opened.wait(); }, 20)));
  ASSERT_TRUE(until([&] { return count("overdue plugin_timeout") == 1; }));
  EXPECT_EQ(workers.overdue(lane), 1u);
  EXPECT_EQ(workers.counts().threads, 4u);
  ASSERT_TRUE(workers.submit(lane, task([&] { note("next"); })));
  EXPECT_TRUE(until([&] { return count("next") == 1; }));
}

TEST_F(WorkersTest, DropATaskThatDidNotBeginByItsDeadline) {
  const auto lane = open_lane("a");
  ASSERT_TRUE(workers.submit(lane, task([&] { opened.wait(); })));
  ASSERT_TRUE(workers.submit(lane, task([&] { note("too late"); }, 20)));
  EXPECT_TRUE(until([&] { return count("drop plugin_timeout") == 1; }));
  EXPECT_EQ(count("too late"), 0u);
}

TEST_F(WorkersTest, RefuseAPluginThatHasUsedUpItsThreads) {
  const auto stuck = open_lane("stuck"), other = open_lane("other");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(workers.submit(stuck, task([&] { opened.wait(); }, 20)));
    ASSERT_TRUE(until([&] { return workers.overdue(stuck) == static_cast<std::size_t>(i) + 1; }));
  }
  const auto refused = workers.submit(stuck, task([&] { note("never"); }));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "plugin_stuck");
  EXPECT_GT(refused.error().retry_after_s, 0);
  ASSERT_TRUE(workers.submit(other, task([&] { note("served"); })));
  EXPECT_TRUE(until([&] { return count("served") == 1; }));
}

TEST_F(WorkersTest, TakeAThreadBackWhenItsTaskEndsAfterAll) {
  const auto lane = open_lane("a");
  ASSERT_TRUE(workers.submit(lane, task([&] { opened.wait(); }, 20)));
  ASSERT_TRUE(until([&] { return workers.overdue(lane) == 1; }));
  gate.set_value();
  EXPECT_TRUE(until([&] { return workers.overdue(lane) == 0 && workers.counts().threads == 3; }));
  gate = std::promise<void>();
}

TEST_F(WorkersTest, RefuseMoreThanTheQueueHolds) {
  const auto lane = open_lane("a");
  ASSERT_TRUE(workers.submit(lane, task([&] {
                               note("in");
                               opened.wait();
                             })));
  ASSERT_TRUE(until([&] { return count("in") == 1; }));
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(workers.submit(lane, task([] {})));
  const auto refused = workers.submit(lane, task([] {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "overloaded");
}

TEST_F(WorkersTest, CloseALaneByDroppingWhatWaits) {
  const auto lane = open_lane("a");
  ASSERT_TRUE(workers.submit(lane, task([&] {
                               note("in");
                               opened.wait();
                             })));
  ASSERT_TRUE(until([&] { return count("in") == 1; }));
  auto held = std::make_shared<int>(1);
  ASSERT_TRUE(workers.submit(lane, task([held] {})));
  workers.close(lane);
  EXPECT_EQ(count("drop draining"), 1u);
  EXPECT_EQ(held.use_count(), 1) << "a task that is dropped lets go of what it holds";
  EXPECT_EQ(workers.submit(lane, task([] {})).error().code, "draining");
  gate.set_value();
  EXPECT_TRUE(workers.wait_idle(lane));
  gate = std::promise<void>();
}

}  // namespace
}  // namespace simhost::services
