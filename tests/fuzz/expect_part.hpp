// What every file of a recording promises its readers, whatever is in it.
#pragma once

#include <cmath>
#include <filesystem>
#include <optional>

#include <host/record/preview.hpp>
#include <host/record/reader.hpp>

#include <tests/fuzz/expect.hpp>

namespace simhost::fuzz {

// Two lanes of every type of column.
inline record::About small_about(record::Format format) {
  record::About about;
  about.id = "01kqexample00000";
  about.format = format;
  about.columns = {{1, SIM_REAL, "speed", "rpm", {}},
                   {2, SIM_INTEGER, "count", "", {}},
                   {3, SIM_BOOLEAN, "on", "", {}},
                   {4, SIM_ENUM, "mode", "", {"idle", "run, fast", "say \"no\"", "two\nlines", "", "\r\n"}}};
  about.lanes = {0, 4};
  about.step_ns = 1'000'000;
  return about;
}

inline void refused(const Error& error) {
  expect(!error.code.empty() && !error.detail.empty(), "a refusal has a code and a reason");
}

// The rows of the file, if all of them can be read.
inline std::optional<record::Rows> read_part(const std::filesystem::path& path, const record::About& about) {
  auto reader = record::Reader::open(about, {path});
  if (!reader) return refused(reader.error()), std::nullopt;
  record::Rows all;
  all.clear(about.columns.size());
  while (all.size() < (*reader)->rows()) {
    const auto rows = (*reader)->read(all.size(), 1000);
    if (!rows) return refused(rows.error()), std::nullopt;
    expect(rows->size() > 0, "there are as many rows as were announced");
    all.append(*rows, 0, rows->size());
  }
  for (const double at : {-1.0, 0.0, (*reader)->from_s(), (*reader)->to_s(), 1e300}) {
    const auto row = (*reader)->row_at_time(at);
    expect(row && (!*row || **row < all.size()), "a row at a time is one of them");
  }
  record::PreviewRequest request;
  request.columns = {0, 1, 2, 3};
  request.lane = 4;
  request.points = 7;
  expect(record::preview(**reader, request).has_value(), "what can be read can be shown");
  return all;
}

}  // namespace simhost::fuzz
