// Which format a file is of.
#include <host/record/part.hpp>

#include <algorithm>

#include <host/record/csv.hpp>
#include <host/record/journal.hpp>
#include <host/record/parquet.hpp>

namespace simhost::record {

namespace {
constexpr std::size_t group_bytes = 16 << 20;
constexpr std::size_t group_rows_min = 1024, group_rows_max = 1 << 18;
}  // namespace

std::size_t group_rows(const About& about) noexcept {
  return std::clamp(group_bytes / (8 * (about.columns.size() + 3)), group_rows_min, group_rows_max);
}

Result<std::unique_ptr<PartWriter>> create_part(const std::filesystem::path& path, const About& about,
                                                std::span<const Gap> gaps) {
  return about.format == Format::csv ? create_csv(path, about) : create_parquet(path, about, gaps);
}

Result<std::unique_ptr<Part>> open_part(const std::filesystem::path& path, const About& about) {
  if (path.extension() == ".journal") return open_journal(path, about);
  return path.extension() == ".csv" ? open_csv(path, about) : open_parquet(path);
}

}  // namespace simhost::record
