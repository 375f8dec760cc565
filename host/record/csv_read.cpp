// Our own CSV files back into rows; a line that is none of ours is an error with its number.
#include <host/record/csv.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <host/record/csv_records.hpp>

namespace simhost::record {

namespace {

constexpr std::size_t fixed_columns = 3;
constexpr std::size_t number_bytes = 64;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct Field {
  std::string text;
  bool quoted = false;
};

// Gives where the field ends, past the record if its quotes are not closed; quotes around it are taken off.
std::size_t take_field(std::string_view record, std::size_t at, Field& field) {
  field.quoted = at < record.size() && record[at] == '"';
  if (!field.quoted) {
    const auto end = std::min(record.find_first_of(",\"\r", at), record.size());
    field.text = record.substr(at, end - at);
    return end;
  }
  for (++at; at < record.size(); ++at) {
    if (record[at] == '"' && (++at == record.size() || record[at] != '"')) return at;
    field.text += record[at];
  }
  return std::string_view::npos;
}

// False: a quote is not closed, or stands where none may.
bool split(std::string_view record, std::vector<Field>& fields) {
  fields.clear();
  for (std::size_t at = 0;; ++at) {
    at = take_field(record, at, fields.emplace_back());
    if (at >= record.size()) return at == record.size();
    if (record[at] != ',') return false;
  }
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

// An empty field is no value; one with quotes around it is the name "".
bool parse_value(const Column& column, const Field& field, double& out) {
  const std::string& text = field.text;
  out = nothing;
  if (text.empty() && !field.quoted) return true;
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

// Of those we write.
std::size_t longest_record(const About& about) {
  const auto quoted_bytes = [](const std::string& text) { return 2 * text.size() + 2; };
  std::size_t bytes = fixed_columns * number_bytes;
  for (const auto& column : about.columns) {
    std::size_t longest = std::max(number_bytes, quoted_bytes(column_name(column)));
    for (const auto& name : column.enum_names) longest = std::max(longest, quoted_bytes(name));
    bytes += longest + 1;
  }
  return bytes;
}

class CsvPart final : public Part {
 public:
  CsvPart(const std::filesystem::path& path, const About& about) : path_(path), records_(path, longest_record(about)) {
    about_ = about;
  }

  // Looks at each record's tick and time once.
  Outcome open() {
    const auto names = records_.next();
    if (!names || !take_fields(*names)) return damaged({});
    const std::size_t most = group_rows(about_);
    for (;;) {
      const auto place = records_.place();
      const auto record = records_.next();
      if (!record && records_.at_end()) return {};
      if (groups_.empty() || groups_.back().rows == most) begin_group(place);
      if (!record || !note(*record)) return damaged(place);
    }
  }

  Result<Rows> read(std::size_t group, std::span<const std::size_t> columns) override {
    Rows rows;
    rows.clear(columns.size());
    rows.reserve(groups_[group].rows);
    records_.go_to(starts_[group]);
    for (std::uint64_t i = 0; i < groups_[group].rows; ++i) {
      const auto place = records_.place();
      const auto record = records_.next();
      if (!record || !take(*record, columns, rows)) return damaged(place);
    }
    return rows;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> damaged(CsvRecords::Place place) const {
    return fail("file_damaged",
                path_.filename().string() + ": line " + std::to_string(place.line) + " is not one of this recording");
  }

  void begin_group(CsvRecords::Place place) {
    starts_.push_back(place);
    groups_.push_back({0, std::numeric_limits<std::int64_t>::max(), 0, std::numeric_limits<double>::max(), 0});
  }

  bool take_fields(std::string_view record) {
    return split(record, fields_) && fields_.size() == fixed_columns + about_.columns.size();
  }

  bool note(std::string_view record) {
    const auto first = std::min(record.find(','), record.size());
    const auto second = std::min(record.find(',', first + 1), record.size());
    std::int64_t tick = 0;
    double time_s = 0;
    if (second <= first || !parse(record.substr(0, first), tick) ||
        !parse(record.substr(first + 1, second - first - 1), time_s) || !std::isfinite(time_s))
      return false;
    Group& group = groups_.back();
    ++group.rows;
    group.first_tick = std::min(group.first_tick, tick);
    group.last_tick = std::max(group.last_tick, tick);
    group.from_s = std::min(group.from_s, time_s);
    group.to_s = std::max(group.to_s, time_s);
    return true;
  }

  bool take(std::string_view record, std::span<const std::size_t> columns, Rows& rows) {
    if (!take_fields(record)) return false;
    std::int64_t tick = 0;
    std::int32_t lane = 0;
    double time_s = 0;
    if (!parse(fields_[0].text, tick) || !parse(fields_[1].text, time_s) || !parse(fields_[2].text, lane)) return false;
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
  CsvRecords records_;
  std::vector<CsvRecords::Place> starts_;  // of groups_
  std::vector<Field> fields_;
};

}  // namespace

Result<std::unique_ptr<Part>> open_csv(const std::filesystem::path& path, const About& about) {
  auto part = std::make_unique<CsvPart>(path, about);
  if (auto opened = part->open(); !opened) return fail(opened.error());
  return part;
}

}  // namespace simhost::record
