// Sessions after the end of their process: what the store holds of them is all that the next host gets.
#include <gmock/gmock.h>

#include <host/store/store.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

using support::await;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double never_s = 1e6;

class Recover : public testing::Test {
 protected:
  std::unique_ptr<store::Store> store = store::make_memory_store();
  double every_s = never_s;
  std::unique_ptr<Rig> rig = make();

  std::unique_ptr<Rig> make() {
    RegistryOptions options{1000, 100'000};
    options.store = store.get();
    options.keep_every_s = every_s;
    return std::make_unique<Rig>(options);
  }
  // The registry goes without a word to the store: what comes back is what a kill would have left.
  std::size_t kill_and_start() {
    rig.reset();
    rig = make();
    return recover();
  }
  std::size_t recover() {
    return await<std::size_t>([&](auto done) { rig->registry->recover(done); }).value();
  }
  SessionPointer found(const std::string& key) {
    auto session = rig->registry->find(key);
    EXPECT_NE(session, nullptr) << key;
    return session;
  }
  static std::string digest(Rig& of, const SessionPointer& s) {
    const auto made = of.checkpoint(s);
    await<Nothing>([&](auto done) { of.registry->forget(s, (*made)->id, done); }).value();
    return (*made)->digest;
  }
  std::string digest(const SessionPointer& s) { return digest(*rig, s); }
  void command(Rig& of, const SessionPointer& s, const char* body) {
    const auto request = parse_command("add", parse_json(body).value(), *s->model(), s->lanes());
    ASSERT_TRUE(await<CommandResult>([&](auto done) { of.registry->command(s, *request, done); }));
  }
  // Nothing while another one runs on that lane.
  static void begin(Rig& of, const SessionPointer& s, engine::Script script) {
    const RunRequest request{"id", "name", std::make_shared<const engine::Script>(std::move(script))};
    await<session::Run>([&](auto done) { of.registry->begin_run(s, request, done); });
  }
  static void end(Rig& of, const SessionPointer& s) {
    await<std::size_t>([&](auto done) { of.registry->end_runs(s, {}, done); }).value();
  }
  // The registry looks at what is due every now and then.
  template <class F>
  void sweep_until(F&& holds) {
    EXPECT_TRUE(Rig::until([&] {
      rig->registry->sweep();
      return holds();
    }));
  }
};

TEST_F(Recover, BringsASessionBackAsItWas) {
  const auto before = rig->create(R"({"model":"counter","name":"left","lanes":3,"seed":7,"pace":{"mode":"manual"},
                                      "stop_at_s":9.0,"tags":{"bench":"a"},"parameters":{"gain":[1,2,3]}})")
                          .value();
  rig->advance(before, 10).value();
  rig->write(before, R"({"values":{"rate":[5,6]},"lanes":[0,2]})").value();
  command(*rig, before, R"({"args":{"amount":2.5},"lanes":[1]})");
  rig->advance(before, 5).value();
  rig->write(before, R"({"values":{"rate":9},"at_tick":40})").value();
  rig->advance(before, 10).value();
  const auto info = before->info();
  const auto was = digest(before);
  const auto shown = before->journal(engine::no_tick);
  EXPECT_EQ(kill_and_start(), 1U);
  const auto after = found("left");
  const auto now = after->info();
  EXPECT_EQ(now.id, info.id);
  EXPECT_EQ(now.handle, info.handle);
  EXPECT_EQ(now.created_wall_ns, info.created_wall_ns);
  EXPECT_EQ(now.state, State::running);
  EXPECT_EQ(now.tick, 25U);
  EXPECT_EQ(now.seed, 7U);
  EXPECT_EQ(now.stop_at_s, 9.0);
  EXPECT_EQ(now.tags, info.tags);
  EXPECT_EQ(digest(after), was);
  ASSERT_EQ(after->journal(engine::no_tick).size(), shown.size());
  EXPECT_EQ(after->journal(engine::no_tick)[1].detail, shown[1].detail);
  rig->advance(after, 20).value();
  EXPECT_EQ(rig->read(after, {support::rate_id})->values, (std::vector<double>{9, 9, 9}));
}

