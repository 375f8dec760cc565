// SQLite in WAL mode with full synchronisation: a commit is on the disk before it returns.
#include <host/store/sqlite_database.hpp>

#include <array>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <host/base/json.hpp>
#include <host/store/migrations.hpp>

namespace simhost::store {

namespace {

constexpr int busy_ms = 5'000;
constexpr int application_id = 0x73696d68;             // "simh", in the header of the file
constexpr std::uintmax_t checked_bytes = 256U << 20U;  // larger files are not read through at the start
constexpr std::string_view wal_limit = "PRAGMA journal_size_limit=67108864";

struct CloseSqlite {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, CloseSqlite>;
using Statement = std::unique_ptr<sqlite3_stmt, CloseSqlite>;

// Held as long as the file is in use: two hosts that write one file would each hold the other's sessions for its own.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {}
  ~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  [[nodiscard]] bool can_open() const { return descriptor_ >= 0; }
  [[nodiscard]] bool take() const { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }

 private:
  int descriptor_;
};

enum class Query : std::size_t {
  put,
  erase,
  erase_up_to,
  erase_kind,
  put_blob,
  erase_blob,
  erase_blobs,
  load,
  load_blob
};
constexpr std::array<std::string_view, 9> texts = {
    "INSERT INTO document (kind, key, value) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
    "DELETE FROM document WHERE kind = ?1 AND key = ?2",
    "DELETE FROM document WHERE kind = ?1 AND key <= ?2",
    "DELETE FROM document WHERE kind = ?1",
    "INSERT INTO blob (kind, key, bytes) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (kind, key) DO UPDATE SET bytes = excluded.bytes",
    "DELETE FROM blob WHERE kind = ?1 AND key = ?2",
    "DELETE FROM blob WHERE kind = ?1",
    "SELECT key, value FROM document WHERE kind = ?1 ORDER BY number",
    "SELECT bytes FROM blob WHERE kind = ?1 AND key = ?2"};

std::string_view text_of(sqlite3_stmt* row, int column) {
  const auto* text = static_cast<const char*>(sqlite3_column_blob(row, column));
  return {text != nullptr ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(SqliteOptions options, std::unique_ptr<FileLock> lock)
      : options_(std::move(options)), lock_(std::move(lock)) {}

  Outcome open();
  Outcome commit(const std::vector<Changes::Change>& changes) override;
  Result<std::vector<Document>> load(std::string_view kind) override;
  Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) override;

 private:
  Outcome run(std::string_view sql);
  Result<int> number(std::string_view sql);
  Outcome look_through();
  Outcome migrate();
  Outcome prepare();
  Outcome reopen();
  Outcome apply(const Changes::Change& change);
  Outcome apply(Query query, const Changes::Change& change);
  Result<sqlite3_stmt*> bound(Query query, std::string_view kind, std::string_view key);
  Error why(int code);

  SqliteOptions options_;
  std::unique_ptr<FileLock> lock_;
  Handle db_;
  std::array<Statement, texts.size()> statements_;
};

Error SqliteDatabase::why(int code) {
  const std::string file = options_.file.string();
  const std::string said = db_ != nullptr ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {"disk_full", "no room left for " + file + "; make room, it is tried again"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {"store_unavailable",
              file + " is damaged (" + said +
                  "). Put a backup in its place, or move it and its -wal file away to begin afresh"};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {"store_unavailable",
              file + " cannot be written (" + said +
                  "); the file and its folder must belong to this user, or set store.url to another place"};
    default:
      return {"store_unavailable", file + ": " + said};
  }
}

Outcome SqliteDatabase::run(std::string_view sql) {
  const int code = sqlite3_exec(db_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Outcome{} : fail(why(code));
}

Result<int> SqliteDatabase::number(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  int code = sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr);
  const Statement statement(made);
  if (code == SQLITE_OK) code = sqlite3_step(made);
  if (code != SQLITE_ROW) return fail(why(code));
  return sqlite3_column_int(made, 0);
}

Outcome SqliteDatabase::look_through() {
  std::error_code ignored;
  if (const auto bytes = std::filesystem::file_size(options_.file, ignored); ignored || bytes > checked_bytes)
    return {};
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v2(db_.get(), "PRAGMA quick_check(1)", -1, &made, nullptr);
  const Statement statement(made);
  if (code != SQLITE_OK) return fail(why(code));
  if (const int got = sqlite3_step(made); got != SQLITE_ROW) return fail(why(got));
  if (text_of(made, 0) == "ok") return {};
  Error error = why(SQLITE_CORRUPT);
  error.detail.append(": ").append(text_of(made, 0));
  return fail(std::move(error));
}

Outcome SqliteDatabase::migrate() {
  if (auto made = run("CREATE TABLE IF NOT EXISTS schema_step (number INTEGER PRIMARY KEY, made_at TEXT NOT NULL)");
      !made)
    return made;
  const auto found = number("SELECT COALESCE(MAX(number), 0) FROM schema_step");
  if (!found) return fail(found.error());
  if (*found > present_schema) return fail(newer_schema(options_.file.string(), *found));
  for (const auto& step : steps) {
    if (step.number <= *found) continue;
    std::string sql = "BEGIN IMMEDIATE;";
    sql.append(step.sqlite)
        .append("INSERT INTO schema_step VALUES (" + std::to_string(step.number) + ", datetime());COMMIT");
    if (auto stepped = run(sql); !stepped) return stepped;
  }
  return {};
}

Outcome SqliteDatabase::prepare() {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), texts[i].data(), static_cast<int>(texts[i].size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    statements_[i].reset(made);
    if (code != SQLITE_OK) return fail(why(code));
  }
  return {};
}

Outcome SqliteDatabase::open() {
  // The log of writes beside the file gets the rights of the file.
  if (const int made_file = ::open(options_.file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600); made_file >= 0)
    ::close(made_file);
  sqlite3* made = nullptr;
  const int code = sqlite3_open_v2(options_.file.c_str(), &made,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(made);
  if (code != SQLITE_OK) return fail(why(code));
  sqlite3_busy_timeout(made, busy_ms);
  sqlite3_extended_result_codes(made, 1);
  const auto known = number("PRAGMA application_id").and_then([&](int id) -> Result<int> {
    const auto tables = number("SELECT COUNT(*) FROM sqlite_master");
    if (!tables || *tables == 0 || id == application_id) return tables;
    return fail("store_unavailable",
                options_.file.string() + " is a database of another program; set store.url to another place");
  });
  if (!known) return fail(known.error());
  return run("PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA application_id=" + std::to_string(application_id))
      .and_then([&] { return run(wal_limit); })
      .and_then([&] {
        return options_.max_pages > 0 ? run("PRAGMA max_page_count=" + std::to_string(options_.max_pages)) : Outcome{};
      })
      .and_then([&] { return look_through(); })
      .and_then([&] { return migrate(); })
      .and_then([&] { return prepare(); });
}

// After an error of the disk nothing that SQLite remembers of the file counts any more.
Outcome SqliteDatabase::reopen() {
  for (auto& statement : statements_) statement.reset();
  db_.reset();
  auto opened = open();
  if (!opened) db_.reset();
  return opened;
}

Result<sqlite3_stmt*> SqliteDatabase::bound(Query query, std::string_view kind, std::string_view key) {
  sqlite3_stmt* statement = statements_[static_cast<std::size_t>(query)].get();
  sqlite3_reset(statement);
  int code = sqlite3_bind_text64(statement, 1, kind.data(), kind.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code == SQLITE_OK && sqlite3_bind_parameter_count(statement) > 1)
    code = sqlite3_bind_text64(statement, 2, key.data(), key.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) return fail(why(code));
  return statement;
}

Outcome SqliteDatabase::apply(Query query, const Changes::Change& change) {
  const auto statement = bound(query, change.kind, change.key);
  if (!statement) return fail(statement.error());
  const auto& bytes = change.bytes;
  int code = SQLITE_OK;
  if (query == Query::put)
    code = sqlite3_bind_text64(*statement, 3, bytes.data(), bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (query == Query::put_blob) code = sqlite3_bind_blob64(*statement, 3, bytes.data(), bytes.size(), SQLITE_STATIC);
  if (code == SQLITE_OK) code = sqlite3_step(*statement);
  if (code == SQLITE_DONE) code = sqlite3_reset(*statement);
  if (code == SQLITE_OK) return {};
  Error error = why(code);
  sqlite3_reset(*statement);
  return fail(std::move(error));
}

Outcome SqliteDatabase::apply(const Changes::Change& change) {
  switch (change.what) {
    case Changes::What::put:
      return apply(Query::put, change);
    case Changes::What::erase:
      return apply(Query::erase, change);
    case Changes::What::erase_up_to:
      return apply(Query::erase_up_to, change);
    case Changes::What::erase_kind:
      return apply(Query::erase_kind, change).and_then([&] { return apply(Query::erase_blobs, change); });
    case Changes::What::put_blob:
      return apply(Query::put_blob, change);
    case Changes::What::erase_blob:
      return apply(Query::erase_blob, change);
  }
  return {};
}

Outcome SqliteDatabase::commit(const std::vector<Changes::Change>& changes) {
  if (db_ == nullptr)
    if (auto opened = reopen(); !opened) return opened;
  auto outcome = run("BEGIN IMMEDIATE");
  for (auto change = changes.begin(); outcome && change != changes.end(); ++change) outcome = apply(*change);
  if (outcome) outcome = run("COMMIT");
  if (outcome) return {};
  if (sqlite3_get_autocommit(db_.get()) == 0) static_cast<void>(run("ROLLBACK"));
  if (outcome.error().code != "disk_full") {
    for (auto& statement : statements_) statement.reset();
    db_.reset();
  }
  return outcome;
}

Result<std::vector<Document>> SqliteDatabase::load(std::string_view kind) {
  if (db_ == nullptr)
    if (auto opened = reopen(); !opened) return fail(opened.error());
  const auto statement = bound(Query::load, kind, {});
  if (!statement) return fail(statement.error());
  std::vector<Document> documents;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(*statement)) == SQLITE_ROW) {
    auto value = parse_json(text_of(*statement, 1));
    if (!value) break;
    documents.push_back({std::string(text_of(*statement, 0)), std::move(*value)});
  }
  if (code == SQLITE_DONE) {
    sqlite3_reset(*statement);
    return documents;
  }
  Error error = why(code == SQLITE_ROW ? SQLITE_CORRUPT : code);
  sqlite3_reset(*statement);
  return fail(std::move(error));
}

Result<std::optional<std::string>> SqliteDatabase::load_blob(std::string_view kind, std::string_view key) {
  if (db_ == nullptr)
    if (auto opened = reopen(); !opened) return fail(opened.error());
  const auto statement = bound(Query::load_blob, kind, key);
  if (!statement) return fail(statement.error());
  const int code = sqlite3_step(*statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return fail(why(code));
  std::optional<std::string> bytes;
  if (code == SQLITE_ROW) bytes = std::string(text_of(*statement, 0));
  sqlite3_reset(*statement);
  return bytes;
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(SqliteOptions options) {
  const auto folder = options.file.parent_path();
  std::error_code refused;
  if (!folder.empty()) std::filesystem::create_directories(folder, refused);
  auto lock = std::make_unique<FileLock>(options.file.string() + ".lock");
  if (!lock->can_open())
    return fail("store_unavailable", "nothing can be written in " + folder.string() +
                                         "; set state_dir or store.url to a folder of this user");
  if (!lock->take())
    return fail(
        "store_unavailable",
        options.file.string() + " is in use by another simhost; end it, or give this one a state_dir of its own");
  auto database = std::make_unique<SqliteDatabase>(std::move(options), std::move(lock));
  if (auto opened = database->open(); !opened) return fail(opened.error());
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace simhost::store
