// The door to the module that knows Arrow: one for everybody, and an error with its mend where there is none.
#include <host/record/parquet_module.hpp>

#include <array>
#include <thread>

#include <gmock/gmock.h>

namespace simhost::record {
namespace {

using testing::HasSubstr;

TEST(ParquetModule, ThatIsNotThereIsUnsupportedAndSaysTheMend) {
  const auto opened = open_parquet_module("libsimhost_of_nobody.so");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "unsupported");
  EXPECT_THAT(opened.error().detail, HasSubstr("libsimhost_of_nobody.so"));
  EXPECT_THAT(opened.error().detail, HasSubstr("lib/simhost"));
  EXPECT_THAT(opened.error().detail, HasSubstr("csv"));
}

TEST(ParquetModule, ThatIsAnotherLibraryIsUnsupported) {
  const auto opened = open_parquet_module("libm.so.6");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "unsupported");
  EXPECT_THAT(opened.error().detail, HasSubstr("libm.so.6 is another library"));
}

TEST(ParquetModule, IsOneForAllThreads) {
  std::array<const ParquetModule*, 8> seen{};
  {
    std::array<std::jthread, seen.size()> threads;
    for (std::size_t i = 0; i < seen.size(); ++i)
      threads[i] = std::jthread([&seen, i] { seen[i] = parquet_module().value_or(nullptr); });
  }
  ASSERT_NE(seen[0], nullptr);
  for (const auto* module : seen) EXPECT_EQ(module, seen[0]);
}

}  // namespace
}  // namespace simhost::record
