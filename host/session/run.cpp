// Runs of scenarios as the wire shows them and as a store keeps them.
#include <host/session/run.hpp>

#include <algorithm>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::session {

namespace {

using Kind = engine::Cue::Kind;

Value numbers(const std::vector<double>& values) {
  Array out;
  for (const double v : values) out.emplace_back(v);
  return out;
}

Value lanes_value(const std::vector<std::uint32_t>& lanes) {
  Array out;
  for (const auto lane : lanes) out.emplace_back(lane);
  return out;
}

std::vector<double> read_numbers(const Value* array) {
  std::vector<double> out;
  if (array == nullptr || !array->is_array()) return out;
  for (const auto& item : array->items()) out.push_back(item.is_number() ? item.number() : 0);
  return out;
}

Value to_value(const engine::Cue& cue) {
  return Value::object({{"kind", static_cast<std::int64_t>(cue.kind)},
                        {"at", cue.at},
                        {"id", cue.id},
                        {"value", cue.value},
                        {"ticks", cue.ticks},
                        {"args", numbers(cue.args)}});
}

Value to_value(const engine::Program::Line& line) {
  return Value::object({{"id", line.id},
                        {"active", line.active},
                        {"begin", line.begin},
                        {"ticks", line.ticks},
                        {"to", line.to},
                        {"from", numbers(line.from)}});
}

Value to_value(const engine::Script& script) {
  Array cues;
  for (const auto& cue : script.cues) cues.push_back(to_value(cue));
  return Value::object({{"cues", std::move(cues)},
                        {"period", script.period},
                        {"results", script.results},
                        {"lanes", lanes_value(script.lanes)}});
}

std::uint64_t whole(ObjectReader& r, std::string_view key) {
  r.require(key);
  return static_cast<std::uint64_t>(r.integer(key, {0, INT64_MAX}).value_or(0));
}

std::uint32_t id_in(ObjectReader& r) {
  r.require("id");
  return static_cast<std::uint32_t>(r.integer("id", {0, UINT32_MAX}).value_or(0));
}

engine::Cue read_cue(const Value& value, FieldErrors& errors) {
  ObjectReader r(value, "/cues", errors);
  engine::Cue cue;
  r.require("kind");
  cue.kind = static_cast<Kind>(r.integer("kind", {0, 2}).value_or(0));
  cue.at = whole(r, "at");
  cue.id = id_in(r);
  cue.value = r.number("value").value_or(0);
  cue.ticks = whole(r, "ticks");
  cue.args = read_numbers(r.array("args", limits::model_variables));
  if (cue.kind == Kind::ramp && cue.ticks == 0) r.refuse("ticks", "value_out_of_range", "a ramp takes a tick at least");
  return cue;
}

std::shared_ptr<const engine::Script> read_script(const Value& value, std::uint32_t lanes, FieldErrors& errors) {
  ObjectReader r(value, "/program", errors);
  engine::Script script;
  r.require("cues");
  if (const Value* cues = r.array("cues", limits::scenario_cues))
    for (const auto& cue : cues->items()) script.cues.push_back(read_cue(cue, errors));
  script.period = whole(r, "period");
  script.results = static_cast<std::uint32_t>(r.integer("results", {0, limits::model_variables}).value_or(0));
  if (const Value* some = r.array("lanes", limits::session_lanes); some != nullptr && !some->items().empty())
    script.lanes = read_lanes(some, r.pointer("lanes"), lanes, errors);
  const bool rises = std::ranges::is_sorted(script.cues, {}, &engine::Cue::at);
  const bool fits = script.period == 0 || (!script.cues.empty() && script.cues.back().at < script.period);
  if (script.cues.empty() || !rises || !fits) r.refuse("cues", "not_valid", "there are cues, and their ticks rise");
  return std::make_shared<const engine::Script>(std::move(script));
}

engine::Program::Line read_line(const Value& value, FieldErrors& errors) {
  ObjectReader r(value, "/lines", errors);
  engine::Program::Line line;
  line.id = id_in(r);
  line.active = r.boolean("active").value_or(false);
  line.begin = whole(r, "begin");
  line.ticks = std::max<std::uint64_t>(1, whole(r, "ticks"));
  line.to = r.number("to").value_or(0);
  line.from = read_numbers(r.array("from", limits::session_lanes));
  return line;
}

// The lines must be those that a program of the script has, or its memory would not fit.
void check_lines(const KeptRun& run, std::uint32_t lanes, ObjectReader& r) {
  const auto fresh = engine::Program(run.script, lanes);
  const auto& needed = fresh.saved().lines;
  bool fits = needed.size() == run.state.lines.size();
  for (std::size_t i = 0; fits && i < needed.size(); ++i)
    fits = needed[i].id == run.state.lines[i].id && needed[i].from.size() == run.state.lines[i].from.size();
  if (!fits) r.refuse("lines", "not_valid", "the ramps are not those of the script");
}

}  // namespace

bool overlap(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) noexcept {
  if (a.empty() || b.empty()) return true;
  return std::ranges::any_of(a, [&](auto lane) { return std::ranges::binary_search(b, lane); });
}

Value show(const Run& run) {
  std::vector<std::uint32_t> lanes = run.program->script()->lanes;
  if (lanes.empty())
    for (std::uint32_t k = 0; k < run.lanes; ++k) lanes.push_back(k);
  return Value::object({{"id", run.id},
                        {"scenario", run.scenario},
                        {"name", run.name},
                        {"lanes", lanes_value(lanes)},
                        {"started_tick", run.start_tick},
                        {"started_at", format_utc(run.started_wall_ns)},
                        {"refused_commands", run.program->refused()}});
}

Value to_document(const KeptRun& run) {
  Array lines;
  for (const auto& line : run.state.lines) lines.push_back(to_value(line));
  return Value::object({{"scenario", run.scenario},
                        {"name", run.name},
                        {"start_tick", run.start_tick},
                        {"program", to_value(*run.script)},
                        {"start", run.state.start},
                        {"place", run.state.place},
                        {"done", run.state.done},
                        {"lines", std::move(lines)}});
}

Result<KeptRun> kept_run_of(const Value& document, std::uint32_t lanes) {
  FieldErrors errors;
  ObjectReader r(document, "", errors);
  KeptRun run;
  run.scenario = r.text("scenario").value_or("");
  run.name = r.text("name").value_or("");
  run.start_tick = whole(r, "start_tick");
  r.require("program");
  if (const Value* program = r.object("program")) run.script = read_script(*program, lanes, errors);
  run.state.start = whole(r, "start");
  run.state.place = whole(r, "place");
  run.state.done = whole(r, "done");
  if (const Value* lines = r.array("lines", limits::model_variables))
    for (const auto& line : lines->items()) run.state.lines.push_back(read_line(line, errors));
  if (errors.empty()) check_lines(run, lanes, r);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return run;
}

Value journal_detail(const Run& run, std::string_view action) {
  Value detail = show(run);
  detail.set("action", action);
  if (action == "started") detail.set("program", to_value(*run.program->script()));
  return detail;
}

Result<RunRequest> run_request_of(const Value& detail, std::uint32_t lanes) {
  FieldErrors errors;
  ObjectReader r(detail, "", errors);
  RunRequest request;
  request.scenario = r.text("scenario").value_or("");
  request.name = r.text("name").value_or("");
  r.require("program");
  if (const Value* program = r.object("program")) request.script = read_script(*program, lanes, errors);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return request;
}

}  // namespace simhost::session
