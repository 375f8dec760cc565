// The shared part of all connections: addresses, wake-ups, the end.
#include <api/net/hub.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace simhost::net {
namespace {

class Pulled final : public Peer {
 public:
  void sweep(Instant /*now*/) override {}
  void drain(std::uint16_t /*close_code*/) override {}
  void abort() override {}
  void pull() override { ++pulls; }

  int pulls = 0;
};

TEST(Hub, LimitsTheConnectionsOfAnAddress) {
  Settings settings;
  settings.connections_per_remote = 2;
  Hub hub(settings);
  EXPECT_TRUE(hub.take_address("192.0.2.1"));
  EXPECT_TRUE(hub.take_address("192.0.2.1"));
  EXPECT_FALSE(hub.take_address("192.0.2.1"));
  EXPECT_TRUE(hub.take_address("192.0.2.2"));
  hub.release_address("192.0.2.1");
  EXPECT_TRUE(hub.take_address("192.0.2.1"));
}

TEST(Hub, PullsEachWokenPeerWithOnePost) {
  Hub hub{Settings{}};
  std::vector<std::shared_ptr<Pulled>> peers;
  for (int i = 0; i < 50; ++i) peers.push_back(std::make_shared<Pulled>());
  for (const auto& peer : peers) hub.wake(peer);
  EXPECT_EQ(hub.io.poll(), 1U);
  for (const auto& peer : peers) EXPECT_EQ(peer->pulls, 1);
  hub.io.restart();
  hub.wake(peers.front());
  EXPECT_EQ(hub.io.poll(), 1U);
  EXPECT_EQ(peers.front()->pulls, 2);
}

TEST(Hub, LosesNoWakeUpOfSeveralThreads) {
  Hub hub{Settings{}};
  constexpr int threads = 4;
  constexpr int wakes = 2000;
  const auto peer = std::make_shared<Pulled>();
  std::atomic<int> running{threads};
  std::vector<std::thread> wakers;
  for (int i = 0; i < threads; ++i) {
    wakers.emplace_back([&] {
      for (int j = 0; j < wakes; ++j) hub.wake(peer);
      --running;
    });
  }
  while (running.load() > 0) {
    hub.io.restart();
    hub.io.poll();
  }
  for (std::thread& waker : wakers) waker.join();
  hub.io.restart();
  hub.io.poll();
  EXPECT_EQ(peer->pulls, threads * wakes);
}

TEST(Hub, HoldsNothingAfterItsEnd) {
  Hub hub{Settings{}};
  auto peer = std::make_shared<Pulled>();
  const std::weak_ptr<Pulled> watched = peer;
  hub.wake(peer);
  hub.end();
  hub.wake(peer);
  EXPECT_FALSE(hub.post([] {}));
  peer.reset();
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace simhost::net
