// Bodies and queries of recordings.
#include <host/record/request.hpp>

#include <algorithm>
#include <numeric>

#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/session/values.hpp>
#include <host/telemetry/selection.hpp>

namespace simhost::record {

namespace {

std::vector<std::size_t> read_columns(QueryReader& query, const About& about) {
  std::vector<std::size_t> columns;
  const std::string* text = query.text("fields");
  if (text == nullptr || *text == "*" || text->empty()) {
    columns.resize(about.columns.size());
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    return columns;
  }
  std::vector<std::string_view> known;
  for (const auto& column : about.columns) known.push_back(column.name);
  for (const auto& name : split_list(*text)) {
    const auto place = static_cast<std::size_t>(std::ranges::find(known, name) - known.begin());
    if (place == known.size())
      query.refuse("fields", "unknown_variable", unknown_name_text("field of the recording", std::string(name), known));
    else if (std::ranges::find(columns, place) == columns.end())
      columns.push_back(place);
  }
  return columns;
}

}  // namespace

Result<Request> parse_request(const Value* body, const session::Session& session) {
  FieldErrors errors;
  const Value none{Object{}};
  ObjectReader r(body != nullptr ? *body : none, "", errors);
  Request request;
  if (!r.is_null("name")) request.name = r.name("name").value_or("");
  if (const auto format = r.choice("format", {"parquet", "csv"})) request.format = static_cast<Format>(*format);
  request.ids = session::read_fields(r.any("fields"), &session.model()->descriptor, errors);
  request.lanes = session::read_lanes(r.any("lanes"), "/lanes", session.lanes(), errors);
  request.every_ticks = static_cast<std::uint32_t>(r.integer("every_ticks", {1, every_ticks_max}).value_or(1));
  if (!r.is_null("max_bytes"))
    request.max_bytes = static_cast<std::uint64_t>(r.integer("max_bytes", {1, limits::exact_integer}).value_or(0));
  if (!r.is_null("max_s")) request.max_s = r.number("max_s", {.max = 1e12, .above = 0.0}).value_or(0);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return request;
}

PreviewRequest read_preview(QueryReader& query, const About& about) {
  PreviewRequest request;
  request.columns = read_columns(query, about);
  request.lane = static_cast<std::uint32_t>(
      query.integer("lane", {0, static_cast<std::int64_t>(limits::host_lanes)}).value_or(about.lanes.front()));
  if (std::ranges::find(about.lanes, request.lane) == about.lanes.end())
    query.refuse("lane", "lane_out_of_range", "the recording does not hold this lane");
  request.from_s = query.number("from_s");
  request.to_s = query.number("to_s");
  if (request.from_s && request.to_s && *request.to_s < *request.from_s)
    query.refuse("to_s", "not_valid", "to_s lies before from_s");
  request.points = static_cast<std::size_t>(
      query.integer("points", {1, static_cast<std::int64_t>(preview_points_max)}).value_or(500));
  if (request.points * request.columns.size() > limits::read_values)
    query.refuse("points", "limit_reached",
                 "at most " + std::to_string(limits::read_values) + " points of all fields together; ask for fewer");
  return request;
}

About make_about(const Request& request, const session::Session& session, std::string_view host_version) {
  const auto info = session.info();
  const auto model = session.model();
  About about;
  about.name = request.name;
  about.session = info.id;
  about.model = info.model;
  about.format = request.format;
  about.columns = telemetry::make_schema(model->descriptor, request.ids, session.lanes(), 0).fields;
  about.lanes = telemetry::lanes_of(telemetry::tiles_of(request.lanes, session.lanes()));
  about.every_ticks = request.every_ticks;
  about.step_ns = session.step_ns();
  about.seed = info.seed;
  about.descriptor = session::show(*model);
  about.made_of = session::show(info);
  about.versions = Value::object({{"host", host_version},
                                  {"plugin", info.plugin},
                                  {"generation", info.generation},
                                  {"model", model->descriptor.version},
                                  {"schema", model->descriptor.schema_version}});
  return about;
}

}  // namespace simhost::record