TEST_F(Recover, KeepsEachState) {
  const auto ready = rig->create(R"({"model":"counter","name":"ready","start":false})").value();
  rig->write(ready, R"({"values":{"rate":4}})").value();
  const auto paused = rig->create(R"({"model":"counter","name":"paused","step_s":0.001})").value();
  const auto stopped = rig->create(R"({"model":"counter","name":"stopped","step_s":0.001})").value();
  const auto failed = rig->create(R"({"model":"counter","name":"failed","step_s":0.001})").value();
  ASSERT_TRUE(Rig::until([&] { return paused->tick() > 20; }));
  rig->control(paused, Action::pause).value();
  rig->control(stopped, Action::stop).value();
  rig->write(failed, R"({"values":{"fault":1}})").value();
  ASSERT_TRUE(Rig::until([&] {
    rig->registry->sweep();
    return failed->info().reason.has_value();
  }));
  const auto tick = paused->tick(), stopped_tick = stopped->tick();
  const auto reason = failed->info().reason;
  const auto was = digest(paused);
  EXPECT_EQ(kill_and_start(), 4U);
  EXPECT_EQ(found("ready")->state(), State::ready);
  EXPECT_EQ(rig->read(found("ready"), {support::rate_id})->values[0], 4);
  EXPECT_EQ(found("paused")->state(), State::paused);
  EXPECT_EQ(found("paused")->tick(), tick);
  EXPECT_EQ(digest(found("paused")), was);
  EXPECT_EQ(found("stopped")->state(), State::stopped);
  EXPECT_EQ(found("stopped")->tick(), stopped_tick);
  EXPECT_EQ(found("failed")->state(), State::failed);
  EXPECT_EQ(found("failed")->info().reason->tick, reason->tick);
  rig->control(found("paused"), Action::resume).value();
  EXPECT_TRUE(Rig::until([&] { return found("paused")->tick() > tick; }));
  rig->control(found("failed"), Action::reset).value();
}

TEST_F(Recover, GoesOnWithWhatRan) {
  const auto before = rig->create(R"({"model":"counter","name":"left","step_s":0.001})").value();
  ASSERT_TRUE(Rig::until([&] { return before->tick() > 30; }));
  const auto written = rig->write(before, R"({"values":{"rate":3}})").value();
  EXPECT_EQ(kill_and_start(), 1U);
  const auto after = found("left");
  EXPECT_EQ(after->state(), State::running);
  EXPECT_GE(after->tick(), written.tick);
  EXPECT_TRUE(Rig::until([&] { return after->tick() > written.tick + 50; }));
  EXPECT_EQ(rig->read(after, {support::rate_id})->values[0], 3);
}

TEST_F(Recover, ForgetsWhatWasDeletedAndKeepsCheckpoints) {
  const auto gone = rig->create(R"({"model":"counter","name":"gone"})").value();
  const auto kept = rig->create(R"({"model":"counter","name":"kept","pace":{"mode":"manual"}})").value();
  rig->advance(kept, 10).value();
  const auto first = rig->checkpoint(kept, "first").value();
  rig->advance(kept, 10).value();
  rig->remove(gone).value();
  EXPECT_EQ(kill_and_start(), 1U);
  EXPECT_EQ(rig->registry->find("gone"), nullptr);
  const auto again = found("kept");
  ASSERT_EQ(again->checkpoints().size(), 1U);
  EXPECT_EQ(again->checkpoints()[0]->id, first->id);
  rig->restore(again, "first").value();
  EXPECT_EQ(digest(again), first->digest);
  EXPECT_EQ(kill_and_start(), 1U);  // a restore is where it goes on from
  EXPECT_EQ(found("kept")->tick(), 10U);
  EXPECT_EQ(digest(found("kept")), first->digest);
}

TEST_F(Recover, ShowsASessionWhosePluginIsMissingUntilItIsThere) {
  const auto before = rig->create(R"({"model":"counter","name":"left","pace":{"mode":"manual"}})").value();
  rig->advance(before, 12).value();
  const auto was = digest(before);
  rig.reset();
  rig = make();
  rig->models.remove("counter");
  EXPECT_EQ(recover(), 0U);
  const auto missing = found("left");
  EXPECT_EQ(missing->state(), State::failed);
  EXPECT_EQ(missing->info().reason->code, "plugin_missing");
  EXPECT_EQ(missing->tick(), 12U);
  EXPECT_EQ(rig->control(missing, Action::reset).error().code, "plugin_missing");
  EXPECT_EQ(rig->advance(missing, 1).error().code, "plugin_missing");
  EXPECT_EQ(rig->read(missing, {}).error().code, "plugin_missing");
  rig->models.put(rig->model);
  sweep_until([&] { return found("left")->state() == State::running; });
  EXPECT_EQ(digest(found("left")), was);
}

TEST_F(Recover, CanDeleteASessionWhosePluginIsMissing) {
  rig->create(R"({"model":"counter","name":"left"})").value();
  rig.reset();
  rig = make();
  rig->models.remove("counter");
  recover();
  rig->remove(found("left")).value();
  EXPECT_EQ(kill_and_start(), 0U);
  EXPECT_TRUE(store->load("session")->empty());
}

