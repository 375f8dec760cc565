// Sessions, checkpoints and values as the wire shows them.
#include <host/session/session.hpp>

#include <cmath>

#include <host/base/clock.hpp>

namespace simhost::session {

namespace {
template <class T>
Value or_null(bool given, T value) {
  return given ? Value(std::move(value)) : Value();
}

Value show(const Reason& reason) {
  return Value::object({{"code", reason.code},
                        {"plugin", reason.plugin},
                        {"lane", reason.lane},
                        {"tick", reason.tick},
                        {"detail", reason.detail}});
}

Value show(const Playback& playback) {
  return Value::object({{"recording", playback.recording}, {"from_s", playback.from_s}, {"to_s", playback.to_s}});
}

Value spread(double p50, double p99, double max) {
  const auto tenth = [](double us) { return std::round(us * 10) / 10; };
  return Value::object({{"p50", tenth(p50)}, {"p99", tenth(p99)}, {"max", tenth(max)}});
}

Value show(const Stats& stats) {
  return Value::object({{"ticks", stats.ticks},
                        {"missed", stats.missed},
                        {"overruns", stats.overruns},
                        {"lateness_us", spread(stats.lateness_p50_us, stats.lateness_p99_us, stats.lateness_max_us)},
                        {"step_us", spread(stats.step_p50_us, stats.step_p99_us, stats.step_max_us)},
                        {"inbox", stats.inbox},
                        {"clients", stats.clients},
                        {"dropped", stats.dropped}});
}
}  // namespace

std::string_view to_string(Overrun overrun) noexcept { return overrun_names[static_cast<std::size_t>(overrun)]; }

Value show(const engine::Pace& pace) {
  if (pace.mode == engine::Pace::Mode::free) return Value::object({{"mode", "free"}});
  if (pace.mode == engine::Pace::Mode::manual) return Value::object({{"mode", "manual"}});
  return Value::object({{"mode", "realtime"}, {"rate", pace.rate}});
}

Value show(const plugin::Variable& variable, double value) {
  if (variable.type == SIM_BOOLEAN) return Value(value != 0);
  if (variable.type == SIM_INTEGER) return std::abs(value) < 0x1p63 ? Value(static_cast<std::int64_t>(value)) : Value();
  if (variable.type != SIM_ENUM) return Value(value);
  const bool named = value >= 0 && value < static_cast<double>(variable.enum_names.size());
  return named ? Value(variable.enum_names[static_cast<std::size_t>(value)]) : Value();
}

Value show(const Info& info) {
  Value tags{Object{}};
  for (const auto& [key, text] : info.tags) tags.set(key, text);
  return Value::object({{"id", info.id},
                        {"name", or_null(!info.name.empty(), info.name)},
                        {"model", info.model},
                        {"plugin", info.plugin},
                        {"generation", info.generation},
                        {"owner", or_null(!info.owner.empty(), info.owner)},
                        {"state", to_string(info.state)},
                        {"reason", info.reason ? show(*info.reason) : Value()},
                        {"tick", info.tick},
                        {"time_s", info.time_s},
                        {"step_s", info.step_s},
                        {"lanes", info.lanes},
                        {"pace", show(info.pace)},
                        {"overrun", to_string(info.overrun)},
                        {"stop_at_s", or_null(info.stop_at_s.has_value(), info.stop_at_s.value_or(0))},
                        {"seed", info.seed},
                        {"playback", info.playback != nullptr ? show(*info.playback) : Value()},
                        {"tags", std::move(tags)},
                        {"created_at", format_utc(info.created_wall_ns)},
                        {"stats", show(info.stats)}});
}

Value show(const Checkpoint& checkpoint, std::string_view session_id, double step_s) {
  return Value::object({{"id", checkpoint.id},
                        {"name", or_null(!checkpoint.name.empty(), checkpoint.name)},
                        {"session", session_id},
                        {"tick", checkpoint.tick},
                        {"time_s", static_cast<double>(checkpoint.tick) * step_s},
                        {"bytes", checkpoint.bytes},
                        {"digest", checkpoint.digest},
                        {"created_at", format_utc(checkpoint.created_wall_ns)}});
}

}  // namespace simhost::session
