// Within the module: Parquet files of ours back into rows. A file that was cut or changed is an error, never more.
#include <host/record/parquet_arrow.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/statistics.h>

namespace simhost::record {

namespace {

constexpr std::size_t fixed_columns = 3;  // tick, time_s, lane
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
template <class T>
constexpr T empty_of = std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN() : T{};

struct Range {
  double low = 0, high = 0;
};

// Of a column's statistics; nothing where it has none.
template <class Type>
std::optional<Range> range_of(const parquet::ColumnChunkMetaData& chunk) {
  const auto statistics = chunk.statistics();
  if (statistics == nullptr || !statistics->HasMinMax() || statistics->physical_type() != Type::type_num) return {};
  const auto& typed = static_cast<const parquet::TypedStatistics<Type>&>(*statistics);
  return Range{static_cast<double>(typed.min()), static_cast<double>(typed.max())};
}

template <class ArrowArray, class T>
bool copy(const arrow::Array& array, std::vector<T>& out) {
  if (array.type_id() != ArrowArray::TypeClass::type_id) return false;
  const auto& typed = static_cast<const ArrowArray&>(array);
  for (std::int64_t i = 0; i < typed.length(); ++i)
    out.push_back(typed.IsNull(i) ? empty_of<T> : static_cast<T>(typed.Value(i)));
  return true;
}

// The place of each name of the file's dictionary in the column's own.
bool copy_names(const arrow::Array& array, const Column& column, std::vector<double>& out) {
  if (array.type_id() != arrow::Type::DICTIONARY) return false;
  const auto& typed = static_cast<const arrow::DictionaryArray&>(array);
  if (typed.dictionary()->type_id() != arrow::Type::STRING) return false;
  const auto& names = static_cast<const arrow::StringArray&>(*typed.dictionary());
  std::vector<double> places;
  for (std::int64_t i = 0; i < names.length(); ++i) {
    const auto found = std::ranges::find(column.enum_names, names.GetView(i));
    places.push_back(found == column.enum_names.end() ? nothing
                                                      : static_cast<double>(found - column.enum_names.begin()));
  }
  for (std::int64_t i = 0; i < typed.length(); ++i) {
    const auto place = typed.IsNull(i) ? -1 : typed.GetValueIndex(i);
    out.push_back(place >= 0 && place < names.length() ? places[static_cast<std::size_t>(place)] : nothing);
  }
  return true;
}

bool copy_column(const arrow::Array& array, const Column& column, std::vector<double>& out) {
  switch (column.type) {
    case SIM_INTEGER:
      return copy<arrow::Int64Array>(array, out);
    case SIM_BOOLEAN:
      return copy<arrow::BooleanArray>(array, out);
    case SIM_ENUM:
      return copy_names(array, column, out);
    default:
      return copy<arrow::DoubleArray>(array, out);
  }
}

class ReadFile final : public ParquetFile {
 public:
  explicit ReadFile(const std::filesystem::path& path) : path_(path) {}

  Outcome open() {
    return checked([&] { return do_open(); });
  }

  Result<Rows> read(std::size_t group, std::span<const Column> columns, std::span<const std::size_t> places) override {
    Rows rows;
    rows.clear(places.size());
    if (auto done = checked([&] { return do_read(group, columns, places, rows); }); !done) return fail(done.error());
    return rows;
  }

 private:
  template <class Work>
  Outcome checked(Work work) {
    try {
      const arrow::Status status = work();
      if (!status.ok()) return damaged(status.ToString());
    } catch (const std::exception& e) {
      return damaged(e.what());
    }
    return {};
  }
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& why) const {
    return fail("file_damaged", path_.filename().string() + " cannot be read: " + why.substr(0, 500));
  }

  arrow::Status do_open() {
    auto properties = parquet::default_reader_properties();
    properties.set_page_checksum_verification(true);
    parquet::arrow::FileReaderBuilder builder;
    ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::ReadableFile::Open(path_.string(), arrow::system_memory_pool()));
    ARROW_RETURN_NOT_OK(builder.Open(std::move(file), properties));
    ARROW_RETURN_NOT_OK(builder.memory_pool(arrow::system_memory_pool())
                            ->properties(parquet::ArrowReaderProperties(false))
                            ->Build(&reader_));
    const auto metadata = reader_->parquet_reader()->metadata();
    ARROW_RETURN_NOT_OK(read_meta(*metadata));
    ARROW_RETURN_NOT_OK(check_columns(*metadata));
    for (int g = 0; g < metadata->num_row_groups(); ++g) ARROW_RETURN_NOT_OK(note_group(*metadata, g));
    return arrow::Status::OK();
  }

