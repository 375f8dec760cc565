// The steps from an empty database to the present schema, numbered from 1; they are only ever added to.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::store {

struct Step {
  int number;
  std::string_view sqlite, postgres;  // statements separated by semicolons
};

// kind and key compare byte by byte. number gives the order of creation and stays when a document is replaced.
inline constexpr auto steps = std::to_array<Step>({
    {1,
     "CREATE TABLE document (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL,"
     " value TEXT NOT NULL, UNIQUE (kind, key));"
     "CREATE TABLE blob (kind TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (kind, key));",
     "CREATE TABLE document (number BIGSERIAL PRIMARY KEY, kind TEXT COLLATE \"C\" NOT NULL,"
     " key TEXT COLLATE \"C\" NOT NULL, value JSON NOT NULL, UNIQUE (kind, key));"
     "CREATE TABLE blob (kind TEXT COLLATE \"C\" NOT NULL, key TEXT COLLATE \"C\" NOT NULL, bytes BYTEA NOT NULL,"
     " UNIQUE (kind, key));"},
});

inline constexpr int present_schema = steps.back().number;

// What is said of a database that a later version has moved on.
inline Error newer_schema(std::string_view where, int found) {
  return {"store_unavailable", std::string(where) + " has schema " + std::to_string(found) +
                                   ", written by a later version of simhost; this one knows " +
                                   std::to_string(present_schema) +
                                   ". Run that version, or set store.url to another place"};
}

}  // namespace simhost::store
