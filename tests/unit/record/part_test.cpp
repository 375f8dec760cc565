// Files of a recording: what is written comes back, whatever the format, type and size; damage is an error.
#include <host/record/reader.hpp>

#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <tests/unit/record/samples.hpp>

namespace simhost::record {
namespace {

namespace fs = std::filesystem;

// The file that a journal of so many ticks becomes.
fs::path write_part(const Folder& folder, const About& about, std::size_t ticks, std::span<const Gap> gaps = {}) {
  auto journal = Journal::create(folder / "0.journal", about).value();
  if (ticks > 0) {
    EXPECT_TRUE(journal.append(sample_batch(about, 10, ticks)));
  }
  const auto path = folder / ("0." + std::string(to_string(about.format)));
  const auto done = convert({folder / "0.journal"}, path, about, gaps);
  EXPECT_TRUE(done) << (done ? "" : done.error().detail);
  return path;
}

std::string bytes_of(const fs::path& path) { return read_file(path, 1 << 30).value(); }
void put_bytes(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// Reads all there is; the error of whatever fails.
Result<std::uint64_t> read_all(const fs::path& path, const About& about) {
  auto reader = Reader::open(about, {path});
  if (!reader) return fail(reader.error());
  std::uint64_t rows = 0;
  while (rows < (*reader)->rows()) {
    auto some = (*reader)->read(rows, 1000);
    if (!some) return fail(some.error());
    if (some->size() == 0) break;
    rows += some->size();
  }
  return rows;
}

void expect_equal(const About& about, const fs::path& path, std::size_t ticks) {
  auto opened = Reader::open(about, {path});
  ASSERT_TRUE(opened) << opened.error().detail;
  Reader& reader = **opened;
  ASSERT_EQ(reader.rows(), ticks * 2);
  std::uint64_t row = 0;
  while (row < reader.rows()) {
    const auto rows = reader.read(row, 777).value();
    ASSERT_GT(rows.size(), 0U);
    for (std::size_t i = 0; i < rows.size(); ++i, ++row) {
      const auto tick = 10 + 2 * static_cast<std::int64_t>(row / 2);
      ASSERT_EQ(rows.tick[i], tick);
      ASSERT_EQ(rows.time_s[i], static_cast<double>(tick) * 1'000'000 / 1e9);
      ASSERT_EQ(rows.lane[i], row % 2 == 0 ? 0 : 4);
      for (std::size_t c = 0; c < about.columns.size(); ++c) {
        const auto expected = sample_value(about.columns[c], tick, about.lanes[row % 2]);
        ASSERT_TRUE(same(rows.values[c][i], expected)) << c << " " << rows.values[c][i] << " " << expected;
      }
    }
  }
  EXPECT_EQ(reader.read(row, 10).value().size(), 0U);
}

class AnyFormat : public testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(Formats, AnyFormat, testing::Values(Format::parquet, Format::csv),
                         [](const auto& format) { return std::string(to_string(format.param)); });

TEST_P(AnyFormat, GivesBackEveryTypeAndSize) {
  const auto about = sample_about(GetParam());
  for (const std::size_t ticks : {0U, 1U, 2U, 3U, 7U, 8U, 9U, 1023U, 1024U, 1025U, 4097U}) {
    const Folder folder;
    expect_equal(about, write_part(folder, about, ticks), ticks);
  }
}

TEST_P(AnyFormat, FindsTheRowOfATimeAndOfATick) {
  const auto about = sample_about(GetParam());
  const Folder folder;
  auto reader = Reader::open(about, {write_part(folder, about, 100)}).value();
  EXPECT_EQ(reader->row_at_tick(9).value(), std::nullopt);
  EXPECT_EQ(reader->row_at_tick(10).value(), 0U);
  EXPECT_EQ(reader->row_at_tick(11).value(), 0U);
  EXPECT_EQ(reader->row_at_tick(14).value(), 4U);
  EXPECT_EQ(reader->row_at_tick(1'000'000).value(), 198U);
  EXPECT_EQ(reader->row_at_time(0.0139).value(), 2U);
  EXPECT_EQ(reader->row_at_time(0.001).value(), std::nullopt);
  EXPECT_EQ(reader->from_s(), 0.01);
  EXPECT_EQ(reader->to_s(), 0.208);
}

TEST_P(AnyFormat, GivesOnlyTheColumnsAskedFor) {
  const auto about = sample_about(GetParam());
  const Folder folder;
  auto reader = Reader::open(about, {write_part(folder, about, 5)}).value();
  reader->select({3, 0});
  const auto rows = reader->read(0, 100).value();
  ASSERT_EQ(rows.values.size(), 2U);
  EXPECT_EQ(rows.values[0][0], sample_value(about.columns[3], 10, 0));
  EXPECT_EQ(rows.values[1][1], sample_value(about.columns[0], 10, 4));
}

TEST_P(AnyFormat, GoesFromOneFileToTheNext) {
  const auto about = sample_about(GetParam());
  const Folder folder;
  const auto first = write_part(folder, about, 50);
  const auto second = folder / ("1" + first.extension().string());
  auto journal = Journal::create(folder / "1.journal", about).value();
  ASSERT_TRUE(journal.append(sample_batch(about, 110, 30)));
  ASSERT_TRUE(convert({folder / "1.journal"}, second, about, {}));
  auto reader = Reader::open(about, {first, second}).value();
  EXPECT_EQ(reader->rows(), 160U);
  EXPECT_EQ(reader->row_at_tick(112).value(), 102U);
  const auto joined = folder / ("whole" + first.extension().string());
  ASSERT_TRUE(convert({first, second}, joined, about, {}));
  expect_equal(about, joined, 80);
}

// Cut anywhere it is refused or, of CSV at the end of a line, shorter.
TEST_P(AnyFormat, RefusesAFileThatWasCut) {
  const auto about = sample_about(GetParam());
  const Folder folder;
  const auto bytes = bytes_of(write_part(folder, about, 200));
  const auto cut = folder / ("cut." + std::string(to_string(GetParam())));
  for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 300) {
    put_bytes(cut, bytes.substr(0, size));
    const auto rows = read_all(cut, about);
    if (!rows) {
      EXPECT_EQ(rows.error().code, "file_damaged");
      EXPECT_NE(rows.error().detail.find("cut."), std::string::npos) << rows.error().detail;
    } else {
      EXPECT_EQ(GetParam(), Format::csv);
      EXPECT_EQ(bytes[size - 1], '\n');
    }
  }
}

// Pages carry checksums, so a changed value is found; a changed footer may only be refused or leave the rows alone.
TEST(Parquet, FindsAFlippedBit) {
  const auto about = sample_about();
  const Folder folder;
  const auto bytes = bytes_of(write_part(folder, about, 300));
  std::size_t found = 0, tries = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 400, ++tries) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    put_bytes(folder / "flipped.parquet", changed);
    const auto rows = read_all(folder / "flipped.parquet", about);
    if (!rows) {
      ++found;
      EXPECT_EQ(rows.error().code, "file_damaged");
    }
  }
  EXPECT_GT(found, tries / 2);
}

TEST(Parquet, KeepsMetadataAndGaps) {
  const auto about = sample_about();
  const Folder folder;
  const std::vector<Gap> gaps{{12, 18, "lapped"}, {40, 60, "disk_full"}};
  const auto part = open_part(write_part(folder, about, 3, gaps), about).value();
  EXPECT_EQ(part->gaps(), gaps);
  EXPECT_EQ(to_json(show_meta(part->about(), part->gaps())), to_json(show_meta(about, gaps)));
  EXPECT_EQ(part->about().columns[3].enum_names, about.columns[3].enum_names);
}

TEST(Parquet, RefusesAFileOfAnotherMake) {
  const Folder folder;
  put_bytes(folder / "text.parquet", "hello");
  EXPECT_EQ(Reader::open(sample_about(), {folder / "text.parquet"}).error().code, "file_damaged");
  EXPECT_FALSE(Reader::open(sample_about(), {folder / "none.parquet"}));
  auto other = sample_about();
  other.lanes = {1};
  const auto path = write_part(folder, other, 3);
  EXPECT_EQ(Reader::open(sample_about(), {path}).error().detail, "0.parquet is of another recording");
}

}  // namespace
}  // namespace simhost::record
