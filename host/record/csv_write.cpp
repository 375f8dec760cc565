// Rows to CSV by RFC 4180, numbers in the shortest form that reads back equal.
#include <host/record/csv.hpp>

#include <charconv>
#include <cmath>

#include <host/record/file.hpp>

namespace simhost::record {

namespace {

constexpr std::size_t flush_bytes = 1 << 18;

// Nothing without quotes is no value, with them the text "".
void add_text(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

template <class Number>
void add_number(std::string& out, Number number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// A float keeps its point, so that a column of them is one to every reader.
void add_real(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "" : value > 0 ? "inf" : "-inf";
    return;
  }
  const auto before = out.size();
  add_number(out, value);
  if (std::string_view(out).substr(before).find_first_of(".e") == std::string_view::npos) out += ".0";
}

// What is no value of its type is left empty.
void add_value(std::string& out, const Column& column, double value) {
  if (column.type == SIM_REAL) return add_real(out, value);
  if (std::isnan(value)) return;
  if (column.type == SIM_BOOLEAN) {
    out += value != 0 ? "true" : "false";
  } else if (column.type == SIM_ENUM) {
    if (value > -1 && value < static_cast<double>(column.enum_names.size()))
      add_text(out, column.enum_names[static_cast<std::size_t>(value)]);
  } else if (std::abs(value) < 0x1p63) {
    add_number(out, static_cast<std::int64_t>(value));
  }
}

class CsvWriter final : public PartWriter {
 public:
  CsvWriter(const About& about, File file) : about_(about), file_(std::move(file)) {
    text_ = "tick,time_s,lane";
    for (const auto& column : about_.columns) {
      text_ += ',';
      add_text(text_, column_name(column));
    }
    text_ += '\n';
  }

  Outcome write(const Rows& rows) override {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      add_number(text_, rows.tick[i]);
      text_ += ',';
      add_real(text_, rows.time_s[i]);
      text_ += ',';
      add_number(text_, rows.lane[i]);
      for (std::size_t c = 0; c < about_.columns.size(); ++c) {
        text_ += ',';
        add_value(text_, about_.columns[c], rows.values[c][i]);
      }
      text_ += '\n';
      if (text_.size() >= flush_bytes)
        if (auto done = flush(); !done) return done;
    }
    return {};
  }

  Outcome finish() override {
    auto done = flush();
    return done ? file_.sync() : done;
  }

 private:
  Outcome flush() {
    auto done = file_.append(text_);
    text_.clear();
    return done;
  }

  About about_;
  File file_;
  std::string text_;
};

}  // namespace

Result<std::unique_ptr<PartWriter>> create_csv(const std::filesystem::path& path, const About& about) {
  auto file = File::create(path);
  if (!file) return fail(file.error());
  return std::make_unique<CsvWriter>(about, std::move(*file));
}

}  // namespace simhost::record
