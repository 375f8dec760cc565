// Loading, unloading and showing plugins.
#include <gmock/gmock.h>

#include <fstream>

#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

using testing::HasSubstr;

class PluginHostTest : public House {};

TEST_F(PluginHostTest, LoadsAPluginAndShowsIt) {
  const auto changed = std::make_shared<std::vector<std::string>>();  // called again when the house is left
  plugins->on_routes_changed([changed](const std::string& id) { changed->push_back(id); });
  const auto report = load();
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->id, "tenant");
  EXPECT_EQ(report->generation, 1u);
  EXPECT_EQ(*changed, (std::vector<std::string>{"tenant"}));
  ASSERT_NE(models.find("tank"), nullptr);
  EXPECT_EQ(models.find("tank")->plugin, "tenant");
  const Value shown = plugins->find("tenant").value();
  EXPECT_EQ(shown.find("state")->string(), "loaded");
  EXPECT_EQ(shown.find("version")->string(), "1.0.0");
  EXPECT_EQ(shown.find("routes_at")->string(), "/plugins/tenant");
  EXPECT_EQ(shown.find("models")->items().size(), 1u);
  EXPECT_EQ(plugins->list().size(), 1u);
  EXPECT_EQ(plugins->find("nobody"), std::nullopt);
  EXPECT_EQ(count_events("plugin.loaded"), 1u);
}

TEST_F(PluginHostTest, RefusesWhatItCannotTakeAndSaysWhy) {
  const auto failing = load("create_fails.so");
  ASSERT_FALSE(failing);
  EXPECT_EQ(failing.error().code, "plugin_create_failed");
  EXPECT_THAT(failing.error().detail, HasSubstr("no water"));
  EXPECT_EQ(plugins->find("tenant")->find("state")->string(), "failed");
  EXPECT_EQ(load("nothing.so").error().code, "plugin_path_not_allowed");
  const auto schema = load("bad_schema.so");
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().code, "plugin_bad_descriptor");
  EXPECT_EQ(schema.error().errors.at(0).pointer, "/routes/0/body");
  EXPECT_EQ(models.find("tank"), nullptr);
  EXPECT_EQ(count_events("plugin.failed"), 3u);
  ASSERT_TRUE(load());
  EXPECT_EQ(load("next.so").error().code, "already_exists");
}

TEST_F(PluginHostTest, DoesNotUnloadWhatIsInUseUnlessForced) {
  ASSERT_TRUE(load());
  const auto handle = make(running_tank);
  const auto refused = unload();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "in_use");
  EXPECT_THAT(refused.error().detail, HasSubstr(session(handle)->id()));
  EXPECT_NE(models.find("tank"), nullptr);
  const auto forced = unload(Force::end_sessions);
  ASSERT_TRUE(forced) << forced.error().detail;
  EXPECT_EQ(forced->sessions, 1u);
  EXPECT_EQ(forced->old, plugin::Retired::gone);
  EXPECT_EQ(models.find("tank"), nullptr);
  EXPECT_TRUE(registry.list().empty());
  EXPECT_EQ(unload().error().code, "not_found");
  EXPECT_EQ(count_events("plugin.unloaded"), 1u);
  EXPECT_TRUE(load()) << "and it can come again";
}

TEST_F(PluginHostTest, ShowsAPluginThatGaveUpAsFailedUntilItIsReloaded) {
  ASSERT_TRUE(load());
  models.condemn("tenant", plugins->current("tenant")->number(), "it said so");
  const auto shown = plugins->find("tenant");
  EXPECT_EQ(shown->find("state")->string(), "failed");
  EXPECT_EQ(shown->find("error")->find("code")->string(), "plugin_fatal");
  EXPECT_THAT(shown->find("error")->find("detail")->string(), ::testing::HasSubstr("it said so"));
  EXPECT_EQ(support::await<session::SessionPointer>([&](auto done) {
              registry.create(session::parse_spec(parse_json(running_tank).value(), models).value(), done);
            })
                .error()
                .code,
            "plugin_unavailable");
  ASSERT_TRUE(reload("tenant.so"));
  EXPECT_EQ(plugins->find("tenant")->find("state")->string(), "loaded");
  make(running_tank);
}

TEST_F(PluginHostTest, GivesAPluginThatCameAsBytesItsNameAndLoadsIt) {
  const auto folder = copies() / "installed";
  std::filesystem::create_directories(folder);
  plugin::CatalogueOptions options;
  options.folders = {std::filesystem::canonical(folder)};
  options.install_folder = options.folders.front();
  options.copies_folder = std::filesystem::canonical(copies());
  const auto other = plugin::Catalogue::open(options, services).value();
  PluginHost host(*other, services, models);
  const auto install = [&](const std::filesystem::path& from) {
    const auto upload = options.install_folder / ".upload-1";
    std::filesystem::copy_file(from, upload, std::filesystem::copy_options::overwrite_existing);
    return support::await<LoadReport>([&](auto done) { host.install(upload, done); });
  };
  std::ofstream(folder / "text") << "no library";
  EXPECT_EQ(install(folder / "text").error().code, "plugin_not_a_library");
  const auto library = std::filesystem::path(TENANTS_FOLDER) / "next.so";
  const auto report = install(library);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->id, "tenant");
  EXPECT_TRUE(std::filesystem::exists(folder / "tenant.so"));
  EXPECT_FALSE(std::filesystem::exists(folder / ".upload-1"));
  EXPECT_EQ(install(library).error().code, "already_exists");
  EXPECT_EQ(support::await<LoadReport>([&](auto done) { plugins->install(library, done); }).error().code,
            "plugin_path_not_allowed")
      << "a host without a folder for them takes none";
}

TEST_F(PluginHostTest, EndsEverythingAtTheStop) {
  ASSERT_TRUE(load());
  make(running_tank);
  plugins->stop();
  EXPECT_TRUE(registry.list().empty());
  EXPECT_EQ(plugins->zombies(), 0u);
  EXPECT_EQ(load("tenant.so").error().code, "draining");
}

}  // namespace
}  // namespace simhost::services
