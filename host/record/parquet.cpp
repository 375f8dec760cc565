// Between a recording and the bytes of its Parquet files: names of columns and the metadata.
#include <host/record/parquet.hpp>

#include <host/base/json.hpp>
#include <host/record/parquet_module.hpp>

namespace simhost::record {

namespace {

ParquetShape shape_of(const About& about, std::span<const Gap> gaps) {
  ParquetShape shape{about.columns, {}};
  for (auto& column : shape.columns) column.name = column_name(column);
  const Value meta = show_meta(about, gaps);
  for (const auto& [key, value] : meta.members()) shape.metadata.emplace_back(key, to_json(value));
  return shape;
}

class ParquetPart final : public Part {
 public:
  explicit ParquetPart(std::unique_ptr<ParquetFile> file) : file_(std::move(file)) { groups_ = file_->groups(); }

  // Why it is none of ours, or nothing.
  Outcome read_meta() {
    Value meta{Object{}};
    for (const auto& [key, text] : file_->metadata()) {
      auto value = parse_json(text);
      if (!value) return fail("file_damaged", "the metadata of " + key + " are no JSON");
      meta.set(key, std::move(*value));
    }
    auto about = read_about(meta);
    if (!about) return fail(about.error());
    about_ = std::move(*about);
    auto gaps = read_gaps(*meta.find("gaps"));
    if (!gaps) return fail(gaps.error());
    gaps_ = std::move(*gaps);
    if (file_->columns() == about_.columns.size()) return {};
    return fail("file_damaged", "its columns are not those of its metadata");
  }

  Result<Rows> read(std::size_t group, std::span<const std::size_t> columns) override {
    return file_->read(group, about_.columns, columns);
  }

 private:
  std::unique_ptr<ParquetFile> file_;
};

}  // namespace

Result<std::unique_ptr<PartWriter>> create_parquet(const std::filesystem::path& path, const About& about,
                                                   std::span<const Gap> gaps) {
  const auto module = parquet_module();
  if (!module) return fail(module.error());
  auto file = File::create(path);
  if (!file) return fail(file.error());
  return (*module)->create(std::move(*file), shape_of(about, gaps));
}

Result<std::unique_ptr<Part>> open_parquet(const std::filesystem::path& path) {
  const auto module = parquet_module();
  if (!module) return fail(module.error());
  auto file = (*module)->open(path);
  if (!file) return fail(file.error());
  auto part = std::make_unique<ParquetPart>(std::move(*file));
  if (auto read = part->read_meta(); !read)
    return fail("file_damaged", path.filename().string() + " cannot be read: " + read.error().detail);
  return part;
}

}  // namespace simhost::record
