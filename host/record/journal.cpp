// Batches to bytes and back.
#include <host/record/journal.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>

#include <host/record/crc32c.hpp>

namespace simhost::record {

namespace fs = std::filesystem;

namespace {

static_assert(std::endian::native == std::endian::little, "the journal is written as memory has it");
constexpr std::string_view magic = "SIMJRNL1";
constexpr std::size_t reason_bytes = 16;
constexpr std::uint32_t batch_bytes_max = 512 << 20;

struct FileHead {
  char magic[8];
  std::uint32_t columns, lanes;
};

struct BatchHead {
  std::uint32_t bytes, crc;  // of everything behind these two
  std::uint32_t ticks, has_gap;
  std::int64_t gap_from, gap_to;
  char gap_reason[reason_bytes];
};
constexpr std::size_t guarded_at = offsetof(BatchHead, ticks);

template <class T>
void put(std::string& out, const std::vector<T>& values) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

BatchHead head_of(const Batch& batch) {
  BatchHead head{};
  head.bytes = static_cast<std::uint32_t>(sizeof(BatchHead) - guarded_at + batch.bytes());
  head.ticks = static_cast<std::uint32_t>(batch.ticks.size());
  if (batch.before) {
    head.has_gap = 1;
    head.gap_from = batch.before->from_tick;
    head.gap_to = batch.before->to_tick;
    batch.before->reason.copy(head.gap_reason, reason_bytes - 1);
  }
  return head;
}

// A batch as it stands in a file; the numbers of a tick are 8 bytes each.
struct Found {
  std::uint64_t at = 0;
  BatchHead head{};
};

class JournalPart final : public Part {
 public:
  JournalPart(const fs::path& path, const About& about) : path_(path), file_(path, std::ios::binary) { about_ = about; }

  Outcome open() {
    std::error_code error;
    const auto size = fs::file_size(path_, error);
    if (error || !file_) return fail("storage_error", "cannot read " + path_.filename().string());
    FileHead head{};
    if (!file_.read(reinterpret_cast<char*>(&head), sizeof head)) return {};  // cut within its head: nothing in it
    if (std::string_view(head.magic, magic.size()) != magic || head.columns != about_.columns.size() ||
        head.lanes != about_.lanes.size())
      return fail("file_damaged", path_.filename().string() + " is no journal of this recording");
    for (std::uint64_t at = sizeof(FileHead); at + sizeof(BatchHead) <= size;) {
      Found found{at, {}};
      if (!read_batch(found, size)) break;
      note(found);
      at += guarded_at + found.head.bytes;
    }
    return {};
  }

  Result<Rows> read(std::size_t group, std::span<const std::size_t> columns) override {
    if (!read_batch(found_[group], UINT64_MAX))
      return fail("file_damaged", path_.filename().string() + " has changed while it was read");
    Rows rows;
    rows.clear(columns.size());
    rows.reserve(groups_[group].rows);
    for (std::uint32_t t = 0; t < found_[group].head.ticks; ++t) spread(t, found_[group].head.ticks, columns, rows);
    return rows;
  }

 private:
  // Into payload_; false where the batch is cut or changed.
  bool read_batch(Found& found, std::uint64_t size) {
    auto& head = found.head;
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(found.at));
    if (!file_.read(reinterpret_cast<char*>(&head), sizeof head)) return false;
    const std::uint64_t per_tick = 8 * (2 + about_.values());
    const auto expected = sizeof(BatchHead) - guarded_at + head.ticks * per_tick;
    if (head.ticks == 0 || head.bytes != expected || head.bytes > batch_bytes_max) return false;
    if (found.at + guarded_at + head.bytes > size) return false;
    payload_.resize(head.ticks * per_tick);
    if (!file_.read(payload_.data(), static_cast<std::streamsize>(payload_.size()))) return false;
    const char* guarded = reinterpret_cast<const char*>(&head) + guarded_at;
    return crc32c(payload_, crc32c({guarded, sizeof(BatchHead) - guarded_at})) == head.crc;
  }

  template <class T>
  [[nodiscard]] T number(std::size_t place) const {
    T value;
    std::memcpy(&value, payload_.data() + 8 * place, sizeof value);
    return value;
  }

  void note(const Found& found) {
    const auto ticks = found.head.ticks;
    Group group{ticks * about_.lanes.size(), number<std::int64_t>(0), number<std::int64_t>(0), number<double>(ticks),
                number<double>(ticks)};
    for (std::uint32_t t = 1; t < ticks; ++t) {
      group.first_tick = std::min(group.first_tick, number<std::int64_t>(t));
      group.last_tick = std::max(group.last_tick, number<std::int64_t>(t));
      group.from_s = std::min(group.from_s, number<double>(ticks + t));
      group.to_s = std::max(group.to_s, number<double>(ticks + t));
    }
    if (found.head.has_gap != 0) {
      const auto length = strnlen(found.head.gap_reason, reason_bytes);
      gaps_.push_back({found.head.gap_from, found.head.gap_to, std::string(found.head.gap_reason, length)});
    }
    groups_.push_back(group);
    found_.push_back(found);
  }

