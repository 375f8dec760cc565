// CSV files of recordings: names with whatever is special to CSV in them come back, and so do the steps of slow models.
#include <host/record/csv.hpp>

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <tests/unit/record/samples.hpp>

namespace simhost::record {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> odd_names{"a\nb",   "",  "\r",        "\r\n", "\n\n", "say \"no\"", "\"",
                                         "\"\n\"", ",", "run, fast", " ",    "true", "nan"};

About odd_about() {
  About about = sample_about(Format::csv);
  about.columns = {{1, SIM_REAL, "speed,\n\"fast\"", "", {}}, {2, SIM_ENUM, "mode", "", odd_names}};
  about.lanes = {0};
  return about;
}

// Each name in turn, and no name after the last.
Rows odd_rows(std::size_t count, double step_s = 0.001) {
  Rows rows;
  rows.clear(2);
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = i % (odd_names.size() + 1);
    rows.tick.push_back(static_cast<std::int64_t>(i));
    rows.time_s.push_back(static_cast<double>(i) * step_s);
    rows.lane.push_back(0);
    rows.values[0].push_back(0.1 * static_cast<double>(i));
    rows.values[1].push_back(name < odd_names.size() ? static_cast<double>(name) : nan);
  }
  return rows;
}

std::filesystem::path write_csv(const Folder& folder, const About& about, const Rows& rows) {
  const auto path = folder / "0.csv";
  auto writer = create_csv(path, about).value();
  EXPECT_TRUE(writer->write(rows));
  EXPECT_TRUE(writer->finish());
  return path;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// What opening and reading all of a file with this text says.
std::string refusal_of(const About& about, const std::string& text) {
  const Folder folder;
  std::ofstream(folder / "0.csv", std::ios::binary) << text;
  const auto part = open_csv(folder / "0.csv", about);
  if (!part) return part.error().detail;
  for (std::size_t g = 0; g < (*part)->groups().size(); ++g)
    if (const auto rows = (*part)->read(g, std::vector<std::size_t>{0, 1}); !rows) return rows.error().detail;
  return "";
}

TEST(Csv, GivesBackNamesWithLineEndsAndQuotesAndTheEmptyOne) {
  const Folder folder;
  const auto about = odd_about();
  const auto rows = odd_rows(100);
  const auto part = open_csv(write_csv(folder, about, rows), about).value();
  ASSERT_EQ(part->groups().size(), 1U);
  EXPECT_EQ(part->groups()[0].rows, 100U);
  const auto again = part->read(0, std::vector<std::size_t>{0, 1}).value();
  EXPECT_EQ(again.tick, rows.tick);
  EXPECT_EQ(again.time_s, rows.time_s);
  EXPECT_EQ(again.values[0], rows.values[0]);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(same(again.values[1][i], rows.values[1][i])) << i;
}

TEST(Csv, FindsItsGroupsAgainInAnyOrder) {
  const Folder folder;
  auto about = odd_about();
  while (group_rows(about) > 1024) about.columns.push_back({9, SIM_BOOLEAN, "more", "", {}});
  auto rows = odd_rows(3000);
  rows.values.resize(about.columns.size(), std::vector<double>(rows.size(), 1));
  const auto part = open_csv(write_csv(folder, about, rows), about).value();
  ASSERT_EQ(part->groups().size(), 3U);
  for (const std::size_t group : {2U, 0U, 1U, 1U}) {
    const auto some = part->read(group, std::vector<std::size_t>{1}).value();
    ASSERT_EQ(some.size(), group == 2 ? 952U : 1024U);
    EXPECT_EQ(some.tick.front(), static_cast<std::int64_t>(1024 * group));
    EXPECT_EQ(part->groups()[group].last_tick, some.tick.back());
    for (std::size_t i = 0; i < some.size(); ++i)
      ASSERT_TRUE(same(some.values[0][i], rows.values[1][1024 * group + i])) << group << " " << i;
  }
}

TEST(Csv, TellsTheEmptyNameFromNoValue) {
  const Folder folder;
  auto about = odd_about();
  const auto text = text_of(write_csv(folder, about, odd_rows(odd_names.size() + 1)));
  EXPECT_NE(text.find("\n1,0.001,0,0.1,\"\"\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with(",\n")) << text;
  about.columns[1].enum_names = {"idle"};
  EXPECT_EQ(refusal_of(about, "tick,time_s,lane,speed,mode\n1,1,0,2,\n"), "");
  EXPECT_EQ(refusal_of(about, "tick,time_s,lane,speed,mode\n1,1,0,2,\"\"\n"),
            "0.csv: line 2 is not one of this recording");
  EXPECT_EQ(refusal_of(about, "tick,time_s,lane,speed,mode\n1,1,0,\"\",idle\n"),
            "0.csv: line 2 is not one of this recording");
}

TEST(Csv, NamesTheLineOfTheFileThatIsNoneOfIts) {
  const auto about = odd_about();
  const std::string head = "tick,time_s,lane,\"speed,\n\"\"fast\"\"\",mode\n", row = "1,1,0,2,\"a\nb\"\n";
  EXPECT_EQ(refusal_of(about, head + row + row), "");
  for (const std::string bad : {"1,1,0,2,a", "1,1,0,2,\"a\nb\"x\n", "1,1,0,2,\"a\nb\n", "1,1,0,2,\"a\nb\n\" \n",
                                "1,1,0,2,\r\n", "1,1,0,2,x\"\"\n", "1,1,0,2\n", "1,1,0,2,,\n", "\n", "\"\n", "\"\"\n"})
    EXPECT_EQ(refusal_of(about, head + row + row + bad), "0.csv: line 7 is not one of this recording") << bad;
  EXPECT_EQ(refusal_of(about, ""), "0.csv: line 1 is not one of this recording");
}

// What comes after a quote that is not closed is looked at as far as our longest record goes, however long the file is.
TEST(Csv, RefusesAQuoteThatIsNeverClosed) {
  const auto about = odd_about();
  const std::string many_rows = [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "1,1,0,2,\n";
    return text;
  }();
  const std::string head = "tick,time_s,lane,speed,mode\n1,1,0,2,\n";
  EXPECT_EQ(refusal_of(about, head + "1,1,0,2,\"a\n" + many_rows), "0.csv: line 3 is not one of this recording");
  EXPECT_EQ(refusal_of(about, head + "1,1,0,2,\"a\n" + many_rows + "b\"\n"),
            "0.csv: line 3 is not one of this recording");
}

TEST(Csv, GivesBackTheTimesOfTheLongestSteps) {
  for (const std::int64_t step_ns : {std::int64_t{1}, std::int64_t{1'000'000'000'000'000'000}, INT64_MAX}) {
    const Folder folder;
    auto about = odd_about();
    about.step_ns = step_ns;
    const auto rows = odd_rows(20, static_cast<double>(step_ns) / 1e9);
    const auto read = read_about(show_meta(about, {}));
    ASSERT_TRUE(read) << step_ns << " " << read.error().detail;
    EXPECT_EQ(read->step_ns, step_ns);
    const auto part = open_csv(write_csv(folder, *read, rows), *read).value();
    EXPECT_EQ(part->read(0, std::vector<std::size_t>{}).value().time_s, rows.time_s);
    EXPECT_EQ(part->groups()[0].to_s, rows.time_s.back());
  }
}

}  // namespace
}  // namespace simhost::record
