// What goes wrong with a server: another host in its database, a newer schema, a connection that is cut.
#include <host/store/postgres_database.hpp>

#include <gmock/gmock.h>

#include <thread>

#include <tests/unit/store/stores.hpp>

namespace simhost::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Server : public testing::Test {
 protected:
  OpenPostgresStore opened;

  // As another client of the same server would.
  void run(const std::string& sql) const {
    PGconn* const client = PQconnectdb(opened.url().c_str());
    PGresult* const done = PQexec(client, sql.c_str());
    EXPECT_THAT(PQresultStatus(done), testing::AnyOf(PGRES_COMMAND_OK, PGRES_TUPLES_OK)) << PQerrorMessage(client);
    PQclear(done);
    PQfinish(client);
  }
  [[nodiscard]] std::string refusal() const {
    const auto again = open_postgres({opened.url()});
    return again ? "opened" : again.error().detail;
  }
};

TEST_F(Server, ServesOneHostAtATime) { EXPECT_THAT(refusal(), HasSubstr("in use by another simhost")); }

TEST_F(Server, IsRefusedWhenALaterVersionHasMovedItsSchemaOn) {
  run("INSERT INTO schema_step VALUES (900, 'later')");
  run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
      " AND pid <> pg_backend_pid()");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("schema 900"), HasSubstr("later version")));
}

TEST_F(Server, IsConnectedToAgainAndNothingIsLostOrTwice) {
  for (int i = 0; i < 5; ++i) {
    opened.store().put("rule", std::to_string(i), Value(i));
    run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()");
    opened.store().put("rule", std::to_string(i), Value(i + 100));
  }
  while (!wait_committed(opened.store())) std::this_thread::yield();
  const auto rules = opened.store().load("rule").value();
  ASSERT_EQ(rules.size(), 5U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(rules[static_cast<std::size_t>(i)].value, Value(i + 100));
}

TEST(NoServer, IsNamedWithTheMend) {
  const auto refused = open_postgres({"postgresql://sim@127.0.0.1:1/none"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "store_unavailable");
  EXPECT_THAT(refused.error().detail, AllOf(HasSubstr("127.0.0.1"), HasSubstr("refused"), HasSubstr("store.url")));
}

}  // namespace
}  // namespace simhost::store
