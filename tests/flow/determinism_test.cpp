// Same seed, same bytes: whatever the threads, the pace, the packing and the readers.
#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

struct Case {
  const char* name;
  int threads;
  const char* pace;
  bool tapped;
};

std::string digest_of(const Case& c) {
  Rig rig(100, 200'000,
          {.threads = c.threads, .spin_tail_ns = 0, .scheduling = {}, .catch_up_max = 10, .clock = nullptr});
  const auto s = rig.create(std::string(R"({"model":"counter","lanes":20000,"seed":11,"stop_at_s":0.05,"start":false,
    "parameters":{"gain":1.3},"pace":{"mode":")") +
                            c.pace + R"("}})")
                     .value();
  if (c.tapped) {
    auto tap = std::make_shared<engine::Tap>(engine::Wanted{{support::sum_id, support::seen_id}, {{0, 20'000}}, 1, 4});
    EXPECT_TRUE(support::await<Nothing>([&](auto done) { rig.registry->set_tap(s, tap, done); }));
  }
  EXPECT_TRUE(rig.write(s, R"({"values":{"rate":7},"lanes":[3,19999],"at_tick":20})"));
  if (std::string_view(c.pace) == "manual") {
    EXPECT_TRUE(rig.advance(s, 50));
  } else {
    EXPECT_TRUE(rig.control(s, Action::resume));
    EXPECT_TRUE(Rig::until([&] { return s->state() == State::stopped; })) << c.name;
  }
  EXPECT_EQ(s->tick(), 50U) << c.name;
  return rig.checkpoint(s)->get()->digest;
}

TEST(Determinism, HoldsForAnyThreadsPaceAndReaders) {
  const auto expected = digest_of({"manual", 1, "manual", false});
  for (const Case& c :
       {Case{"serial", 1, "realtime", false}, Case{"parallel", 2, "realtime", false}, Case{"four", 4, "realtime", true},
        Case{"free", 2, "free", true}, Case{"tapped", 1, "realtime", true}})
    EXPECT_EQ(digest_of(c), expected) << c.name;
}

}  // namespace
}  // namespace simhost::session
