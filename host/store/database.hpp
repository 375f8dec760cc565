// What a database does for the queue before it: commits groups of changes, and reads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <host/store/store.hpp>

namespace simhost::store {

// Used by one thread at a time. Every call may wait for the disk or the network, for some seconds at most; after an
// error the next call begins afresh (opens the file again, connects again). Errors: store_unavailable, disk_full.
class Database {
 public:
  virtual ~Database() = default;
  // All of them are durable afterwards, or none was made. Committing the same list again changes nothing.
  virtual Outcome commit(const std::vector<Changes::Change>& changes) = 0;
  virtual Result<std::vector<Document>> load(std::string_view kind) = 0;
  virtual Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) = 0;
};

}  // namespace simhost::store
