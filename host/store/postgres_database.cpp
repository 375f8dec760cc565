// libpq in pipeline mode: a group of changes is one round trip, and no answer is waited for without an end.
#include <host/store/postgres_database.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

#include <host/base/json.hpp>
#include <host/store/migrations.hpp>

namespace simhost::store {

namespace {

using Clock = std::chrono::steady_clock;

struct ClosePostgres {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, ClosePostgres>;
using Answer = std::unique_ptr<PGresult, ClosePostgres>;

constexpr const char* begin = "BEGIN";
constexpr const char* commit_text = "COMMIT";
constexpr const char* take_lock = "SELECT pg_try_advisory_lock(1936289128)";  // "simh"
constexpr int lock_tries = 20;  // a host that was killed holds it until the server has noticed
constexpr std::chrono::milliseconds lock_apart{100};

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
struct Text {
  const char* name;
  const char* sql;
  int params;
};
constexpr std::array<Text, 9> texts = {{
    {"put",
     "INSERT INTO document (kind, key, value) VALUES ($1, $2, $3)"
     " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
     3},
    {"erase", "DELETE FROM document WHERE kind = $1 AND key = $2", 2},
    {"erase_up_to", "DELETE FROM document WHERE kind = $1 AND key <= $2", 2},
    {"erase_kind", "DELETE FROM document WHERE kind = $1", 1},
    {"put_blob",
     "INSERT INTO blob (kind, key, bytes) VALUES ($1, $2, $3)"
     " ON CONFLICT (kind, key) DO UPDATE SET bytes = excluded.bytes",
     3},
    {"erase_blob", "DELETE FROM blob WHERE kind = $1 AND key = $2", 2},
    {"erase_blobs", "DELETE FROM blob WHERE kind = $1", 1},
    {"load", "SELECT key, value FROM document WHERE kind = $1 ORDER BY number", 1},
    {"load_blob", "SELECT bytes FROM blob WHERE kind = $1 AND key = $2", 2},
}};

std::string_view cell(const PGresult* rows, int row, int column) {
  return {PQgetvalue(rows, row, column), static_cast<std::size_t>(PQgetlength(rows, row, column))};
}

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(PostgresOptions options) : options_(std::move(options)) {}

  Outcome connect();
  Outcome commit(const std::vector<Changes::Change>& changes) override;
  Result<std::vector<Document>> load(std::string_view kind) override;
  Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) override;

 private:
  using Each = std::function<void(const PGresult&)>;
  Outcome set_up();
  Outcome lock();
  Outcome migrate();
  Outcome at_once(const std::string& sql, int* number = nullptr);
  bool send(Query query, std::string_view kind, std::string_view key = {}, std::string_view bytes = {});
  bool send(const Changes::Change& change);
  Outcome settle(const Each& each);
  [[nodiscard]] bool wait(short events, Clock::time_point until);
  Outcome read(Query query, std::string_view kind, std::string_view key, const Each& each);
  Error why(const PGresult* result);
  Outcome lost(Error error);

  PostgresOptions options_;
  Connection connection_;
};

// Text of a server may have several lines; the first says what it is.
Error PostgresDatabase::why(const PGresult* result) {
  const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  std::string said = result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(connection_.get());
  said.resize(std::min(said.find('\n'), said.size()));
  const char* host = connection_ != nullptr ? PQhost(connection_.get()) : nullptr;
  const std::string place =
      "the PostgreSQL server at " + std::string(host != nullptr && *host != 0 ? host : "store.url");
  if (state != nullptr && std::string_view(state) == "53100")
    return {"disk_full", place + " has no room left: " + said + "; make room, it is tried again"};
  return {"store_unavailable", place + ": " + (said.empty() ? "no answer" : said)};
}

Outcome PostgresDatabase::lost(Error error) {
  connection_.reset();
  return fail(std::move(error));
}

Outcome PostgresDatabase::connect() {
  const std::array<const char*, 5> keys{"dbname", "connect_timeout", "application_name", "client_encoding", nullptr};
  const std::string seconds = std::to_string(std::max<std::int64_t>(2, options_.patience.count() / 1000));
  const std::array<const char*, 5> values{options_.url.c_str(), seconds.c_str(), "simhost", "UTF8", nullptr};
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) return lost(why(nullptr));
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  if (auto ready = set_up(); !ready) return lost(ready.error());
  return {};
}

