// The open end of a recording: what a crash at any byte leaves of it.
#include <host/record/journal.hpp>

#include <fstream>

#include <gtest/gtest.h>

#include <host/record/crc32c.hpp>
#include <tests/unit/record/samples.hpp>

namespace simhost::record {
namespace {

void put_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

struct Written {
  Folder folder;
  About about = sample_about();
  std::string bytes;
  std::size_t before_last = 0;

  Written() {
    auto journal = Journal::create(folder / "0.journal", about).value();
    EXPECT_TRUE(journal.append(sample_batch(about, 0, 3)));
    auto after_gap = sample_batch(about, 20, 2);
    after_gap.before = Gap{6, 18, "lapped"};
    EXPECT_TRUE(journal.append(after_gap));
    before_last = journal.bytes();
    EXPECT_TRUE(journal.append(sample_batch(about, 24, 4)));
    EXPECT_EQ(journal.rows(), 18U);
    bytes = read_file(folder / "0.journal", 1 << 20).value();
    EXPECT_EQ(bytes.size(), journal.bytes());
  }
};

TEST(Journal, GivesBackItsBatchesAndGaps) {
  Written written;
  const auto part = open_journal(written.folder / "0.journal", written.about).value();
  ASSERT_EQ(part->groups().size(), 3U);
  EXPECT_EQ(part->groups()[1].first_tick, 20);
  EXPECT_EQ(part->groups()[1].last_tick, 22);
  EXPECT_EQ(part->gaps(), (std::vector<Gap>{{6, 18, "lapped"}}));
  const std::size_t columns[] = {1};
  const auto rows = part->read(2, columns).value();
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows.values[0][3], sample_value(written.about.columns[1], 26, 4));
}

TEST(Journal, LosesOnlyTheLastBatchWhereverItIsCut) {
  Written written;
  const auto path = written.folder / "0.journal";
  for (std::size_t size = written.bytes.size(); size-- > 0;) {
    std::filesystem::resize_file(path, size);
    const auto part = open_journal(path, written.about).value();
    if (size >= written.before_last)
      ASSERT_EQ(part->groups().size(), 2U) << size;
    else
      ASSERT_LT(part->groups().size(), 2U) << size;
  }
}

TEST(Journal, EndsAtABitThatFlipped) {
  Written written;
  for (std::size_t at = written.before_last; at < written.bytes.size(); ++at) {
    auto changed = written.bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    put_bytes(written.folder / "flipped.journal", changed);
    const auto part = open_journal(written.folder / "flipped.journal", written.about).value();
    ASSERT_EQ(part->groups().size(), 2U) << at;
  }
}

TEST(Journal, RefusesThatOfAnotherRecording) {
  Written written;
  auto other = written.about;
  other.lanes = {0, 1, 2};
  EXPECT_EQ(open_journal(written.folder / "0.journal", other).error().code, "file_damaged");
}

TEST(Journal, BecomesAPartOfAllItsWholeBatches) {
  Written written;
  put_bytes(written.folder / "cut.journal", written.bytes.substr(0, written.bytes.size() - 1));
  ASSERT_TRUE(convert({written.folder / "cut.journal"}, written.folder / "0.parquet", written.about, {}));
  const auto part = open_part(written.folder / "0.parquet", written.about).value();
  ASSERT_EQ(part->groups().size(), 1U);
  EXPECT_EQ(part->groups()[0].rows, 10U);
  EXPECT_EQ(part->groups()[0].last_tick, 22);
  EXPECT_FALSE(std::filesystem::exists(written.folder / "0.parquet.part"));
}

// RFC 3720, B.4.
TEST(Crc32c, IsThatOfTheStandard) {
  const std::string zeros(32, '\0');
  EXPECT_EQ(crc32c(zeros), 0x8A9136AAU);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'x');
    EXPECT_EQ(crc32c(text), crc32c_plain(text));
    EXPECT_EQ(crc32c(text + "end"), crc32c("end", crc32c(text)));
  }
}

}  // namespace
}  // namespace simhost::record
