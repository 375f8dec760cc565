// Groups, waiting and refusal, over a database that does what the test says.
#include <host/store/queued_store.hpp>

#include <gmock/gmock.h>

#include <condition_variable>
#include <future>
#include <thread>

#include <tests/unit/store/stores.hpp>

namespace simhost::store {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

// Commits stand still while the gate is shut; fail with what it is told to fail with.
struct Script {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = true;
  int waiting = 0;
  std::optional<Error> failing;
  std::vector<std::vector<std::string>> groups;  // keys of each commit that went through

  void set(bool is_open) {
    const std::lock_guard lock(mutex);
    open = is_open;
    changed.notify_all();
  }
  void fail_with(std::optional<Error> error) {
    const std::lock_guard lock(mutex);
    failing = std::move(error);
  }
  void wait_for_writer() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return waiting > 0; });
  }
};

class ScriptedDatabase final : public Database {
 public:
  explicit ScriptedDatabase(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  Outcome commit(const std::vector<Changes::Change>& changes) override {
    std::unique_lock lock(script_->mutex);
    ++script_->waiting;
    script_->changed.notify_all();
    script_->changed.wait(lock, [this] { return script_->open; });
    --script_->waiting;
    if (script_->failing) return fail(*script_->failing);
    auto& group = script_->groups.emplace_back();
    for (const auto& change : changes) group.push_back(change.key + "=" + change.bytes);
    return {};
  }
  Result<std::vector<Document>> load(std::string_view) override { return std::vector<Document>(); }
  Result<std::optional<std::string>> load_blob(std::string_view, std::string_view) override { return std::nullopt; }

 private:
  std::shared_ptr<Script> script_;
};

class Queued : public testing::Test {
 protected:
  std::shared_ptr<Script> script = std::make_shared<Script>();
  QueuedStore store{std::make_unique<ScriptedDatabase>(script), {{4096, 8}, 1ms, 2ms}};
  ~Queued() override { script->set(true); }

  std::future<std::string> committed() {
    auto said = std::make_shared<std::promise<std::string>>();
    store.committed([said](const Outcome& o) { said->set_value(o ? "durable" : o.error().code); });
    return said->get_future();
  }
};

TEST_F(Queued, WritesWhatCameMeanwhileAsOneGroup) {
  script->set(false);
  store.put("k", "a", Value(1));
  script->wait_for_writer();
  store.put("k", "b", Value(1));
  store.put("k", "c", Value(2));
  store.put("k", "b", Value(3));
  auto done = committed();
  EXPECT_EQ(done.wait_for(0s), std::future_status::timeout);
  script->set(true);
  EXPECT_EQ(done.get(), "durable");
  EXPECT_THAT(script->groups, ElementsAre(ElementsAre("a=1"), ElementsAre("b=3", "c=2")));
}

TEST_F(Queued, AnswersWhoComesWhileTheLastGroupIsBeingWritten) {
  script->set(false);
  store.put("k", "a", Value(1));
  script->wait_for_writer();
  auto done = committed();
  EXPECT_EQ(done.wait_for(0s), std::future_status::timeout);
  script->set(true);
  ASSERT_EQ(done.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(done.get(), "durable");
}

TEST_F(Queued, TellsWhoeverWaitsThatTheDatabaseIsAwayAndWritesItLater) {
  script->fail_with(Error{"store_unavailable", "gone fishing"});
  script->set(false);
  store.put("k", "a", Value(1));
  auto first = committed();
  script->set(true);
  EXPECT_EQ(first.get(), "store_unavailable");
  EXPECT_EQ(store.health().error().detail, "gone fishing");
  store.put("k", "b", Value(1));
  EXPECT_EQ(committed().get(), "store_unavailable");
  script->fail_with(std::nullopt);
  while (!store.health()) std::this_thread::yield();
  EXPECT_EQ(committed().get(), "durable");
  EXPECT_THAT(script->groups, ElementsAre(ElementsAre("a=1"), ElementsAre("b=1")));
}

TEST_F(Queued, RefusesWhatDoesNotFitAndPromisesNothingUntilItHasEmptied) {
  script->set(false);
  store.put("k", "a", Value(1));
  script->wait_for_writer();
  for (const char* key : {"1", "2", "3", "4", "5", "6", "7", "8"}) EXPECT_TRUE(store.put("k", key, Value(1)));
  EXPECT_FALSE(store.put("k", "9", Value(1)));
  EXPECT_FALSE(store.put_blob("k", "9", std::string(5000, 'x')));
  EXPECT_EQ(committed().get(), "store_unavailable");
  EXPECT_EQ(store.health().error().code, "store_unavailable");
  script->set(true);
  while (!store.health()) std::this_thread::yield();
  EXPECT_TRUE(store.put_blob("k", "larger than the queue, alone", std::string(5000, 'x')));
  EXPECT_EQ(committed().get(), "durable");
}

}  // namespace
}  // namespace simhost::store
