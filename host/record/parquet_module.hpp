// What knows Arrow is a module, a library of its own: what it takes and gives, and the door to it. Nothing of Arrow
// crosses; strings, vectors and errors do, because both sides are of one build.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <host/record/file.hpp>
#include <host/record/part.hpp>

namespace simhost::record {

// Keys and their values as JSON.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// A Parquet file beside its rows. columns: those after tick, time_s and lane, by their names in the file.
struct ParquetShape {
  std::vector<Column> columns;
  Metadata metadata;
};

// A file that was opened: tick, time_s and lane, and so many columns after them.
class ParquetFile {
 public:
  virtual ~ParquetFile() = default;
  [[nodiscard]] const Metadata& metadata() const noexcept { return metadata_; }
  [[nodiscard]] const std::vector<Group>& groups() const noexcept { return groups_; }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  // Rows of a group: the columns of the file at those places, all of them being `columns`. Error file_damaged.
  virtual Result<Rows> read(std::size_t group, std::span<const Column> columns,
                            std::span<const std::size_t> places) = 0;

 protected:
  Metadata metadata_;
  std::vector<Group> groups_;
  std::size_t columns_ = 0;
};

// What the module exports under parquet_symbol.
struct ParquetModule {
  const char* version;  // of the host it was built with
  Result<std::unique_ptr<PartWriter>> (*create)(File file, const ParquetShape& shape);
  Result<std::unique_ptr<ParquetFile>> (*open)(const std::filesystem::path& path);
};
inline constexpr const char* parquet_library = "libsimhost_parquet.so";
inline constexpr const char* parquet_symbol = "simhost_parquet";

// [any] but a tick: whoever needs it first waits until Arrow is loaded, and it stays for the life of the process. Error
// unsupported says where it should lie; the next one who needs it tries again.
Result<const ParquetModule*> parquet_module();
// The module of a library that the dynamic linker finds by that name or path.
Result<const ParquetModule*> open_parquet_module(const char* library);

}  // namespace simhost::record
