// A scenario as a session runs it: the program in the engine, with what people call it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/engine/program.hpp>

namespace simhost::session {

// What is asked for.
struct RunRequest {
  std::string scenario, name;  // id and name of the scenario
  std::shared_ptr<const engine::Script> script;
};

struct Run {
  std::string id, scenario, name;
  std::uint64_t start_tick = 0;
  std::int64_t started_wall_ns = 0;
  std::shared_ptr<engine::Program> program;
  std::uint32_t lanes = 1;  // of the session
};

// Where a run was when its session was put away.
struct KeptRun {
  std::string scenario, name;
  std::uint64_t start_tick = 0;
  std::shared_ptr<const engine::Script> script;
  engine::Program::State state;
};

// Whether two lists of lanes (ascending, empty meaning all) have one in common.
bool overlap(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) noexcept;

// As GET .../scenario lists it.
Value show(const Run& run);

// All of a kept run, for a store, and back; lanes: of the session.
Value to_document(const KeptRun& run);
Result<KeptRun> kept_run_of(const Value& document, std::uint32_t lanes);

// What the journal keeps of a start ("scenario", action "started"), and the request it was: for a replay.
Value journal_detail(const Run& run, std::string_view action);
Result<RunRequest> run_request_of(const Value& journal_detail, std::uint32_t lanes);

}  // namespace simhost::session
