// What goes wrong with a file: damage, a newer schema, another program's, a full disk, two hosts.
#include <host/store/sqlite_database.hpp>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>

#include <host/store/migrations.hpp>
#include <tests/unit/store/stores.hpp>

namespace simhost::store {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class File : public testing::Test {
 protected:
  support::Folder folder;
  std::filesystem::path path = std::filesystem::path(folder.path()) / "store.db";

  [[nodiscard]] std::string refusal() const {
    const auto opened = open_sqlite({path});
    return opened ? "opened" : opened.error().detail;
  }
  void run(const char* sql) const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(db);
  }
  static std::vector<Changes::Change> rules(int count) {
    Changes changes;
    for (int i = 0; i < count; ++i) changes.put("rule", std::to_string(i), Value(std::string(1000, 'x')));
    return changes.take();
  }
};

TEST_F(File, IsRefusedWhenALaterVersionHasMovedItOn) {
  open_sqlite({path}).value();
  run("INSERT INTO schema_step VALUES (900, 'later')");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(path.string()), HasSubstr("schema 900"), HasSubstr("later version")));
}

// The file as step 1 left it; whatever steps come later must bring it up to date with its content.
TEST_F(File, OfTheFirstVersionIsBroughtUpToDateWithItsContent) {
  std::string sql = "CREATE TABLE schema_step (number INTEGER PRIMARY KEY, made_at TEXT NOT NULL);";
  sql.append(steps.front().sqlite)
      .append(
          "INSERT INTO schema_step VALUES (1, '2026-01-01');PRAGMA application_id=1936289128;"
          "INSERT INTO document (kind, key, value) VALUES ('rule', 'a', '{\"above\":80.5}');"
          "INSERT INTO blob VALUES ('lanes', 'a', x'00ff')");
  run(sql.c_str());
  auto opened = open_sqlite({path}).value();
  const auto found = opened->load("rule").value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].value, Value::object({{"above", 80.5}}));
  EXPECT_EQ(opened->load_blob("lanes", "a").value(), std::string("\0\xff", 2));
}

TEST_F(File, OfAnotherProgramIsLeftAlone) {
  run("CREATE TABLE theirs (x)");
  EXPECT_THAT(refusal(), HasSubstr("another program"));
  std::ofstream(path, std::ios::binary) << "these are not the bytes of a database, whatever its name says......";
  EXPECT_THAT(refusal(), AllOf(HasSubstr(path.string()), HasSubstr("damaged"), HasSubstr("backup")));
}

TEST_F(File, ThatIsDamagedInsideIsNamed) {
  {
    auto opened = open_sqlite({path}).value();
    ASSERT_TRUE(opened->commit(rules(200)));
  }
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(8192);
  file << std::string(16'384, 'U');
  file.close();
  EXPECT_THAT(refusal(), AllOf(HasSubstr(path.string()), HasSubstr("damaged"), HasSubstr("backup")));
}

TEST_F(File, BelongsToOneHostAtATime) {
  auto first = open_sqlite({path}).value();
  EXPECT_THAT(refusal(), HasSubstr("in use by another simhost"));
  first.reset();
  EXPECT_EQ(refusal(), "opened");
}

TEST_F(File, ThatCannotBeMadeIsNamed) {
  path = "/proc/no/such/place/store.db";
  EXPECT_THAT(refusal(), AllOf(HasSubstr("/proc/no/such/place"), HasSubstr("store.url")));
}

TEST_F(File, SaysWhenTheDiskIsFullAndGoesOnWhenThereIsRoom) {
  auto opened = open_sqlite({path, 64}).value();
  ASSERT_TRUE(opened->commit(rules(10)));
  const auto refused = opened->commit(rules(2000));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "disk_full");
  EXPECT_EQ(opened->load("rule").value().size(), 10U);
  EXPECT_TRUE(opened->commit(std::move(Changes().erase("rule", "0")).take()));
  EXPECT_EQ(opened->load("rule").value().size(), 9U);
}

TEST_F(File, ForgetsNothingThatWasCommittedWhenTheProcessIsGone) {
  const auto open = open_sqlite({path}).value();  // while it is: its log of writes is as a kill leaves it
  ASSERT_TRUE(open->commit(rules(3)));
  const auto copy = std::filesystem::path(folder.path()) / "copy.db";
  std::filesystem::copy_file(path, copy);
  std::filesystem::copy_file(path.string() + "-wal", copy.string() + "-wal");
  EXPECT_EQ(open_sqlite({copy}).value()->load("rule").value().size(), 3U);
}

}  // namespace
}  // namespace simhost::store