TEST_F(Recover, SaysWhichSessionCannotBeReadAndBringsTheOthers) {
  const auto bad = rig->create(R"({"model":"counter","name":"bad","pace":{"mode":"manual"}})").value();
  rig->create(R"({"model":"counter","name":"good"})").value();
  rig->checkpoint(bad, "c").value();
  rig->restore(bad, "c").value();  // so that its lanes are stored
  auto bytes = store->load_blob("session_base", bad->id())->value();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  rig.reset();
  store->put_blob("session_base", bad->id(), bytes);
  rig = make();
  EXPECT_EQ(recover(), 1U);
  EXPECT_EQ(found("bad")->info().reason->code, "checkpoint_damaged");
  EXPECT_EQ(found("good")->state(), State::running);
}

// Whatever comes in whatever order, and wherever the kill falls: the bytes are those of a session that never died.
TEST_F(Recover, LeavesNoTraceInTheBytes) {
  every_s = 0;
  rig = nullptr;
  rig = make();
  Rig twin;
  const char* body = R"({"model":"counter","name":"x","lanes":2,"seed":5,"pace":{"mode":"manual"}})";
  auto a = rig->create(body).value();
  const auto b = twin.create(body).value();
  std::uint32_t dice = 12345;
  const auto roll = [&](std::uint32_t sides) { return (dice = dice * 1664525U + 1013904223U) / 65536U % sides; };
  const auto both = [&](auto&& act) {
    act(*rig, a);
    act(twin, b);
  };
  for (int turn = 0; turn < 60; ++turn) {
    const auto value = std::to_string(roll(50));
    switch (roll(10)) {
      case 0:
      case 1:
        both([&](Rig& r, const SessionPointer& s) { r.write(s, R"({"values":{"rate":)" + value + "}}").value(); });
        break;
      case 2: {
        const auto later = std::to_string(b->tick() + roll(20));
        both([&](Rig& r, const SessionPointer& s) {
          r.write(s, R"({"values":{"gain":)" + value + R"(},"lanes":[1],"at_tick":)" + later + "}").value();
        });
        break;
      }
      case 3:
        both([&](Rig& r, const SessionPointer& s) { command(r, s, (R"({"args":{"amount":)" + value + "}}").c_str()); });
        break;
      case 4: {
        const auto ticks = roll(30) + 1;
        both([&](Rig& r, const SessionPointer& s) { r.advance(s, ticks).value(); });
        break;
      }
      case 5: {
        const auto name = "c" + value;
        const bool is_there = b->find_checkpoint(name) != nullptr;
        both([&](Rig& r, const SessionPointer& s) {
          if (is_there)
            r.restore(s, name).value();
          else
            r.checkpoint(s, name).value();
        });
        break;
      }
      case 6: {
        const engine::Cue ramp{engine::Cue::Kind::ramp, roll(20), support::rate_id, std::stod(value), 1 + roll(60), {}};
        const std::uint64_t period = roll(2) * 40;
        both([&](Rig& r, const SessionPointer& s) { begin(r, s, {{ramp}, period, 0, {0}}); });
        break;
      }
      case 7:
        if (roll(3) == 0) both([&](Rig& r, const SessionPointer& s) { end(r, s); });
        break;
      case 8:
        if (roll(4) == 0) both([&](Rig& r, const SessionPointer& s) { r.control(s, Action::reset).value(); });
        if (roll(2) == 0) rig->registry->sweep();  // now and then its lanes are stored anew
        break;
      default:
        ASSERT_EQ(kill_and_start(), 1U);
        a = found("x");
        break;
    }
    ASSERT_EQ(a->tick(), b->tick()) << turn;
    ASSERT_EQ(a->state() == State::ready, b->state() == State::ready) << turn;
    ASSERT_EQ(digest(a), digest(twin, b)) << turn;
  }
}

TEST_F(Recover, StoresLanesAnewSoThatTheJournalStaysShort) {
  every_s = 0;
  rig = nullptr;
  rig = make();
  const auto before = rig->create(R"({"model":"counter","name":"left","pace":{"mode":"manual"}})").value();
  for (int i = 0; i < 400; ++i) rig->write(before, R"({"values":{"rate":3}})").value();
  const auto kind = "journal/" + before->id();
  EXPECT_EQ(store->load(kind)->size(), 400U);
  sweep_until([&] { return store->load(kind)->size() == limits::journal_entries; });
  EXPECT_NE(store->load_blob("session_base", before->id()).value(), std::nullopt);
}

}  // namespace
}  // namespace simhost::session
