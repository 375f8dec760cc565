// The one symbol of the module that knows Arrow.
#include <host/record/parquet_arrow.hpp>

extern "C" {
[[gnu::visibility("default")]] extern const simhost::record::ParquetModule simhost_parquet;
const simhost::record::ParquetModule simhost_parquet{SIMHOST_VERSION, simhost::record::create_file,
                                                     simhost::record::open_file};
}
