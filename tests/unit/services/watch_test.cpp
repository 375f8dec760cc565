// sim_sessions.watch: a plugin sees every tick of its session.
#include <gmock/gmock.h>

#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

// What a watcher was shown.
struct Seen {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::uint64_t> ticks;
  std::vector<double> levels;
  std::uint64_t lost = 0;
  int ends = 0;

  static void see(void* context, const sim_view* now, std::uint64_t lost) {
    auto& seen = *static_cast<Seen*>(context);
    const std::lock_guard lock(seen.mutex);
    if (now == nullptr) {
      ++seen.ends;
    } else {
      seen.ticks.push_back(now->tick);
      seen.levels.push_back(now->value[0][0]);
      seen.lost += lost;
    }
    seen.changed.notify_all();
  }
  template <class Is>
  bool wait(Is is) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return is(*this); });
  }
};

class WatchTest : public House {
 protected:
  WatchTest() { EXPECT_TRUE(load()); }
  sim_status watch(std::uint64_t handle, std::vector<std::uint32_t> vars = {3}) {
    return sessions().watch(host(), handle, vars.data(), static_cast<std::uint32_t>(vars.size()), &Seen::see, &seen,
                            &error);
  }
  void control(std::uint64_t handle, std::uint32_t action) {
    ASSERT_EQ(sessions().control(host(), handle, action, &error), SIM_OK) << error.message;
  }
  Seen seen;
};

TEST_F(WatchTest, ShowsEveryTickOfAFreeSessionFromTheFirstToTheLast) {
  const auto handle = make(R"({"model":"tank","start":false,"pace":{"mode":"free"},"stop_at_s":20})");
  ASSERT_EQ(watch(handle), SIM_OK) << error.message;
  control(handle, SIM_RESUME);
  ASSERT_TRUE(seen.wait([](const Seen& all) { return all.ends > 0; }));
  EXPECT_EQ(seen.ends, 1);
  EXPECT_EQ(seen.lost, 0u);
  std::vector<std::uint64_t> ticks = seen.ticks;
  EXPECT_TRUE(std::is_sorted(ticks.begin(), ticks.end()));
  ticks.erase(std::unique(ticks.begin(), ticks.end()), ticks.end());
  ASSERT_EQ(ticks.size(), 20'001u);
  EXPECT_EQ(ticks.front(), 0u);
}

TEST_F(WatchTest, ShowsTheEndOfASessionThatIsDeleted) {
  const auto handle = make(R"({"model":"tank"})");
  ASSERT_EQ(watch(handle), SIM_OK) << error.message;
  ASSERT_TRUE(seen.wait([](const Seen& all) { return all.ticks.size() > 5; }));
  control(handle, SIM_DELETE);
  EXPECT_TRUE(seen.wait([](const Seen& all) { return all.ends == 1; }));
}

TEST_F(WatchTest, RefusesWhatIsNotThere) {
  const auto handle = make(R"({"model":"tank"})");
  EXPECT_EQ(watch(handle, {}), SIM_INVALID_ARG);
  EXPECT_EQ(watch(handle, {77}), SIM_INVALID_ARG);
  EXPECT_STREQ(error.code, "unknown_variable");
  EXPECT_EQ(watch(handle, {3, 3}), SIM_INVALID_ARG);
  EXPECT_EQ(sessions().watch(host(), handle, nullptr, 1, nullptr, nullptr, &error), SIM_INVALID_ARG);
  EXPECT_EQ(watch(handle + 1), SIM_WRONG_STATE);
}

TEST_F(WatchTest, IsOverWithItsGeneration) {
  const auto handle = make(R"({"model":"tank"})");
  ASSERT_EQ(watch(handle), SIM_OK) << error.message;
  ASSERT_TRUE(seen.wait([](const Seen& all) { return all.ticks.size() > 5; }));
  ASSERT_TRUE(reload("next.so"));
  std::size_t after = 0;
  {
    const std::lock_guard lock(seen.mutex);
    after = seen.ticks.size();
  }
  const auto tick = session(handle)->info().tick;
  ASSERT_TRUE(until([&] { return session(handle)->info().tick > tick + 100; }));
  const std::lock_guard lock(seen.mutex);
  EXPECT_EQ(seen.ticks.size(), after);
  EXPECT_EQ(seen.ends, 0);
}

}  // namespace
}  // namespace simhost::services