  void spread(std::uint32_t tick, std::uint32_t ticks, std::span<const std::size_t> columns, Rows& rows) const {
    const std::size_t lanes = about_.lanes.size();
    const std::size_t first = 2 * std::size_t{ticks} + tick * about_.values();
    rows.tick.insert(rows.tick.end(), lanes, number<std::int64_t>(tick));
    rows.time_s.insert(rows.time_s.end(), lanes, number<double>(ticks + tick));
    for (const auto lane : about_.lanes) rows.lane.push_back(static_cast<std::int32_t>(lane));
    for (std::size_t c = 0; c < columns.size(); ++c) {
      auto& to = rows.values[c];
      to.resize(to.size() + lanes);
      std::memcpy(to.data() + to.size() - lanes, payload_.data() + 8 * (first + columns[c] * lanes), 8 * lanes);
    }
  }

  fs::path path_;
  std::ifstream file_;
  std::vector<Found> found_;
  std::string payload_;
};

Outcome copy_rows(const std::vector<fs::path>& from, const About& about, PartWriter& to, const Progress& progress) {
  const std::size_t most = group_rows(about);
  Rows rows;
  rows.clear(about.columns.size());
  std::vector<std::size_t> all(about.columns.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  for (std::size_t f = 0; f < from.size(); ++f) {
    auto part = open_part(from[f], about);
    if (!part) return fail(part.error());
    const auto groups = (*part)->groups().size();
    for (std::size_t g = 0; g < groups; ++g) {
      const auto within = static_cast<double>(g) / static_cast<double>(groups);
      if (progress) progress((static_cast<double>(f) + within) / static_cast<double>(from.size()));
      auto more = (*part)->read(g, all);
      if (!more) return fail(more.error());
      if (rows.size() > 0 && rows.size() + more->size() > most) {
        if (auto written = to.write(rows); !written) return written;
        rows.clear(all.size());
      }
      rows.append(*more, 0, more->size());
    }
  }
  return rows.size() > 0 ? to.write(rows) : Outcome{};
}

}  // namespace

Batch Batch::split(std::size_t kept) {
  const std::size_t per_tick = ticks.empty() ? 0 : values.size() / ticks.size();
  const auto cut = [](auto& from, std::size_t count) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(std::min(count, from.size()));
    std::remove_reference_t<decltype(from)> rest(begin, from.end());
    from.erase(begin, from.end());
    return rest;
  };
  Batch rest;
  rest.values = cut(values, kept * per_tick);
  rest.times_s = cut(times_s, kept);
  rest.ticks = cut(ticks, kept);
  return rest;
}

Result<Journal> Journal::create(const fs::path& path, const About& about) {
  Journal journal;
  auto file = File::create(path);
  if (!file) return fail(file.error());
  journal.file_ = std::move(*file);
  journal.lanes_ = about.lanes.size();
  FileHead head{{}, static_cast<std::uint32_t>(about.columns.size()), static_cast<std::uint32_t>(about.lanes.size())};
  magic.copy(head.magic, magic.size());
  if (auto done = journal.file_.append({reinterpret_cast<const char*>(&head), sizeof head}); !done)
    return fail(done.error());
  return journal;
}

Outcome Journal::append(const Batch& batch) {
  BatchHead head = head_of(batch);
  buffer_.clear();
  buffer_.append(reinterpret_cast<const char*>(&head), sizeof head);
  put(buffer_, batch.ticks);
  put(buffer_, batch.times_s);
  put(buffer_, batch.values);
  head.crc = crc32c(std::string_view(buffer_).substr(guarded_at));
  std::memcpy(buffer_.data(), &head, sizeof head);
  const auto before = file_.size();
  if (auto done = file_.append(buffer_); !done) {
    static_cast<void>(file_.truncate(before));
    return done;
  }
  rows_ += batch.ticks.size() * lanes_;
  return {};
}

Result<std::unique_ptr<Part>> open_journal(const fs::path& path, const About& about) {
  auto part = std::make_unique<JournalPart>(path, about);
  if (auto opened = part->open(); !opened) return fail(opened.error());
  return part;
}

Outcome convert(const std::vector<fs::path>& from, const fs::path& to, const About& about, std::span<const Gap> gaps,
                const Progress& progress) {
  const fs::path fresh = to.string() + ".part";
  auto writer = create_part(fresh, about, gaps);
  auto done = writer ? copy_rows(from, about, **writer, progress) : Outcome(fail(writer.error()));
  if (done) done = (*writer)->finish();
  if (done) done = rename_file(fresh, to);
  std::error_code ignored;
  if (!done) fs::remove(fresh, ignored);
  return done;
}

}  // namespace simhost::record
