/// The list of headers that is installed, hashed and compiled alone is the folder of headers.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>

namespace {

TEST(Headers, AreAllInTheListThatIsInstalledAndHashed) {
  std::set<std::string> listed, found;
  std::istringstream list(SIM_HEADER_LIST);
  for (std::string name; std::getline(list, name, ',');) listed.insert(name);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SIM_HEADER_ROOT)) {
    if (entry.is_regular_file()) found.insert(std::filesystem::relative(entry.path(), SIM_HEADER_ROOT).string());
  }
  EXPECT_EQ(listed, found);
}

}  // namespace
