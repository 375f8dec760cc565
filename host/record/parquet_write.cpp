// Within the module: rows to Parquet, floats split by bytes and packed with zstd, enums by name, units beside their
// columns.
#include <host/record/parquet_arrow.hpp>

#include <cmath>
#include <cstdint>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/interfaces.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>

namespace simhost::record {

namespace {

using arrow::Array;
using ArrayPointer = std::shared_ptr<Array>;
constexpr int zstd_level = 1;

// Arrow's stream over a file of ours; what the disk said stays readable.
class Sink final : public arrow::io::OutputStream {
 public:
  explicit Sink(File file) : file_(std::move(file)) {}
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return static_cast<std::int64_t>(file_.size()); }
  arrow::Status Write(const void* data, std::int64_t size) override {
    return keep(file_.append({static_cast<const char*>(data), static_cast<std::size_t>(size)}));
  }
  using arrow::io::OutputStream::Write;
  arrow::Status sync() { return keep(file_.sync()); }

  // The error of a status that came through here.
  Error error_of(const arrow::Status& status) const {
    return failed_ ? *failed_ : Error{"storage_error", "Parquet: " + status.ToString()};
  }

 private:
  arrow::Status keep(Outcome outcome) {
    if (outcome) return arrow::Status::OK();
    failed_ = std::move(outcome.error());
    return arrow::Status::IOError(failed_->detail);
  }
  File file_;
  std::optional<Error> failed_;
  bool closed_ = false;
};

std::shared_ptr<arrow::DataType> type_of(const Column& column) {
  switch (column.type) {
    case SIM_INTEGER:
      return arrow::int64();
    case SIM_BOOLEAN:
      return arrow::boolean();
    case SIM_ENUM:
      return arrow::dictionary(arrow::int32(), arrow::utf8());
    default:
      return arrow::float64();
  }
}

std::shared_ptr<const arrow::KeyValueMetadata> unit_of(const std::string& unit) {
  return unit.empty() ? nullptr : arrow::key_value_metadata({"unit"}, {unit});
}

// Values that are none of their type become empty, so all but floats may be. What the schema carries is written both as
// the file's own metadata and within Arrow's, where its readers look.
std::shared_ptr<arrow::Schema> schema_of(const ParquetShape& shape) {
  arrow::FieldVector fields{arrow::field("tick", arrow::int64(), false),
                            arrow::field("time_s", arrow::float64(), false, unit_of("s")),
                            arrow::field("lane", arrow::int32(), false)};
  for (const auto& column : shape.columns)
    fields.push_back(arrow::field(column.name, type_of(column), column.type != SIM_REAL, unit_of(column.unit)));
  const auto pairs = std::make_shared<arrow::KeyValueMetadata>();
  for (const auto& [key, value] : shape.metadata) pairs->Append(key, value);
  return arrow::schema(std::move(fields), pairs);
}

std::shared_ptr<parquet::WriterProperties> properties_of(const arrow::Schema& schema) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::ZSTD)->compression_level(zstd_level)->disable_dictionary();
  builder.enable_page_checksum()->memory_pool(arrow::system_memory_pool())->created_by("simhost");
  for (const auto& field : schema.fields()) {
    const auto path = std::make_shared<parquet::schema::ColumnPath>(std::vector{field->name()});
    if (field->type()->id() == arrow::Type::DOUBLE) builder.encoding(path, parquet::Encoding::BYTE_STREAM_SPLIT);
    if (field->type()->id() == arrow::Type::DICTIONARY) builder.enable_dictionary(path);
  }
  return builder.build();
}

// The vector outlives the array.
template <class ArrowArray, class T>
ArrayPointer wrap(const std::vector<T>& values) {
  return std::make_shared<ArrowArray>(static_cast<std::int64_t>(values.size()), arrow::Buffer::Wrap(values));
}

// convert(value, out): whether it is one of the type.
template <class Builder, class T, class Convert>
arrow::Result<ArrayPointer> build(const std::vector<double>& values, Convert convert) {
  Builder builder(arrow::system_memory_pool());
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<std::int64_t>(values.size())));
  for (const double value : values) {
    T out{};
    if (convert(value, out))
      builder.UnsafeAppend(out);
    else
      builder.UnsafeAppendNull();
  }
  return builder.Finish();
}

