// Swapping groups of routes under readers.
#include <api/http/router.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using testing::route;

TEST(Router, ReplacesAGroupAsAWhole) {
  Router router;
  ASSERT_TRUE(router.put("v1", {route("GET", "/v1/a")}));
  ASSERT_TRUE(router.put("plugin", {route("GET", "/p/a"), route("GET", "/p/b")}));
  ASSERT_TRUE(router.put("plugin", {route("GET", "/p/c")}));
  const auto table = router.table();
  EXPECT_NE(table->match(Kind::request, "GET", "/v1/a").route, nullptr);
  EXPECT_NE(table->match(Kind::request, "GET", "/p/c").route, nullptr);
  EXPECT_EQ(table->match(Kind::request, "GET", "/p/a").route, nullptr);
  router.remove("plugin");
  EXPECT_EQ(router.table()->match(Kind::request, "GET", "/p/c").route, nullptr);
  EXPECT_EQ(router.table()->routes().size(), 1U);
}

TEST(Router, KeepsItsTableWhenAGroupIsFaulty) {
  Router router;
  ASSERT_TRUE(router.put("v1", {route("GET", "/v1/a")}));
  const auto before = router.table();
  EXPECT_FALSE(router.put("other", {route("GET", "/v1/a")}));
  EXPECT_FALSE(router.put("v1", {route("GET", "bad")}));
  EXPECT_EQ(router.table(), before);
  EXPECT_TRUE(router.put("other", {route("GET", "/v1/b")}));
}

TEST(Router, KeepsAHandlerAliveForThoseWhoHoldItsTable) {
  Router router;
  auto alive = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = alive;
  ASSERT_TRUE(router.put("p", {route("GET", "/p", [alive](const Request&, const Reply&) {})}));
  alive.reset();
  auto held = router.table();
  router.remove("p");
  EXPECT_FALSE(watched.expired());
  held.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(Router, IsReadWhileItChanges) {
  Router router;
  ASSERT_TRUE(router.put("v1", {route("GET", "/v1/a")}));
  std::atomic<bool> ends{false};
  std::thread reader([&] {
    while (!ends.load()) EXPECT_NE(router.table()->match(Kind::request, "GET", "/v1/a").route, nullptr);
  });
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(router.put("p", {route("GET", "/p/" + std::to_string(i))}));
  ends.store(true);
  reader.join();
}

}  // namespace
}  // namespace simhost::http
