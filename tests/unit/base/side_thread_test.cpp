// A thread beside the others: order, bounds, what becomes of work that waits, and its looks around.
#include <host/base/side_thread.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>

namespace simhost {
namespace {

using AtEnd = SideThread::AtEnd;

// Work that has begun and holds up the thread until it is let go.
class Held {
 public:
  explicit Held(SideThread& thread) {
    EXPECT_TRUE(thread.post([this] {
      begun_.set_value();
      go_.get_future().wait();
    }));
    begun_.get_future().wait();
  }
  void let_go() { go_.set_value(); }

 private:
  std::promise<void> begun_, go_;
};

// Stops it while the work under way is held; lets that go once it is known that nothing more is taken.
void stop_while_held(SideThread& thread, Held& held) {
  auto stopping = std::async(std::launch::async, [&] { thread.stop(); });
  while (thread.post([] {})) std::this_thread::yield();
  held.let_go();
  stopping.get();
}

TEST(SideThread, DoesOneAfterTheOther) {
  SideThread thread("test");
  std::vector<int> order;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(thread.post([&, i] {
      order.push_back(i);
      if (i == 99) done.set_value();
    }));
  done.get_future().wait();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(SideThread, HasItsName) {
  SideThread thread("fifteen-letters");
  std::promise<std::string> name;
  thread.post([&] {
    char text[16];
    pthread_getname_np(pthread_self(), text, sizeof text);
    name.set_value(text);
  });
  EXPECT_EQ(name.get_future().get(), "fifteen-letters");
}

TEST(SideThread, DropsWhatWaitsAfterTheWorkUnderWay) {
  SideThread thread("test");
  Held held(thread);
  const auto alive = std::make_shared<int>(0);
  bool done = false;
  thread.post([&, alive] { done = true; });
  stop_while_held(thread, held);
  EXPECT_FALSE(done);
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(SideThread, FinishesWhatWaitsIfThatIsItsPlan) {
  SideThread thread("test", {.at_end = AtEnd::finish});
  Held held(thread);
  int done = 0;
  for (int i = 0; i < 100; ++i) thread.post([&] { ++done; });
  stop_while_held(thread, held);
  EXPECT_EQ(done, 100);
}

TEST(SideThread, RefusesWhatIsMoreThanMayWait) {
  SideThread thread("test", {.at_end = AtEnd::finish, .waiting_max = 3});
  Held held(thread);
  int done = 0;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(thread.post([&] { ++done; }), i < 3);
  held.let_go();
  thread.stop();
  EXPECT_EQ(done, 3);
}

TEST(SideThread, LooksAroundWithoutWorkOnceItHasStarted) {
  std::atomic<int> looks{0};
  std::promise<void> third;
  SideThread thread("test", {.look =
                                 [&] {
                                   if (++looks == 3) third.set_value();
                                 },
                             .period = std::chrono::milliseconds(1)});
  EXPECT_EQ(looks, 0);
  thread.start();
  thread.start();
  third.get_future().wait();
  thread.stop();
}

TEST(SideThread, LooksAroundWhenWorkIsDoneHoweverLongThePeriod) {
  bool done = false;
  std::promise<bool> looked;
  SideThread thread("test", {.look =
                                 [&, once = false]() mutable {
                                   if (done && !std::exchange(once, true)) looked.set_value(true);
                                 },
                             .period = std::chrono::hours(1)});
  thread.post([&] { done = true; });
  EXPECT_TRUE(looked.get_future().get());
}

// As those do that give work to each other: what one's last work posts is still taken by the other.
TEST(SideThread, MayPostToAnotherWhileItFinishes) {
  int done = 0;
  SideThread second("second", {.at_end = AtEnd::finish}), first("first", {.at_end = AtEnd::finish});
  for (int i = 0; i < 50; ++i) first.post([&] { EXPECT_TRUE(second.post([&] { ++done; })); });
  first.stop();
  second.stop();
  EXPECT_EQ(done, 50);
}

TEST(SideThread, TakesAndStartsNothingAfterItsEnd) {
  int looks = 0;
  SideThread thread("test", {.look = [&] { ++looks; }, .period = std::chrono::milliseconds(1)});
  thread.stop();
  thread.stop();
  thread.start();
  EXPECT_FALSE(thread.post([] { ADD_FAILURE(); }));
  EXPECT_EQ(looks, 0);
}

}  // namespace
}  // namespace simhost
