// The catalogue: load, reload, retire, and what it refuses without harm.
#include <host/plugin/catalogue.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class CatalogueTest : public testing::Test {
 protected:
  void SetUp() override { reopen(CpuChoice::baseline); }

  void reopen(CpuChoice cpu) {
    catalogue_.reset();
    auto opened =
        Catalogue::open({{std::filesystem::canonical(ZOO_FOLDER), extra_.path()}, copies_.path(), cpu}, services_);
    ASSERT_TRUE(opened) << opened.error().detail;
    catalogue_ = std::move(*opened);
  }

  Folder extra_, copies_;
  NotingServices services_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(CatalogueTest, LoadsAPluginAndFindsItsModel) {
  const auto loaded = catalogue_->load("zoo_good.so");
  ASSERT_TRUE(loaded) << loaded.error().detail;
  const auto found = catalogue_->find_model("zoo_good_model");
  EXPECT_EQ(found.generation, *loaded);
  ASSERT_NE(found.model, nullptr);
  EXPECT_EQ(catalogue_->find_model("none").generation, nullptr);
  const auto status = catalogue_->status("zoo_good");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, PluginState::loaded);
  EXPECT_EQ(status->stamp.version, "1.0.0");
  EXPECT_EQ(catalogue_->load("zoo_good.so").error().code, "already_exists");
  EXPECT_EQ(catalogue_->load("no_such.so").error().code, "plugin_path_not_allowed");
}

TEST_F(CatalogueTest, LoadsAndUnloadsFiftyTimesWithoutATrace) {
  for (std::uint64_t round = 1; round <= 50; ++round) {
    ASSERT_TRUE(catalogue_->load("zoo_good.so"));
    ASSERT_EQ(catalogue_->current("zoo_good")->number(), round);
    auto previous = catalogue_->withdraw("zoo_good");
    ASSERT_TRUE(previous);
    ASSERT_EQ(catalogue_->retire(std::move(*previous), 1s), Retired::gone);
    ASSERT_FALSE(catalogue_->status("zoo_good"));
  }
  EXPECT_FALSE(is_mapped("/zoo_good-"));
  EXPECT_EQ(catalogue_->zombies(), 0u);
}

TEST_F(CatalogueTest, ReplacesAGenerationInThreeSteps) {
  ASSERT_TRUE(catalogue_->load("zoo_good.so"));
  auto prepared = catalogue_->prepare_reload("zoo_good", "zoo_good_next.so");
  ASSERT_TRUE(prepared) << prepared.error().detail;
  EXPECT_EQ(prepared->previous()->number(), 1u);
  EXPECT_EQ(prepared->difference().verdict, Verdict::additive);
  ASSERT_EQ(prepared->difference().added.size(), 1u);
  EXPECT_EQ(prepared->difference().added[0].name, "bias_rpm");
  EXPECT_EQ(catalogue_->current("zoo_good")->number(), 1u) << "preparing changes nothing";

  auto previous = catalogue_->commit(std::move(*prepared));
  ASSERT_NE(previous, nullptr);
  EXPECT_EQ(catalogue_->current("zoo_good")->number(), 2u);
  EXPECT_EQ(catalogue_->current("zoo_good")->stamp().version, "1.1.0");
  EXPECT_EQ(catalogue_->status("zoo_good")->draining, 1u);
  EXPECT_EQ(catalogue_->retire(std::move(previous), 1s), Retired::gone);
  EXPECT_EQ(catalogue_->status("zoo_good")->draining, 0u);
}

TEST_F(CatalogueTest, TakesAPreparedGenerationDownWhenItIsDropped) {
  ASSERT_TRUE(catalogue_->load("zoo_good.so"));
  {
    const auto prepared = catalogue_->prepare_reload("zoo_good", "zoo_good_narrow.so");
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->difference().verdict, Verdict::breaking);
    EXPECT_EQ(catalogue_->prepare_reload("zoo_good").error().code, "busy");
    EXPECT_EQ(catalogue_->withdraw("zoo_good").error().code, "busy");
  }
  EXPECT_THAT(services_.take(), Contains("zoo_good#2 end"));
  EXPECT_EQ(catalogue_->current("zoo_good")->number(), 1u);
  EXPECT_EQ(catalogue_->status("zoo_good")->draining, 0u);
  EXPECT_TRUE(catalogue_->prepare_reload("zoo_good")) << "the reservation is gone";
}

TEST_F(CatalogueTest, KeepsTheOldGenerationWhenTheNewOneIsBad) {
  ASSERT_TRUE(catalogue_->load("zoo_good.so"));
  const auto before = catalogue_->current("zoo_good");
  EXPECT_EQ(catalogue_->prepare_reload("zoo_good", "zoo_other_abi.so").error().code, "plugin_abi_mismatch");
  EXPECT_EQ(catalogue_->prepare_reload("zoo_good", "zoo_extra_exports.so").error().code, "plugin_bad_symbols");
  EXPECT_EQ(catalogue_->prepare_reload("zoo_good", "zoo_dual.so").error().code, "plugin_id_mismatch");
  EXPECT_EQ(catalogue_->prepare_reload("zoo_strange").error().code, "not_found");
  EXPECT_EQ(catalogue_->current("zoo_good"), before);
  const auto status = catalogue_->status("zoo_good");
  EXPECT_EQ(status->state, PluginState::loaded);
  ASSERT_TRUE(status->error);
  EXPECT_EQ(status->error->code, "plugin_bad_symbols");
}

