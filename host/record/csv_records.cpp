// Looks for the line ends outside of quotes; a quote within quotes is doubled, so that counting them will do.
#include <host/record/csv_records.hpp>

namespace simhost::record {

namespace {
constexpr std::size_t block_bytes = 1 << 16;
}

CsvRecords::CsvRecords(const std::filesystem::path& path, std::size_t longest_bytes)
    : file_(path, std::ios::binary), longest_bytes_(longest_bytes) {}

std::optional<std::string_view> CsvRecords::next() {
  bool quoted = false;
  std::uint64_t lines = 1;
  for (std::size_t length = 0;; ++length) {
    if (length > longest_bytes_ || (first_ + length == buffer_.size() && !fill())) return {};
    const char c = buffer_[first_ + length];
    if (c == '"') quoted = !quoted;
    if (c != '\n') continue;
    if (quoted) {
      ++lines;
      continue;
    }
    const auto record = std::string_view(buffer_).substr(first_, length);
    first_ += length + 1;
    line_ += lines;
    return record;
  }
}

bool CsvRecords::at_end() const { return file_.eof() && first_ == buffer_.size(); }

CsvRecords::Place CsvRecords::place() const { return {at_ + first_, line_}; }

void CsvRecords::go_to(Place place) {
  file_.clear();
  file_.seekg(static_cast<std::streamoff>(place.byte));
  buffer_.clear();
  first_ = 0;
  at_ = place.byte;
  line_ = place.line;
}

// Keeps what has been read of the next record. False: there is no more.
bool CsvRecords::fill() {
  buffer_.erase(0, first_);
  at_ += first_;
  first_ = 0;
  const auto kept = buffer_.size();
  buffer_.resize(kept + block_bytes);
  file_.read(buffer_.data() + kept, block_bytes);
  buffer_.resize(kept + static_cast<std::size_t>(file_.gcount()));
  return buffer_.size() > kept;
}

}  // namespace simhost::record
