// The stores that the common tests run against, each made afresh in a folder of its own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>
#include <unistd.h>

#include <host/store/postgres_database.hpp>
#include <host/store/queued_store.hpp>
#include <host/store/sqlite_database.hpp>
#include <host/store/store.hpp>
#include <tests/support/folder.hpp>

namespace simhost::store {

// A store with whatever it stands on.
class OpenStore {
 public:
  virtual ~OpenStore() = default;
  [[nodiscard]] virtual Store& store() = 0;
  virtual void open_again() = 0;  // as after the end of the process; memory stays as it is
};

class OpenMemoryStore final : public OpenStore {
 public:
  [[nodiscard]] Store& store() override { return *store_; }
  void open_again() override {}

 private:
  std::unique_ptr<Store> store_ = make_memory_store();
};

class OpenSqliteStore final : public OpenStore {
 public:
  OpenSqliteStore() { open_again(); }
  [[nodiscard]] Store& store() override { return *store_; }
  void open_again() override {
    store_.reset();
    store_ = std::make_unique<QueuedStore>(open_sqlite({std::filesystem::path(folder_.path()) / "store.db"}).value(),
                                           QueuedStore::Options{});
  }

 private:
  support::Folder folder_;
  std::unique_ptr<Store> store_;
};

// A database of its own in the server that SIM_POSTGRES names, "postgresql://sim@127.0.0.1:5432/".
class OpenPostgresStore final : public OpenStore {
 public:
  OpenPostgresStore() {
    static int databases = 0;
    const std::string name = "test" + std::to_string(::getpid()) + "_" + std::to_string(++databases);
    PGconn* const server = PQconnectdb((std::getenv("SIM_POSTGRES") + std::string("postgres")).c_str());
    PQclear(PQexec(server, ("CREATE DATABASE " + name).c_str()));
    PQfinish(server);
    url_ = std::getenv("SIM_POSTGRES") + name;
    open_again();
  }
  [[nodiscard]] Store& store() override { return *store_; }
  void open_again() override {
    store_.reset();
    store_ = std::make_unique<QueuedStore>(open_postgres({url_}).value(), QueuedStore::Options{});
  }
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  std::string url_;
  std::unique_ptr<Store> store_;
};

struct StoreMaker {
  std::string name;
  std::function<std::unique_ptr<OpenStore>()> make;
};

inline std::vector<StoreMaker> store_makers() {
  if (std::getenv("SIM_POSTGRES") != nullptr)
    return {{"postgres", [] { return std::make_unique<OpenPostgresStore>(); }}};
  return {{"memory", [] { return std::make_unique<OpenMemoryStore>(); }},
          {"sqlite", [] { return std::make_unique<OpenSqliteStore>(); }}};
}

inline Outcome wait_committed(Store& store) {
  const auto done = std::make_shared<std::promise<Outcome>>();
  auto written = done->get_future();
  store.committed([done](Outcome outcome) { done->set_value(std::move(outcome)); });
  return written.get();
}

}  // namespace simhost::store
