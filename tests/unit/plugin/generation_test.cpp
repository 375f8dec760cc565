// Generations: brought up in order, taken down in order, side by side without sharing anything.
#include <host/plugin/generation.hpp>

#include <gmock/gmock.h>

#include <cstring>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GenerationTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Generation>> open(const std::string& name, std::uint64_t number = 1) {
    auto judged = judge(zoo(name), CpuChoice::baseline, {});
    if (!judged) return fail(judged.error());
    auto copy = copies_->keep(judged->file, judged->digest, judged->stamp.id, number);
    if (!copy) return fail(copy.error());
    copy_ = *copy;
    return Generation::open({zoo(name), zoo(name), judged->digest, judged->stamp, judged->warnings}, *copy, number,
                            services_);
  }

  Folder folder_;
  Result<CopyFolder> copies_ = CopyFolder::open(folder_.path());
  NotingServices services_;
  std::filesystem::path copy_;
};

TEST_F(GenerationTest, ComesUpAndGoesDownInOrder) {
  auto generation = open("zoo_good", 7);
  ASSERT_TRUE(generation) << generation.error().detail;
  EXPECT_EQ((*generation)->number(), 7u);
  EXPECT_EQ((*generation)->plugin_id(), "zoo_good");
  EXPECT_THAT(services_.take(), ElementsAre("zoo_good#7 begin", "zoo_good#7 init", "zoo_good#7 create"));
  EXPECT_EQ(services_.settings_seen, 1u);
  EXPECT_EQ((*generation)->take_down(), Unload::gone);
  EXPECT_THAT(services_.take(),
              ElementsAre("zoo_good#7 drain", "zoo_good#7 destroy", "zoo_good#7 deinit", "zoo_good#7 end"));
  EXPECT_FALSE(is_mapped(copy_));
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

TEST_F(GenerationTest, OffersModelsRoutesStreamsAndSettings) {
  auto opened = open("zoo_good");
  ASSERT_TRUE(opened);
  const Generation& generation = **opened;
  const ModelBinding* model = generation.find_model("zoo_good_model");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(generation.find_model("other"), nullptr);
  EXPECT_NE(model->instance(), nullptr);
  EXPECT_EQ(model->table().desc->n_vars, 5u);
  EXPECT_EQ(model->descriptor().find("mode")->enum_names, (std::vector<std::string>{"off", "on", "auto"}));
  ASSERT_EQ(model->commands().size(), 1u);
  EXPECT_STREQ(model->commands()[0].args[0].name, "speed_rpm");
  ASSERT_EQ(generation.routes().routes.size(), 1u);
  EXPECT_STREQ(generation.routes().routes[0].path, "/health");
  EXPECT_EQ(generation.routes().routes[0].answers[0].status, 200);
  EXPECT_STREQ(generation.routes().cors_methods, "GET, POST");
  ASSERT_EQ(generation.streams().size(), 1u);
  EXPECT_EQ(generation.streams()[0].vars[0], 3u);
  EXPECT_STREQ(generation.settings().at(0).key, "port");
}

double first_answer(const ModelBinding& model) {
  double out = 0;
  double* column = &out;
  std::int32_t status = -1;
  sim_lanes lanes{};
  lanes.size = sizeof(lanes);
  lanes.n = 1;
  lanes.out = &column;
  lanes.status = &status;
  sim_step at{};
  at.size = sizeof(at);
  EXPECT_EQ(model.table().step(model.instance(), &at, &lanes), SIM_OK);
  EXPECT_EQ(status, SIM_OK);
  return out;
}

// The poison test: the plugin counts its steps in a static. Two generations of the same bytes must count apart.
TEST_F(GenerationTest, SharesNoStaticsWithAnotherOne) {
  auto first = open("zoo_good", 1);
  auto second = open("zoo_good", 2);
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->digest(), (*second)->digest());
  EXPECT_EQ(first_answer(*(*first)->models()[0]), 1);
  EXPECT_EQ(first_answer(*(*first)->models()[0]), 2);
  EXPECT_EQ(first_answer(*(*second)->models()[0]), 1);
  EXPECT_EQ((*first)->take_down(), Unload::gone);
  EXPECT_EQ(first_answer(*(*second)->models()[0]), 2);
}

TEST_F(GenerationTest, StepsOverWhatALaterSdkAppended) {
  auto opened = open("zoo_future");
  ASSERT_TRUE(opened) << opened.error().detail;
  const auto& model = *(*opened)->models()[0];
  ASSERT_EQ(model.descriptor().variables.size(), 5u);
  EXPECT_EQ(model.descriptor().variables[4].name, "mode");
  EXPECT_EQ(model.table().desc->vars[3].id, 4u) << "the gated array has this host's stride";
}

TEST_F(GenerationTest, RefusesWithWordsAndLeavesNothing) {
  struct Row {
    const char *plugin, *code, *words;
  };
  const Row rows[] = {
      {"zoo_init_fails", "plugin_init_failed", "there is no device at port 7"},
      {"zoo_throws", "plugin_init_failed", "thrown by init"},
      {"zoo_create_fails", "plugin_create_failed", "the licence has run out"},
      {"zoo_bad_size", "plugin_bad_descriptor", "impossible size"},
      {"zoo_bad_variables", "plugin_bad_descriptor", "used twice"},
      {"zoo_bad_variables", "plugin_bad_descriptor", "above max"},
      {"zoo_sets_mxcsr", "plugin_bad_symbols", "floating-point mode"},
      {"zoo_null_entry", "plugin_abi_mismatch", "no table"},
  };
  std::uint64_t number = 0;
  for (const auto& row : rows) {
    const auto opened = open(row.plugin, ++number);
    ASSERT_FALSE(opened) << row.plugin;
    EXPECT_EQ(opened.error().code, row.code) << row.plugin;
    EXPECT_THAT(opened.error().detail, HasSubstr(row.words));
    EXPECT_FALSE(is_mapped(copy_)) << row.plugin;
    EXPECT_FALSE(std::filesystem::exists(copy_)) << row.plugin;
  }
}

TEST_F(GenerationTest, AsksTheServicesBeforeInit) {
  services_.refuse = true;
  const auto opened = open("zoo_good");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "plugin_bad_settings");
  EXPECT_THAT(services_.take(), ElementsAre("zoo_good#1 begin"));
}

TEST_F(GenerationTest, AnswersStrangeExtensionIdsWithNull) {
  auto opened = open("zoo_good");
  ASSERT_TRUE(opened);
  const sim_host* host = (*opened)->host();
  EXPECT_NE(host->get_extension(host, ZOO_NOTES), nullptr);
  EXPECT_EQ(host->get_extension(host, "zoo.notes/1 "), nullptr);
  EXPECT_EQ(host->get_extension(host, nullptr), nullptr);
  EXPECT_EQ(host->get_extension(nullptr, ZOO_NOTES), nullptr);
  EXPECT_EQ(host->get_extension(host, std::string(100'000, 'x').c_str()), nullptr);
  EXPECT_EQ(context_of(host).plugin_id, "zoo_good");
}

}  // namespace
}  // namespace simhost::plugin