TEST_F(CatalogueTest, ListsAPluginThatFailedAndForgetsItWhenAsked) {
  EXPECT_EQ(catalogue_->load("zoo_init_fails.so").error().code, "plugin_init_failed");
  const auto status = catalogue_->status("zoo_init_fails");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, PluginState::failed);
  EXPECT_EQ(status->current, nullptr);
  EXPECT_THAT(status->error->detail, HasSubstr("no device"));
  EXPECT_FALSE(catalogue_->load("zoo_unique.so"));  // refused before it was opened, but its stamp names it
  EXPECT_EQ(catalogue_->status("zoo_good")->state, PluginState::failed);
  ASSERT_TRUE(catalogue_->load("zoo_good.so"));
  EXPECT_EQ(catalogue_->status("zoo_good")->state, PluginState::loaded);
  ASSERT_TRUE(catalogue_->withdraw("zoo_init_fails"));
  EXPECT_FALSE(catalogue_->status("zoo_init_fails"));
  EXPECT_EQ(catalogue_->withdraw("zoo_init_fails").error().code, "not_found");
}

TEST_F(CatalogueTest, RefusesAModelIdThatAnotherPluginHas) {
  ASSERT_TRUE(catalogue_->load("zoo_good.so"));
  const auto twin = catalogue_->load("zoo_twin.so");
  ASSERT_FALSE(twin);
  EXPECT_EQ(twin.error().code, "name_taken");
  EXPECT_EQ(catalogue_->status("zoo_twin")->state, PluginState::failed);
  EXPECT_EQ(catalogue_->status("zoo_twin")->draining, 0u);
  EXPECT_EQ(catalogue_->find_model("zoo_good_model").generation->plugin_id(), "zoo_good");
}

TEST_F(CatalogueTest, WaitsForTheLastHolderBeforeUnloading) {
  auto held = *catalogue_->load("zoo_good.so");
  auto previous = catalogue_->withdraw("zoo_good");
  EXPECT_EQ(catalogue_->retire(std::move(*previous), 0ms), Retired::draining);
  EXPECT_EQ(catalogue_->status("zoo_good")->state, PluginState::draining);
  EXPECT_EQ(held->models()[0]->descriptor().id, "zoo_good_model") << "a holder may go on";
  EXPECT_EQ(catalogue_->sweep(), 0u);
  held.reset();
  EXPECT_EQ(catalogue_->sweep(), 1u);
  EXPECT_FALSE(catalogue_->status("zoo_good"));
}

TEST_F(CatalogueTest, RetiresAsSoonAsAnotherThreadLetsGo) {
  auto held = *catalogue_->load("zoo_good.so");
  auto previous = catalogue_->withdraw("zoo_good");
  std::atomic<bool> waiting = false;
  const std::jthread holder([&, last = std::move(held)]() mutable {
    while (!waiting) std::this_thread::yield();
    last.reset();
  });
  waiting = true;
  EXPECT_EQ(catalogue_->retire(std::move(*previous), 30s), Retired::gone);
}

TEST_F(CatalogueTest, CountsALibraryThatDoesNotLeave) {
  ASSERT_TRUE(catalogue_->load("zoo_pinned.so"));
  auto previous = catalogue_->withdraw("zoo_pinned");
  EXPECT_EQ(catalogue_->retire(std::move(*previous), 1s), Retired::zombie);
  EXPECT_EQ(catalogue_->status("zoo_pinned")->state, PluginState::zombie);
  EXPECT_EQ(catalogue_->zombies(), 1u);
  ASSERT_TRUE(catalogue_->load("zoo_pinned.so")) << "one zombie does not keep its plugin out";
  EXPECT_EQ(catalogue_->status("zoo_pinned")->state, PluginState::loaded);
  EXPECT_EQ(catalogue_->status("zoo_pinned")->zombies, 1u);
}

TEST_F(CatalogueTest, ChoosesTheCpuLevel) {
  if (!cpu_runs(SIM_CPU_V3)) GTEST_SKIP() << "this CPU has no AVX2";
  reopen(CpuChoice::best);
  EXPECT_EQ((*catalogue_->load("zoo_dual.so"))->cpu_level(), SIM_CPU_V3);
  EXPECT_EQ((*catalogue_->load("zoo_good.so"))->cpu_level(), SIM_CPU_BASELINE);
  const auto stale = catalogue_->load("zoo_stale.so");
  ASSERT_TRUE(stale);
  EXPECT_EQ((*stale)->cpu_level(), SIM_CPU_BASELINE);
  ASSERT_EQ((*stale)->origin().warnings.size(), 1u);
  EXPECT_THAT((*stale)->origin().warnings[0].text, HasSubstr("source hashes differ"));
}

