// The embedded database: one file beside the host.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <host/store/database.hpp>

namespace simhost::store {

struct SqliteOptions {
  std::filesystem::path file;
  std::int64_t max_pages = 0;  // of 4 KiB; 0: as many as the disk holds
};

// Opens or makes the file, brings its schema up to date and looks it through for damage. Errors: store_unavailable; the
// detail names the file and the mend.
Result<std::unique_ptr<Database>> open_sqlite(SqliteOptions options);

}  // namespace simhost::store
