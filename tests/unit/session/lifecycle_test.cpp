// The state machine, whole.
#include <host/session/lifecycle.hpp>

#include <gtest/gtest.h>

namespace simhost::session {
namespace {

TEST(Lifecycle, AllowsExactlyTheTableOfTheApi) {
  using S = State;
  using A = Action;
  const auto to = [](S s, A a) {
    const auto got = transition(s, a);
    return got ? std::string(to_string(*got)) : got.error().code;
  };
  const std::string no = "wrong_state";
  for (const auto s : {S::ready, S::running, S::paused, S::stopped, S::failed}) {
    EXPECT_EQ(to(s, A::pause), s == S::running ? "paused" : no);
    EXPECT_EQ(to(s, A::resume), s == S::ready || s == S::paused ? "running" : no);
    EXPECT_EQ(to(s, A::stop), s == S::ready || s == S::running || s == S::paused ? "stopped" : no);
    EXPECT_EQ(to(s, A::reset), "ready");
  }
}

}  // namespace
}  // namespace simhost::session
