// Our own CSV files back into rows; a line that is none of ours is an error with its number.
#include <host/record/csv.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>

namespace simhost::record {

namespace {

constexpr std::size_t fixed_columns = 3;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Splits one line; a quoted field has its quotes taken off. False: a quote is not closed.
bool split(std::string_view line, std::vector<std::string>& fields) {
  fields.assign(1, {});
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return !quoted;
}

template <class Number>
bool parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_integer(std::string_view text, double& out) {
  std::int64_t whole = 0;
  if (!parse(text, whole)) return false;
  out = static_cast<double>(whole);
  return std::abs(out) < 0x1p63;
}

bool parse_value(const Column& column, const std::string& text, double& out) {
  out = nothing;
  if (text.empty()) return true;
  if (column.type == SIM_BOOLEAN) {
    out = text == "true" ? 1 : 0;
    return text == "true" || text == "false";
  }
  if (column.type == SIM_INTEGER) return parse_integer(text, out);
  if (column.type != SIM_ENUM) return parse(text, out);
  const auto found = std::ranges::find(column.enum_names, text);
  out = static_cast<double>(found - column.enum_names.begin());
  return found != column.enum_names.end();
}

class CsvPart final : public Part {
 public:
  CsvPart(const std::filesystem::path& path, const About& about) : path_(path), file_(path, std::ios::binary) {
    about_ = about;
  }

  // Looks at each line's tick and time once.
  Outcome open() {
    std::string line;
    if (!file_ || !std::getline(file_, line)) return damaged(0);
    if (!split(line, fields_) || fields_.size() != fixed_columns + about_.columns.size()) return damaged(0);
    const std::size_t most = group_rows(about_);
    for (std::uint64_t number = 1;; ++number) {
      const auto at = file_.tellg();
      if (!std::getline(file_, line)) break;
      if (file_.eof()) return damaged(number);  // a line that does not end was cut
      if (groups_.empty() || groups_.back().rows == most) begin_group(at, number);
      if (!note(line)) return damaged(number);
    }
    return {};
  }

  Result<Rows> read(std::size_t group, std::span<const std::size_t> columns) override {
    Rows rows;
    rows.clear(columns.size());
    rows.reserve(groups_[group].rows);
    file_.clear();
    file_.seekg(starts_[group].at);
    std::string line;
    for (std::uint64_t i = 0; i < groups_[group].rows; ++i)
      if (!std::getline(file_, line) || !take(line, columns, rows)) return damaged(starts_[group].line + i);
    return rows;
  }

 private:
  struct Start {
    std::streampos at;
    std::uint64_t line;
  };
  [[nodiscard]] tl::unexpected<Error> damaged(std::uint64_t line) const {
    return fail("file_damaged",
                path_.filename().string() + ": line " + std::to_string(line + 1) + " is not one of this recording");
  }

  void begin_group(std::streampos at, std::uint64_t line) {
    starts_.push_back({at, line});
    groups_.push_back({0, std::numeric_limits<std::int64_t>::max(), 0, std::numeric_limits<double>::max(), 0});
  }

  bool note(std::string_view line) {
    const auto first = std::min(line.find(','), line.size());
    const auto second = std::min(line.find(',', first + 1), line.size());
    std::int64_t tick = 0;
    double time_s = 0;
    if (second <= first || !parse(line.substr(0, first), tick) ||
        !parse(line.substr(first + 1, second - first - 1), time_s) || !std::isfinite(time_s))
      return false;
    Group& group = groups_.back();
    ++group.rows;
    group.first_tick = std::min(group.first_tick, tick);
    group.last_tick = std::max(group.last_tick, tick);
    group.from_s = std::min(group.from_s, time_s);
    group.to_s = std::max(group.to_s, time_s);
    return true;
  }

  bool take(std::string_view line, std::span<const std::size_t> columns, Rows& rows) {
    if (!split(line, fields_) || fields_.size() != fixed_columns + about_.columns.size()) return false;
    std::int64_t tick = 0;
    std::int32_t lane = 0;
    double time_s = 0;
    if (!parse(fields_[0], tick) || !parse(fields_[1], time_s) || !parse(fields_[2], lane)) return false;
    if (!std::isfinite(time_s)) return false;
    rows.tick.push_back(tick);
    rows.time_s.push_back(time_s);
    rows.lane.push_back(lane);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      double value = 0;
      if (!parse_value(about_.columns[columns[c]], fields_[fixed_columns + columns[c]], value)) return false;
      rows.values[c].push_back(value);
    }
    return true;
  }

  std::filesystem::path path_;
  std::ifstream file_;
  std::vector<Start> starts_;
  std::vector<std::string> fields_;
};

}  // namespace

Result<std::unique_ptr<Part>> open_csv(const std::filesystem::path& path, const About& about) {
  auto part = std::make_unique<CsvPart>(path, about);
  if (auto opened = part->open(); !opened) return fail(opened.error());
  return part;
}

}  // namespace simhost::record
