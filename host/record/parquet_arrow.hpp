// The two halves of the module that knows Arrow; only its own sources include this.
#pragma once

#include <host/record/parquet_module.hpp>

namespace simhost::record {

Result<std::unique_ptr<PartWriter>> create_file(File file, const ParquetShape& shape);
Result<std::unique_ptr<ParquetFile>> open_file(const std::filesystem::path& path);

}  // namespace simhost::record
