// Paths, files and copies: what may be named, what is read, what is mapped.
#include <host/plugin/place.hpp>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "zoo_test.hpp"

namespace simhost::plugin {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(Place, ResolvesNamesOnlyInsideItsFolders) {
  const Folder inside, outside;
  const auto good = inside.write("a.so", "a");
  const auto strange = outside.write("b.so", "b");
  fs::create_symlink("a.so", inside.path() / "link.so");
  fs::create_symlink(strange, inside.path() / "escape.so");
  const std::vector folders{inside.path()};
  EXPECT_EQ(*resolve_inside(folders, "a.so"), good);
  EXPECT_EQ(*resolve_inside(folders, good), good);
  EXPECT_EQ(*resolve_inside(folders, "link.so"), good);
  const fs::path up = fs::path("..") / outside.path().filename() / "b.so";
  for (const fs::path& wrong : {strange, fs::path("escape.so"), up, fs::path("none.so"), fs::path(""), fs::path("."),
                                fs::path(std::string("a.so\0b", 6)), fs::path(std::string(5000, 'x'))}) {
    const auto got = resolve_inside(folders, wrong);
    ASSERT_FALSE(got) << wrong;
    EXPECT_EQ(got.error().code, "plugin_path_not_allowed") << wrong;
  }
}

TEST(Place, DoesNotTakeAFolderWhoseNameOnlyBeginsAlike) {
  const Folder parent;
  fs::create_directory(parent.path() / "plugins");
  fs::create_directory(parent.path() / "plugins_of_others");
  std::ofstream(parent.path() / "plugins_of_others" / "a.so") << "a";
  EXPECT_FALSE(resolve_inside({parent.path() / "plugins"}, parent.path() / "plugins_of_others" / "a.so"));
}

TEST(Place, ReadsRegularFilesOnly) {
  const Folder folder;
  const auto good = folder.write("a.so", "abc");
  fs::create_symlink(good, folder.path() / "link.so");
  fs::create_directory(folder.path() / "folder.so");
  ASSERT_EQ(::mkfifo((folder.path() / "pipe.so").c_str(), 0600), 0);
  const auto file = read_plugin_file(good);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->bytes.size(), 3u);
  // BLAKE2b-256 of "abc", as libsodium's and b2sum's.
  EXPECT_EQ(digest_of(file->bytes.all()), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  for (const char* name : {"link.so", "folder.so", "pipe.so", "none.so"}) {
    const auto got = read_plugin_file(folder.path() / name);
    ASSERT_FALSE(got) << name;
    EXPECT_EQ(got.error().code, "plugin_path_not_allowed") << name;
  }
}

TEST(Place, GivesTheMemoryOfAFileBackAtOnce) {
  const Folder folder;
  const auto path = folder.write("large.so", std::string(8 << 20, 'x'));
  const auto address_space_pages = [] {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages;
  };
  const auto before = address_space_pages();
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(read_plugin_file(path)->bytes.size(), std::size_t{8} << 20);
  }
  EXPECT_LT(address_space_pages() - before, 1024U);  // 4 MB: one file is twice that
}

TEST(Place, RefusesFilesEveryoneCanChange) {
  const Folder folder;
  const auto file = folder.write("a.so", "abc");
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
  EXPECT_EQ(read_plugin_file(file).error().code, "plugin_unsafe_file");
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  EXPECT_EQ(read_plugin_file(file).error().code, "plugin_unsafe_file");
  ASSERT_EQ(::chmod(folder.path().c_str(), 01777), 0);  // sticky: nobody else can rename it away
  EXPECT_TRUE(read_plugin_file(file));
}

TEST(Place, RefusesAFileAboveTheLimitWithoutReadingIt) {
  const Folder folder;
  const auto file = folder.write("huge.so", "x");
  fs::resize_file(file, std::uintmax_t{300} << 20);  // sparse
  const auto got = read_plugin_file(file);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().detail, HasSubstr("at most"));
}

TEST(Place, KeepsReadOnlyCopiesUnderPathsOfTheirOwn) {
  const Folder folder;
  const auto file = read_plugin_file(folder.write("a.so", "abc"));
  const auto digest = digest_of(file->bytes.all());
  fs::path first, second;
  {
    const auto copies = CopyFolder::open(folder.path() / "copies");
    ASSERT_TRUE(copies) << copies.error().detail;
    first = *copies->keep(*file, digest, "motor", 1);
    second = *copies->keep(*file, digest, "motor", 2);
    EXPECT_NE(first, second);
    EXPECT_TRUE(std::ranges::equal(bytes_of(first), file->bytes.all()));
    struct stat facts {};
    ASSERT_EQ(::stat(first.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777u, 0400u);
    ASSERT_EQ(::stat(copies->path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777u, 0700u);
    EXPECT_FALSE(copies->keep(*file, digest, "motor", 2)) << "a path was used twice";
  }
  EXPECT_FALSE(fs::exists(first.parent_path())) << "the folder outlived its owner";
}

TEST(Place, SweepsTheCopiesOfDeadProcessesAndNoOthers) {
  const Folder folder;
  fs::create_directory(folder.path() / "simhost-dead00");
  std::ofstream(folder.path() / "simhost-dead00" / "lock") << "";
  std::ofstream(folder.path() / "simhost-dead00" / "old.so") << "old";
  fs::create_directory(folder.path() / "simhost-dead01");  // ended before it could lock
  std::ofstream(folder.path() / "notes.txt") << "not ours";
  const auto living = CopyFolder::open(folder.path());
  ASSERT_TRUE(living);
  EXPECT_FALSE(fs::exists(folder.path() / "simhost-dead00"));
  EXPECT_FALSE(fs::exists(folder.path() / "simhost-dead01"));
  EXPECT_TRUE(fs::exists(folder.path() / "notes.txt"));
  const auto next = CopyFolder::open(folder.path());
  ASSERT_TRUE(next);
  EXPECT_TRUE(fs::exists(living->path()));
}

}  // namespace
}  // namespace simhost::plugin
