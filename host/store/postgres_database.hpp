// The documents and blobs in a PostgreSQL server.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <host/store/database.hpp>

namespace simhost::store {

struct PostgresOptions {
  std::string url;  // postgresql://user@host:port/database?…, as libpq takes it; a password is better in ~/.pgpass
  std::chrono::milliseconds patience{3'000};  // for one answer; then the connection counts as lost
};

// Connects, takes the database for this host alone and brings its schema up to date. Errors: store_unavailable; the
// detail names the server and the mend.
Result<std::unique_ptr<Database>> open_postgres(PostgresOptions options);

}  // namespace simhost::store