  arrow::Status read_meta(const parquet::FileMetaData& metadata) {
    if (metadata.key_value_metadata() == nullptr) return arrow::Status::Invalid("no metadata");
    const auto& pairs = *metadata.key_value_metadata();
    for (std::int64_t i = 0; i < pairs.size(); ++i)
      if (!pairs.key(i).starts_with("ARROW:")) metadata_.emplace_back(pairs.key(i), pairs.value(i));
    return arrow::Status::OK();
  }

  arrow::Status check_columns(const parquet::FileMetaData& metadata) {
    using parquet::Type;
    const auto& schema = *metadata.schema();
    const auto is = [&](std::size_t c, Type::type type) {
      return schema.Column(static_cast<int>(c))->physical_type() == type;
    };
    const auto columns = static_cast<std::size_t>(schema.num_columns());
    if (columns < fixed_columns || !is(0, Type::INT64) || !is(1, Type::DOUBLE) || !is(2, Type::INT32))
      return arrow::Status::Invalid("it does not begin with tick, time_s and lane");
    columns_ = columns - fixed_columns;
    return arrow::Status::OK();
  }

  arrow::Status note_group(const parquet::FileMetaData& metadata, int number) {
    const auto group = metadata.RowGroup(number);
    const auto ticks = range_of<parquet::Int64Type>(*group->ColumnChunk(0));
    const auto times = range_of<parquet::DoubleType>(*group->ColumnChunk(1));
    if (!ticks || !times || group->num_rows() < 0) return arrow::Status::Invalid("a row group has no statistics");
    if (group->num_rows() > rows_max) return arrow::Status::Invalid("a row group is larger than it can be");
    groups_.push_back({static_cast<std::uint64_t>(group->num_rows()), static_cast<std::int64_t>(ticks->low),
                       static_cast<std::int64_t>(ticks->high), times->low, times->high});
    return arrow::Status::OK();
  }

  arrow::Status do_read(std::size_t group, std::span<const Column> columns, std::span<const std::size_t> places,
                        Rows& rows) {
    std::vector<int> wanted{0, 1, 2};
    for (const auto c : places) wanted.push_back(static_cast<int>(fixed_columns + c));
    std::ranges::sort(wanted);
    ARROW_ASSIGN_OR_RAISE(const auto table, reader_->ReadRowGroup(static_cast<int>(group), wanted));
    if (table->num_rows() != static_cast<std::int64_t>(groups_[group].rows))
      return arrow::Status::Invalid("a row group has not the rows it announces");
    rows.reserve(groups_[group].rows);
    bool fits = each(*table, wanted, 0, [&](const auto& a) { return copy<arrow::Int64Array>(a, rows.tick); }) &&
                each(*table, wanted, 1, [&](const auto& a) { return copy<arrow::DoubleArray>(a, rows.time_s); }) &&
                each(*table, wanted, 2, [&](const auto& a) { return copy<arrow::Int32Array>(a, rows.lane); });
    for (std::size_t i = 0; i < places.size(); ++i)
      fits = fits && each(*table, wanted, fixed_columns + places[i],
                          [&](const auto& a) { return copy_column(a, columns[places[i]], rows.values[i]); });
    return fits ? arrow::Status::OK() : arrow::Status::Invalid("a column is of another type than its metadata say");
  }

  // Every chunk of a column of the file that the table holds.
  template <class Take>
  static bool each(const arrow::Table& table, const std::vector<int>& wanted, std::size_t column, Take take) {
    const auto at = std::ranges::find(wanted, static_cast<int>(column)) - wanted.begin();
    const auto& chunks = table.column(static_cast<int>(at))->chunks();
    return std::ranges::all_of(chunks, [&](const auto& chunk) { return take(*chunk); });
  }

  static constexpr std::int64_t rows_max = 1 << 27;
  std::filesystem::path path_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
};

}  // namespace

Result<std::unique_ptr<ParquetFile>> open_file(const std::filesystem::path& path) {
  auto file = std::make_unique<ReadFile>(path);
  if (auto opened = file->open(); !opened) return fail(opened.error());
  return file;
}

}  // namespace simhost::record
