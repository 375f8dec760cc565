// Requests that a client would rather not wait for: where their answers go.
#include <api/routes/long_work.hpp>

#include <gtest/gtest.h>

namespace simhost::routes {
namespace {

// A store whose commits wait until it is told how they went.
class SlowStore : public store::Store {
 public:
  bool write(store::Changes changes) override { return under_->write(std::move(changes)); }
  void committed(std::function<void(Outcome)> done) override { waiting_.push_back(std::move(done)); }
  [[nodiscard]] Outcome health() const override { return {}; }
  void seal() override {}
  Result<std::vector<store::Document>> load(std::string_view kind) override { return under_->load(kind); }
  Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) override {
    return under_->load_blob(kind, key);
  }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  void commit(const Outcome& outcome) {
    for (auto& done : std::exchange(waiting_, {})) done(outcome);
  }

 private:
  std::unique_ptr<store::Store> under_ = store::make_memory_store();
  std::vector<std::function<void(Outcome)>> waiting_;
};

class Preferred : public ::testing::Test {
 protected:
  http::Reply ask(const std::string& prefer, jobs::Jobs& jobs) {
    http::Request request;
    if (!prefer.empty()) request.headers = {{"prefer", prefer}};
    return as_preferred(
        jobs, store_, request, [this](http::Response response) { answers_.push_back(std::move(response)); },
        "session.fork");
  }
  http::Reply ask(const std::string& prefer) { return ask(prefer, jobs_); }
  jobs::Info job() {
    const auto all = jobs_.list();
    return all.size() == 1 ? all.front()->info() : jobs::Info{};
  }

  SlowStore store_;
  jobs::Jobs jobs_{system_clock(), store_};
  std::vector<http::Response> answers_;
};

TEST_F(Preferred, AnswersTheClientThatWaits) {
  const auto end = ask("");
  ASSERT_TRUE(end);
  end(http::answer(201, Value("made")));
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].status, 201);
  EXPECT_TRUE(jobs_.list().empty());
}

TEST_F(Preferred, TellsTheOtherOfAJobThatEndsOnceTheStoreHasIt) {
  const auto end = ask("wait=5, respond-async");
  ASSERT_TRUE(end);
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].status, 202);
  EXPECT_EQ(*answers_[0].header("location"), "/v1/jobs/" + job().id);
  EXPECT_EQ(*answers_[0].header("preference-applied"), "respond-async");
  EXPECT_EQ(job().kind, "session.fork");
  EXPECT_EQ(job().state, jobs::State::running);
  end(http::answer(201, Value("made")));
  EXPECT_EQ(store_.waiting(), 1U);
  EXPECT_EQ(job().state, jobs::State::running);
  EXPECT_EQ(job().progress, 0.5);
  store_.commit({});
  EXPECT_EQ(job().state, jobs::State::done);
  EXPECT_EQ(job().result, Value("made"));
  EXPECT_EQ(answers_.size(), 1U);
}

TEST_F(Preferred, FailsTheJobWithTheErrorOfTheAnswer) {
  const auto end = ask("respond-async");
  ASSERT_TRUE(end);
  end(http::answer_error({"name_taken", "it is"}));
  EXPECT_EQ(job().state, jobs::State::failed);
  EXPECT_EQ(job().error->code, "name_taken");
  EXPECT_EQ(job().error->detail, "it is");
  EXPECT_EQ(store_.waiting(), 0U) << "an error promises nothing";
}

TEST_F(Preferred, FailsTheJobWhenTheStoreDoesNotTakeIt) {
  const auto end = ask("respond-async");
  ASSERT_TRUE(end);
  end(http::answer(201, Value("made")));
  store_.commit(fail("disk_full", "no room"));
  EXPECT_EQ(job().state, jobs::State::failed);
  EXPECT_EQ(job().error->code, "disk_full");
}

TEST_F(Preferred, SaysWhyThereIsNoJob) {
  jobs::Jobs full(system_clock(), store_, {.threads = 1, .open_max = 0});
  EXPECT_FALSE(ask("respond-async", full));
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0].error->code, "limit_reached");
}

}  // namespace
}  // namespace simhost::routes
