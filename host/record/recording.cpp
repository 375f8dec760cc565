// The folder of a recording and the steps of its life.
#include <host/record/recording.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include <host/base/clock.hpp>
#include <host/base/json.hpp>
#include <host/base/log.hpp>

namespace simhost::record {

namespace fs = std::filesystem;

namespace {

constexpr const char* document = "recording.json";
constexpr std::uint64_t document_bytes_max = 64 << 20;
constexpr std::size_t gaps_max = 1000;
constexpr std::uint64_t batch_overhead_bytes = 128;  // heads of a batch and of a journal

std::string part_name(std::uint64_t number, Format format) {
  char name[64];
  std::snprintf(name, sizeof name, "part-%05llu.%s", static_cast<unsigned long long>(number),
                std::string(to_string(format)).c_str());
  return name;
}

std::string whole_name(Format format) { return "whole." + std::string(to_string(format)); }

void erase(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

// The number of "12.journal"; nothing for another name.
std::optional<std::uint64_t> journal_number_of(const fs::path& path) {
  const std::string stem = path.stem().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  if (path.extension() != ".journal" || error != std::errc() || end != stem.data() + stem.size()) return {};
  return number;
}

}  // namespace

Result<PartInfo> Conversion::run(const Progress& progress) const {
  std::vector<Gap> all = gaps;
  for (const auto& path : from) {
    if (path.extension() != ".journal") continue;
    auto journal = open_part(path, *about);
    if (!journal) return fail(journal.error());
    all.insert(all.end(), (*journal)->gaps().begin(), (*journal)->gaps().end());
  }
  if (auto written = convert(from, to, *about, all, progress); !written) return fail(written.error());
  auto part = open_part(to, *about);
  if (!part) return fail(part.error());
  auto digest = sha256_of(to);
  if (!digest) return fail(digest.error());
  PartInfo info{number, 0, size_of(to), 0, std::move(*digest), to.filename().string()};
  for (const auto& group : (*part)->groups()) info.rows += group.rows;
  if (!(*part)->groups().empty()) info.from_tick = (*part)->groups().front().first_tick;
  return info;
}

Result<std::unique_ptr<Recording>> Recording::create(const fs::path& folder, Info info) {
  std::unique_ptr<Recording> made(new Recording(folder, std::move(info)));
  auto done = make_folder(folder);
  if (done) done = made->save();
  if (done) done = sync_folder(folder.parent_path());
  if (done) return made;
  made->remove();
  return fail(done.error());
}

Result<std::unique_ptr<Recording>> Recording::load(const fs::path& folder) {
  auto text = read_file(folder / document, document_bytes_max);
  if (!text) return fail(text.error());
  auto value = parse_json(*text);
  if (!value) return fail("file_damaged", std::string(document) + ": " + value.error().detail);
  auto info = read_kept(*value);
  if (!info) return fail(info.error());
  std::unique_ptr<Recording> loaded(new Recording(folder, std::move(*info)));
  if (auto found = loaded->find_journals(); !found) return fail(found.error());
  return loaded;
}

// Journals whose part is there already are only leftovers, as is everything half written.
Outcome Recording::find_journals() {
  std::error_code error;
  std::vector<std::uint64_t> numbers;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto path = entry.path();
    const auto name = path.filename().string();
    const bool known = std::ranges::any_of(info_.parts, [&](const auto& part) { return part.file == name; });
    const auto number = journal_number_of(path);
    if (number && (info_.joined || *number < info_.next_number))
      erase(path);
    else if (number)
      numbers.push_back(*number);
    else if (!known && name != document)
      erase(path);
  }
  if (error) return fail(disk_error(error.value(), "cannot read", folder_));
  std::ranges::sort(numbers);
  for (const auto number : numbers) {
    auto part = open_part(journal_path(number), *info_.about);
    if (!part) return fail(part.error());
    for (const auto& group : (*part)->groups()) {
      info_.from_s = info_.rows == 0 ? group.from_s : std::min(info_.from_s, group.from_s);
      info_.to_s = info_.rows == 0 ? group.to_s : std::max(info_.to_s, group.to_s);
      info_.rows += group.rows;
      info_.last_tick = group.last_tick;
    }
    for (const auto& gap : (*part)->gaps()) note_gap(gap);
    closed_.push_back({number, size_of(journal_path(number))});
    info_.journal_bytes += closed_.back().bytes;
    journal_number_ = number + 1;
  }
  journal_number_ = std::max(journal_number_, info_.next_number);
  return {};
}

fs::path Recording::journal_path(std::uint64_t number) const { return folder_ / (std::to_string(number) + ".journal"); }

Info Recording::info() const {
  Info info = info_;
  for (const auto& part : info_.parts) info.sources.push_back(folder_ / part.file);
  for (const auto& closed : closed_) info.sources.push_back(journal_path(closed.number));
  if (journal_) info.sources.push_back(journal_path(journal_number_));
  return info;
}

Outcome Recording::save() { return replace_file(folder_ / document, to_json(keep(info_))); }

void Recording::remove() {
  std::error_code ignored;
  journal_.reset();
  fs::remove_all(folder_, ignored);
}

Outcome Recording::open_journal_file() {
  auto made = Journal::create(journal_path(journal_number_), *info_.about);
  if (!made) {
    erase(journal_path(journal_number_));
    return fail(made.error());
  }
  journal_ = std::move(*made);
  opened_ns_ = system_clock().monotonic_ns();
  info_.journal_bytes += journal_->bytes();
  return sync_folder(folder_);
}

// Ticks for which there is room in so many bytes.
std::size_t Recording::fitting(std::uint64_t bytes) const noexcept {
  const std::uint64_t per_tick = 8 * (2 + info_.about->values());
  return bytes < batch_overhead_bytes ? 0 : static_cast<std::size_t>((bytes - batch_overhead_bytes) / per_tick);
}

void Recording::write(Batch batch, std::uint64_t room) {
  if (info_.state != State::recording && info_.state != State::waiting) return;
  if (info_.max_bytes > 0) {
    const auto left = fitting(info_.max_bytes - std::min(info_.max_bytes, bytes()));
    full_ = full_ || left <= batch.ticks.size();
    if (left < batch.ticks.size()) batch.split(left);
  }
  if (batch.empty()) return;
  if (info_.state == State::waiting) return miss(batch);
  const auto fits = fitting(room);
  Batch rest = fits < batch.ticks.size() ? batch.split(fits) : Batch{};
  if (fits == 0) std::swap(rest.before, batch.before);
  if (!batch.empty()) put(std::move(batch));
  if (rest.empty()) return;
  wait({"disk_full", "all recordings together have reached recordings.quota_bytes; delete some"});
  miss(rest);
}

void Recording::put(Batch batch) {
  if (missed_) batch.before = Gap{missed_->from_tick, batch.ticks.front() - info_.about->every_ticks, missed_->reason};
  auto done = journal_ ? Outcome{} : open_journal_file();
  const auto before = journal_ ? journal_->bytes() : 0;
  if (done) done = journal_->append(batch);
  if (!done) {
    trouble(done.error());
    return miss(batch);
  }
  missed_.reset();
  unsynced_ = true;
  info_.journal_bytes += journal_->bytes() - before;
  note(batch);
}

void Recording::note(const Batch& batch) {
  const auto [low, high] = std::ranges::minmax(batch.times_s);
  info_.from_s = info_.rows == 0 ? low : std::min(info_.from_s, low);
  info_.to_s = info_.rows == 0 ? high : std::max(info_.to_s, high);
  info_.rows += batch.ticks.size() * info_.about->lanes.size();
  info_.last_tick = batch.ticks.back();
  if (batch.before) note_gap(*batch.before);
}

// Past a bound the last one grows: what is missing stays told, if less exactly.
void Recording::note_gap(const Gap& gap) {
  auto& gaps = info_.gaps;
  if (gap.to_tick < gap.from_tick || std::ranges::find(gaps, gap) != gaps.end()) return;
  if (gaps.size() < gaps_max)
    gaps.push_back(gap);
  else
    gaps.back().to_tick = std::max(gaps.back().to_tick, gap.to_tick);
}

void Recording::miss(const Batch& batch) {
  const auto first = batch.before ? batch.before->from_tick : batch.ticks.front();
  missed_ = Gap{missed_ ? missed_->from_tick : first, batch.ticks.back(), "disk_full"};
}

void Recording::trouble(const Error& error) {
  if (error.code == "disk_full")
    wait(error);
  else
    fail_with(error, system_clock().wall_ns());
}

void Recording::sync() {
  if (!journal_ || !std::exchange(unsynced_, false)) return;
  if (auto done = journal_->sync(); !done) trouble(done.error());
}

void Recording::wait(const Error& why) {
  if (info_.state != State::recording) return;
  info_.state = State::waiting;
  info_.reason_code = why.code;
  info_.reason = why.detail;
}

void Recording::go_on() {
  if (info_.state != State::waiting) return;
  info_.state = State::recording;
  info_.reason_code.clear();
  info_.reason.clear();
}

void Recording::fail_with(const Error& why, std::int64_t wall_ns) {
  stop(why.code, why.detail, wall_ns);
  info_.state = State::failed;
}

bool Recording::is_due(std::int64_t now_ns, std::uint64_t segment_bytes, std::int64_t segment_ns) const noexcept {
  return journal_ && journal_->rows() > 0 && (journal_->bytes() >= segment_bytes || now_ns - opened_ns_ >= segment_ns);
}

void Recording::roll() {
  if (!journal_) return;
  sync();
  closed_.push_back({journal_number_++, journal_->bytes()});
  journal_.reset();
}

void Recording::close() {
  const bool nothing = !journal_ && closed_.empty() && !converting_ && info_.parts.empty();
  if (nothing && info_.is_open())
    if (auto made = open_journal_file(); !made) trouble(made.error());
  roll();
}

std::optional<Conversion> Recording::next_conversion() {
  if (converting_ || closed_.empty() || info_.state == State::failed) return {};
  converting_ = true;
  const auto number = closed_.front().number;
  return Conversion{number, {journal_path(number)}, folder_ / part_name(number, info_.about->format), info_.about, {}};
}

void Recording::done(const Conversion& conversion, Result<PartInfo> part) {
  converting_ = false;
  if (part) {
    info_.parts.push_back(*part);
    info_.next_number = conversion.number + 1;
    info_.journal_bytes -= std::min(info_.journal_bytes, closed_.front().bytes);
    if (auto saved = save(); saved) {
      replaced_.push_back(journal_path(conversion.number));
      closed_.pop_front();
      return;
    } else {
      info_.parts.pop_back();
      info_.next_number = conversion.number;
      info_.journal_bytes += closed_.front().bytes;
      part = fail(saved.error());
    }
  }
  trouble(part.error());
}

void Recording::stop(std::string reason_code, std::string reason, std::int64_t wall_ns) {
  if (!info_.is_open()) return;
  if (missed_) note_gap(*std::exchange(missed_, std::nullopt));
  info_.state = State::stopped;
  info_.reason_code = std::move(reason_code);
  info_.reason = std::move(reason);
  info_.ended_wall_ns = wall_ns;
  info_.joined = info_.parts.size() == 1;
}

Conversion Recording::begin_join() {
  Conversion join{0, {}, folder_ / whole_name(info_.about->format), info_.about, info_.gaps};
  for (const auto& part : info_.parts) join.from.push_back(folder_ / part.file);
  return join;
}

Outcome Recording::joined(Result<PartInfo> whole) {
  if (!whole) return fail(whole.error());
  const auto parts = std::exchange(info_.parts, {*whole});
  info_.joined = true;
  if (auto saved = save(); !saved) {
    info_.parts = parts;
    info_.joined = false;
    return saved;
  }
  for (const auto& part : parts) replaced_.push_back(folder_ / part.file);
  return {};
}

void Recording::drop_replaced() {
  for (const auto& path : std::exchange(replaced_, {})) erase(path);
}

}  // namespace simhost::record