Outcome PostgresDatabase::set_up() {
  const auto patience = std::to_string(options_.patience.count());
  auto ready = at_once("SET synchronous_commit = on; SET statement_timeout = " + patience)
                   .and_then([&] { return lock(); })
                   .and_then([&] { return migrate(); });
  for (auto text = texts.begin(); ready && text != texts.end(); ++text) {
    const Answer made(PQprepare(connection_.get(), text->name, text->sql, text->params, nullptr));
    if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) ready = fail(why(made.get()));
  }
  if (ready && (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1))
    ready = fail(why(nullptr));
  return ready;
}

// Two hosts that write one database would each hold the other's sessions for its own.
Outcome PostgresDatabase::lock() {
  for (int i = 0; i < lock_tries; ++i) {
    const Answer got(PQexec(connection_.get(), take_lock));
    if (PQresultStatus(got.get()) != PGRES_TUPLES_OK) return fail(why(got.get()));
    if (cell(got.get(), 0, 0) == "t") return {};
    poll(nullptr, 0, static_cast<int>(lock_apart.count()));
  }
  return fail("store_unavailable",
              "the database of store.url is in use by another simhost; end it, or give this one a "
              "database of its own");
}

Outcome PostgresDatabase::at_once(const std::string& sql, int* number) {
  const Answer got(PQexec(connection_.get(), sql.c_str()));
  const auto status = PQresultStatus(got.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return fail(why(got.get()));
  if (number == nullptr) return {};
  const auto text = cell(got.get(), 0, 0);
  std::from_chars(text.data(), text.data() + text.size(), *number);
  return {};
}

Outcome PostgresDatabase::migrate() {
  int found = 0;
  auto done = at_once("CREATE TABLE IF NOT EXISTS schema_step (number INTEGER PRIMARY KEY, made_at TEXT NOT NULL)")
                  .and_then([&] { return at_once("SELECT COALESCE(MAX(number), 0) FROM schema_step", &found); });
  if (done && found > present_schema) return fail(newer_schema("the database of store.url", found));
  for (auto step = steps.begin(); done && step != steps.end(); ++step) {
    if (step->number <= found) continue;
    std::string sql = "BEGIN;";
    sql.append(step->postgres)
        .append("INSERT INTO schema_step VALUES (" + std::to_string(step->number) + ", now()::text);COMMIT");
    done = at_once(sql);
  }
  return done;
}

bool PostgresDatabase::send(Query query, std::string_view kind, std::string_view key, std::string_view bytes) {
  const Text& text = texts[static_cast<std::size_t>(query)];
  const std::array<const char*, 3> values{kind.data(), key.data() != nullptr ? key.data() : "",
                                          bytes.data() != nullptr ? bytes.data() : ""};
  const std::array<int, 3> lengths{static_cast<int>(kind.size()), static_cast<int>(key.size()),
                                   static_cast<int>(bytes.size())};
  constexpr std::array<int, 3> binary{1, 1, 1};  // of text and JSON that is the same bytes
  return PQsendQueryPrepared(connection_.get(), text.name, text.params, values.data(), lengths.data(), binary.data(),
                             1) == 1;
}

bool PostgresDatabase::send(const Changes::Change& change) {
  switch (change.what) {
    case Changes::What::put:
      return send(Query::put, change.kind, change.key, change.bytes);
    case Changes::What::erase:
      return send(Query::erase, change.kind, change.key);
    case Changes::What::erase_up_to:
      return send(Query::erase_up_to, change.kind, change.key);
    case Changes::What::erase_kind:
      return send(Query::erase_kind, change.kind) && send(Query::erase_blobs, change.kind);
    case Changes::What::put_blob:
      return send(Query::put_blob, change.kind, change.key, change.bytes);
    case Changes::What::erase_blob:
      return send(Query::erase_blob, change.kind, change.key);
  }
  return false;
}

bool PostgresDatabase::wait(short events, Clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd socket{PQsocket(connection_.get()), events, 0};
  return left > 0 && poll(&socket, 1, static_cast<int>(left)) > 0;
}

// Sends what waits, reads as it does, and returns when everything that was sent is answered.
Outcome PostgresDatabase::settle(const Each& each) {
  auto* const connection = connection_.get();
  auto until = Clock::now() + options_.patience;
  std::optional<Error> fault;
  for (;;) {
    const int unsent = PQflush(connection);
    if (unsent < 0) return fail(why(nullptr));
    while (PQisBusy(connection) == 0) {
      const Answer answer(PQgetResult(connection));
      if (answer == nullptr) {
        if (PQisBusy(connection) != 0) break;
        const Answer next(PQgetResult(connection));
        if (next == nullptr) break;
        if (PQresultStatus(next.get()) == PGRES_PIPELINE_SYNC) return fault ? fail(*fault) : Outcome{};
        if (PQresultStatus(next.get()) == PGRES_FATAL_ERROR && !fault) fault = why(next.get());
        each(*next);
        continue;
      }
      const auto status = PQresultStatus(answer.get());
      if (status == PGRES_PIPELINE_SYNC) return fault ? fail(*fault) : Outcome{};
      if (status == PGRES_FATAL_ERROR && !fault) fault = why(answer.get());
      each(*answer);
    }
    if (!wait(static_cast<short>(POLLIN | (unsent > 0 ? POLLOUT : 0)), until)) return fail(why(nullptr));
    if (PQconsumeInput(connection) == 0) return fail(why(nullptr));
    until = Clock::now() + options_.patience;
  }
}

Outcome PostgresDatabase::commit(const std::vector<Changes::Change>& changes) {
  if (connection_ == nullptr)
    if (auto connected = connect(); !connected) return connected;
  const auto plain = [this](const char* sql) {
    return PQsendQueryParams(connection_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 1) == 1;
  };
  bool sent = plain(begin);
  for (auto change = changes.begin(); sent && change != changes.end(); ++change) sent = send(*change);
  sent = sent && plain(commit_text) && PQpipelineSync(connection_.get()) == 1;
  if (!sent) return lost(why(nullptr));
  if (auto settled = settle([](const PGresult&) {}); !settled) return lost(settled.error());
  return {};
}

Outcome PostgresDatabase::read(Query query, std::string_view kind, std::string_view key, const Each& each) {
  if (connection_ == nullptr)
    if (auto connected = connect(); !connected) return connected;
  if (!send(query, kind, key) || PQpipelineSync(connection_.get()) != 1) return lost(why(nullptr));
  if (auto settled = settle(each); !settled) return lost(settled.error());
  return {};
}

Result<std::vector<Document>> PostgresDatabase::load(std::string_view kind) {
  std::vector<Document> documents;
  bool sound = true;
  const auto got = read(Query::load, kind, {}, [&](const PGresult& rows) {
    for (int row = 0; row < PQntuples(&rows); ++row) {
      auto value = parse_json(cell(&rows, row, 1));
      sound = sound && value.has_value();
      if (value) documents.push_back({std::string(cell(&rows, row, 0)), std::move(*value)});
    }
  });
  if (!got) return fail(got.error());
  if (!sound) return fail("store_unavailable", "a document of kind " + std::string(kind) + " is no JSON of ours");
  return documents;
}

Result<std::optional<std::string>> PostgresDatabase::load_blob(std::string_view kind, std::string_view key) {
  std::optional<std::string> bytes;
  const auto got = read(Query::load_blob, kind, key, [&](const PGresult& rows) {
    if (PQntuples(&rows) > 0) bytes = std::string(cell(&rows, 0, 0));
  });
  if (!got) return fail(got.error());
  return bytes;
}

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(PostgresOptions options) {
  auto database = std::make_unique<PostgresDatabase>(std::move(options));
  if (auto connected = database->connect(); !connected) {
    Error error = connected.error();
    error.detail += "; start it, or set store.url to another place";
    return fail(std::move(error));
  }
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace simhost::store
