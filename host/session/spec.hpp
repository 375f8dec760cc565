// What sessions are asked for, as validated values: the bodies of the generic API without their encoding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <host/base/limits.hpp>
#include <host/base/value.hpp>
#include <host/engine/kept.hpp>
#include <host/engine/source.hpp>
#include <host/session/model.hpp>

namespace simhost::session {

using engine::Overrun;
inline constexpr std::string_view overrun_names[] = {"catch_up", "skip", "slow", "abort"};
using Tags = std::vector<std::pair<std::string, std::string>>;

// What a session plays instead of computing it.
struct Playback {
  std::string recording;  // id
  double from_s = 0, to_s = 0;
  std::int64_t beat_ns = 0;  // between two rows
  engine::Kept first;        // the first row, with its tick
  std::shared_ptr<engine::Source> source;
};

// POST /v1/sessions.
struct Spec {
  ModelPointer model;     // of one that plays a recording: made with playback
  std::string recording;  // id or name; empty: none
  std::shared_ptr<const Playback> playback;
  std::string name;  // empty: none
  std::uint32_t lanes = 1;
  std::int64_t step_ns = 0;
  std::uint64_t seed = 0;
  bool start = true;
  engine::Pace pace;
  Overrun overrun = Overrun::catch_up;
  std::optional<double> stop_at_s;
  std::uint64_t stop_tick = engine::no_tick;
  engine::Write initial;  // parameters and inputs at creation, all lanes
  Tags tags;
  std::string owner;  // plugin id, empty: none
};

// PATCH /v1/sessions/{id}: only what is set changes.
struct Patch {
  std::optional<std::string> name;  // "": none
  std::optional<engine::Pace> pace;
  std::optional<Overrun> overrun;
  std::optional<std::optional<double>> stop_at_s;
  std::vector<std::pair<std::string, std::optional<std::string>>> tags;  // nullopt removes
};

// PATCH .../variables and "set".
struct WriteRequest {
  engine::Write write;
  std::uint64_t at_tick = engine::no_tick;
};
struct Applied {
  std::uint64_t tick = 0;
};

// POST .../commands/{name} and "command".
struct CommandRequest {
  std::uint32_t command = 0;  // place in the descriptor
  std::vector<std::uint32_t> lanes;
  std::vector<double> args;
};
struct CommandResult {
  std::uint64_t tick = 0;
  std::vector<double> results;  // lane-major
};

// GET .../variables.
struct ReadRequest {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> lanes;  // ascending, empty: all
};
struct ReadResult {
  std::uint64_t tick = 0;
  double time_s = 0;
  std::vector<double> values;  // id-major, lane-minor
};

// POST .../fork.
struct ForkRequest {
  std::string checkpoint;  // id or name; empty: as it is now
  std::string name;
  std::optional<engine::Pace> pace;
  engine::Write inputs;
  bool start = false;
};

// read_only where the model plays a recording.
Outcome check_writable(const Model& model);

// Parse and validate request bodies: all faults at once, pointers into the body.
Result<Spec> parse_spec(const Value& body, const Models& models, std::size_t lanes_max = limits::session_lanes);
Result<Patch> parse_patch(const Value& body, std::int64_t step_ns);
Result<WriteRequest> parse_write(const Value& body, const Model& model, std::uint32_t lanes);
// body: {"args":{…},"lanes":[…],"confirm":true}. confirm_required (428) for hazardous commands without it.
Result<CommandRequest> parse_command(std::string_view name, const Value& body, const Model& model, std::uint32_t lanes);
Result<ForkRequest> parse_fork(const Value& body, const Model& model, std::uint32_t lanes);

// "0,4-7" or "all" to ascending lanes (empty: all); 400 with pointer ?lanes when it is neither.
Result<std::vector<std::uint32_t>> parse_lanes(std::string_view text, std::uint32_t lanes);
// "a,b" or "*" (outputs and states) to variable ids; pointer as given ("?names").
Result<std::vector<std::uint32_t>> parse_names(std::string_view text, const Model& model, std::string_view pointer);

// One value as the wire shows it: enums by name, booleans as true and false, integers without fraction.
Value show(const plugin::Variable& variable, double value);
Value show(const engine::Pace& pace);
std::string_view to_string(Overrun overrun) noexcept;

}  // namespace simhost::session
