// What clients ask of recordings, as validated values.
#pragma once

#include <string>
#include <vector>

#include <host/base/query_reader.hpp>
#include <host/record/info.hpp>
#include <host/record/preview.hpp>
#include <host/session/session.hpp>

namespace simhost::record {

// POST /v1/sessions/{id}/recordings.
struct Request {
  std::string name;  // empty: none
  Format format = Format::parquet;
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> lanes;  // ascending, empty: all
  std::uint32_t every_ticks = 1;
  std::uint64_t max_bytes = 0;  // 0: no bound
  double max_s = 0;
};

// body: absent means all the defaults. All faults at once, pointers into the body.
Result<Request> parse_request(const Value* body, const session::Session& session);
// ?fields=&lane=&from_s=&to_s=&points=; faults go to the query's errors.
PreviewRequest read_preview(QueryReader& query, const About& about);

// About a recording of that session that begins now.
About make_about(const Request& request, const session::Session& session, std::string_view host_version);

}  // namespace simhost::record
