// Which database a text stands for.
#include <host/store/open.hpp>

#include <algorithm>

#include <host/store/postgres_database.hpp>
#include <host/store/queued_store.hpp>
#include <host/store/sqlite_database.hpp>

namespace simhost::store {

namespace {
constexpr std::string_view sqlite = "sqlite:", memory = "memory:", postgres = "postgresql://";
}  // namespace

Result<std::unique_ptr<Store>> open_store(std::string_view url, const std::filesystem::path& state_folder) {
  if (url == memory) return make_memory_store();
  const auto path = url.substr(std::min(url.size(), sqlite.size()));
  auto database = url.starts_with(postgres)
                      ? open_postgres({std::string(url)})
                      : open_sqlite({path.empty() ? state_folder / "store.db" : std::filesystem::path(path)});
  if (!database) return fail(database.error());
  return std::make_unique<QueuedStore>(std::move(*database), QueuedStore::Options{});
}

}  // namespace simhost::store