bool to_integer(double value, std::int64_t& out) {
  if (!(std::abs(value) < 0x1p63)) return false;
  out = static_cast<std::int64_t>(value);
  return true;
}

bool to_boolean(double value, bool& out) {
  out = value != 0;
  return !std::isnan(value);
}

arrow::Result<ArrayPointer> names_of(const Column& column, const std::vector<double>& values) {
  arrow::StringBuilder names(arrow::system_memory_pool());
  ARROW_RETURN_NOT_OK(names.AppendValues(column.enum_names));
  ARROW_ASSIGN_OR_RAISE(auto dictionary, names.Finish());
  const auto count = static_cast<double>(column.enum_names.size());
  const auto place = [count](double value, std::int32_t& out) {
    if (!(value > -1 && value < count)) return false;
    out = static_cast<std::int32_t>(value);
    return true;
  };
  ARROW_ASSIGN_OR_RAISE(auto places, (build<arrow::Int32Builder, std::int32_t>(values, place)));
  return arrow::DictionaryArray::FromArrays(type_of(column), places, dictionary);
}

arrow::Result<ArrayPointer> array_of(const Column& column, const std::vector<double>& values) {
  switch (column.type) {
    case SIM_INTEGER:
      return build<arrow::Int64Builder, std::int64_t>(values, to_integer);
    case SIM_BOOLEAN:
      return build<arrow::BooleanBuilder, bool>(values, to_boolean);
    case SIM_ENUM:
      return names_of(column, values);
    default:
      return wrap<arrow::DoubleArray>(values);
  }
}

class ParquetWriter final : public PartWriter {
 public:
  explicit ParquetWriter(const ParquetShape& shape) : columns_(shape.columns), schema_(schema_of(shape)) {}

  Outcome open(File file) {
    sink_ = std::make_shared<Sink>(std::move(file));
    return checked([&] { return do_open(); });
  }
  Outcome write(const Rows& rows) override {
    return checked([&] { return do_write(rows); });
  }
  Outcome finish() override {
    return checked([&] { return do_finish(); });
  }

 private:
  // Arrow says most by status, and some by exception.
  template <class Work>
  Outcome checked(Work work) {
    try {
      const arrow::Status status = work();
      if (!status.ok()) return fail(sink_->error_of(status));
    } catch (const std::exception& e) {
      return fail(sink_->error_of(arrow::Status::UnknownError(e.what())));
    }
    return {};
  }

  arrow::Status do_open() {
    ARROW_ASSIGN_OR_RAISE(
        writer_, parquet::arrow::FileWriter::Open(*schema_, arrow::system_memory_pool(), sink_, properties_of(*schema_),
                                                  parquet::ArrowWriterProperties::Builder().store_schema()->build()));
    return arrow::Status::OK();
  }

  arrow::Status do_write(const Rows& rows) {
    ARROW_RETURN_NOT_OK(writer_->NewRowGroup());
    ARROW_RETURN_NOT_OK(writer_->WriteColumnChunk(*wrap<arrow::Int64Array>(rows.tick)));
    ARROW_RETURN_NOT_OK(writer_->WriteColumnChunk(*wrap<arrow::DoubleArray>(rows.time_s)));
    ARROW_RETURN_NOT_OK(writer_->WriteColumnChunk(*wrap<arrow::Int32Array>(rows.lane)));
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      ARROW_ASSIGN_OR_RAISE(const auto array, array_of(columns_[c], rows.values[c]));
      ARROW_RETURN_NOT_OK(writer_->WriteColumnChunk(*array));
    }
    return arrow::Status::OK();
  }

  arrow::Status do_finish() {
    ARROW_RETURN_NOT_OK(writer_->Close());
    return sink_->sync();
  }

  std::vector<Column> columns_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<Sink> sink_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<PartWriter>> create_file(File file, const ParquetShape& shape) {
  auto writer = std::make_unique<ParquetWriter>(shape);
  if (auto opened = writer->open(std::move(file)); !opened) return fail(opened.error());
  return writer;
}

}  // namespace simhost::record
