// Opened libraries: their entry, their unloading, and the host they leave as they found it.
#include <host/plugin/library.hpp>

#include <gmock/gmock.h>
#include <xmmintrin.h>

#include <csignal>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

using testing::HasSubstr;

const sim_host lonely_host{
    sizeof(sim_host), 0, "test", "1", nullptr, [](const sim_host*, const char*) -> const void* { return nullptr; }};

TEST(LibraryTest, LeavesTheProcessEachOfFiftyTimes) {
  const auto path = zoo("zoo_good");
  for (int round = 0; round < 50; ++round) {
    auto library = Library::open(path);
    ASSERT_TRUE(library) << library.error().detail;
    ASSERT_TRUE(library->init(lonely_host));
    ASSERT_NE(library->factory(SIM_MODEL_FACTORY), nullptr);
    ASSERT_EQ(library->factory("sim.model/1 "), nullptr);
    ASSERT_TRUE(is_mapped(path));
    library->deinit();
    ASSERT_EQ(library->close(), Unload::gone) << "round " << round;
    ASSERT_FALSE(is_mapped(path));
  }
}

TEST(LibraryTest, RestoresTheFloatingPointModeAndRefuses) {
  const unsigned before = _mm_getcsr() & ~0x3fu;
  for (const char* name : {"zoo_sets_mxcsr", "zoo_fast_math"}) {
    const auto library = Library::open(zoo(name));
    ASSERT_FALSE(library) << name;
    EXPECT_EQ(library.error().code, "plugin_bad_symbols");
    EXPECT_THAT(library.error().detail, HasSubstr("floating-point mode"));
    EXPECT_EQ(_mm_getcsr() & ~0x3fu, before);
    EXPECT_FALSE(is_mapped(zoo(name)));
  }
}

TEST(LibraryTest, RestoresSignalHandlersAndRefuses) {
  const auto library = Library::open(zoo("zoo_sets_signal"));
  ASSERT_FALSE(library);
  EXPECT_THAT(library.error().detail, HasSubstr("signal handlers"));
  struct sigaction now {};
  ASSERT_EQ(::sigaction(SIGUSR2, nullptr, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

TEST(LibraryTest, TellsWhatInitSaid) {
  auto library = Library::open(zoo("zoo_init_fails"));
  ASSERT_TRUE(library);
  const auto outcome = library->init(lonely_host);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "plugin_init_failed");
  EXPECT_THAT(outcome.error().detail, HasSubstr("no_device"));
  EXPECT_THAT(outcome.error().detail, HasSubstr("there is no device at port 7"));
  EXPECT_EQ(library->close(), Unload::gone);
}

TEST(LibraryTest, CatchesWhatInitThrows) {
  auto library = Library::open(zoo("zoo_throws"));
  ASSERT_TRUE(library) << library.error().detail;
  const auto outcome = library->init(lonely_host);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "plugin_init_failed");
  EXPECT_THAT(outcome.error().detail, HasSubstr("thrown by init"));
  EXPECT_EQ(library->close(), Unload::gone);
}

TEST(LibraryTest, RefusesALibraryWithoutAnEntryTable) {
  EXPECT_EQ(Library::open(zoo("zoo_no_entry")).error().code, "plugin_bad_symbols");
  EXPECT_EQ(Library::open(zoo("zoo_null_entry")).error().code, "plugin_abi_mismatch");
  EXPECT_FALSE(is_mapped(zoo("zoo_null_entry")));
}

TEST(LibraryTest, PassesOnWhatTheLinkerSays) {
  const Folder folder;
  const auto library = Library::open(folder.write("text.so", "no library at all"));
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().code, "plugin_not_loadable");
  EXPECT_THAT(library.error().detail, HasSubstr("text.so"));
}

TEST(LibraryTest, KnowsAZombie) {
  const Folder folder;
  const auto path = folder.write("pinned.so", bytes_of(zoo("zoo_pinned")));
  auto library = Library::open(path);
  ASSERT_TRUE(library);
  const sim_host host = lonely_host;
  ASSERT_TRUE(library->init(host));
  EXPECT_EQ(library->close(), Unload::zombie);
}

}  // namespace
}  // namespace simhost::plugin