TEST_F(CatalogueTest, ForcesTheCpuLevel) {
  EXPECT_EQ((*catalogue_->load("zoo_dual.so"))->cpu_level(), SIM_CPU_BASELINE);
  EXPECT_EQ(catalogue_->load("zoo_stale.v3.so").error().code, "plugin_cpu_unsupported");
  if (!cpu_runs(SIM_CPU_V3)) GTEST_SKIP() << "this CPU has no AVX2";
  reopen(CpuChoice::v3);
  EXPECT_EQ((*catalogue_->load("zoo_dual.so"))->cpu_level(), SIM_CPU_V3);
  EXPECT_EQ(catalogue_->load("zoo_good.so").error().code, "plugin_cpu_unsupported");
}

TEST_F(CatalogueTest, SurvivesAFileReplacedOrCutUnderIt) {
  const auto path = extra_.write("live.so", bytes_of(zoo("zoo_good")));
  const auto loaded = catalogue_->load(path);
  ASSERT_TRUE(loaded);
  std::filesystem::resize_file(path, 100);  // would be SIGBUS, were the file itself mapped
  EXPECT_EQ((*loaded)->models()[0]->table().step != nullptr, true);
  EXPECT_EQ(catalogue_->prepare_reload("zoo_good").error().code, "plugin_not_a_library");
  extra_.write("live.so", bytes_of(zoo("zoo_good_next")));
  auto prepared = catalogue_->prepare_reload("zoo_good");
  ASSERT_TRUE(prepared) << prepared.error().detail;
  EXPECT_EQ(prepared->generation()->stamp().version, "1.1.0");
}

TEST_F(CatalogueTest, ScansAFolderWithoutRunningAnything) {
  const Folder folder;
  folder.write("a.so", bytes_of(zoo("zoo_sets_signal")));
  folder.write("b.so", "no library");
  folder.write("c.v3.so", bytes_of(zoo("zoo_dual.v3")));
  folder.write("d.txt", "not looked at");
  folder.write("c.so", bytes_of(zoo("zoo_dual")));
  const auto found = scan(folder.path());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3u);
  EXPECT_EQ(found->at(0).stamp->id, "zoo_sets_signal");
  EXPECT_FALSE(found->at(0).has_v3);
  EXPECT_EQ(found->at(1).error->code, "plugin_not_a_library");
  EXPECT_TRUE(found->at(2).has_v3);
  EXPECT_THAT(services_.take(), IsEmpty());
  EXPECT_EQ(scan(folder.path() / "none").error().code, "not_found");
}

// What the SDK builds is what the host takes: both templates, in both CPU levels, without a single remark.
TEST_F(CatalogueTest, TakesTheTemplatesOfTheSdkWithoutARemark) {
  for (const auto cpu : {CpuChoice::baseline, CpuChoice::best}) {
    auto opened = Catalogue::open({{TEMPLATE_FOLDER}, copies_.path(), cpu}, services_);
    ASSERT_TRUE(opened);
    for (const char* name : {"template_c.so", "template_cpp.so"}) {
      const auto loaded = (*opened)->load(name);
      ASSERT_TRUE(loaded) << loaded.error().detail;
      for (const auto& finding : (*loaded)->origin().warnings) ADD_FAILURE() << name << ": " << finding.text;
      EXPECT_EQ((*loaded)->models().size(), 1u);
    }
    for (const char* id : {"template_c", "template_cpp"})
      EXPECT_EQ((*opened)->retire(*(*opened)->withdraw(id), 1s), Retired::gone);
  }
}

// Readers look models up and hold them while a writer reloads: run under the thread sanitizer this finds the races.
TEST_F(CatalogueTest, ServesReadersWhileItReloads) {
  ASSERT_TRUE(catalogue_->load("zoo_good.so"));
  std::atomic<int> reads = 0;
  const std::jthread reader([&](const std::stop_token& done) {
    while (!done.stop_requested()) {
      const auto found = catalogue_->find_model("zoo_good_model");
      if (found.model == nullptr || found.model->descriptor().id != "zoo_good_model") break;
      for (const auto& status : catalogue_->list()) reads += status.current != nullptr ? 1 : 0;
    }
  });
  for (int round = 0; round < 40; ++round) {
    auto prepared = catalogue_->prepare_reload("zoo_good", round % 2 == 0 ? "zoo_good_next.so" : "zoo_good.so");
    ASSERT_TRUE(prepared);
    EXPECT_EQ(catalogue_->retire(catalogue_->commit(std::move(*prepared)), 30s), Retired::gone);
  }
  while (reads == 0) std::this_thread::yield();
}

}  // namespace
}  // namespace simhost::plugin
