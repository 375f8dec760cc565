// Calls encode with a sink over the pump's list of messages.
#include <host/services/encoder.hpp>

#include <algorithm>

#include <host/base/limits.hpp>
#include <host/services/answers.hpp>
#include <host/services/tables.hpp>

namespace simhost::services {

namespace {

constexpr std::int64_t period_default_ns = 16'000'000;

std::int32_t add(void* context, std::uint32_t kind, const void* data, std::uint64_t size) noexcept {
  if ((kind != SIM_TEXT && kind != SIM_BINARY) || (data == nullptr && size > 0) || size > limits::stream_message_bytes)
    return SIM_INVALID_ARG;
  return guarded([&]() -> sim_status {
    const auto* bytes = static_cast<const char*>(data);
    static_cast<telemetry::MessageList*>(context)->add(
        kind == SIM_TEXT ? telemetry::MessageKind::text : telemetry::MessageKind::binary,
        std::string(bytes, bytes + size));
    return SIM_OK;
  });
}

std::int32_t close(void* context, std::uint32_t code, const char* reason) noexcept {
  if (code < 1000 || code > 4999) return SIM_INVALID_ARG;
  return guarded([&]() -> sim_status {
    static_cast<telemetry::MessageList*>(context)->close(static_cast<std::uint16_t>(code),
                                                         std::string(view(reason, limits::name_chars)));
    return SIM_OK;
  });
}

sim_sink sink_over(telemetry::MessageList& list) { return {sizeof(sim_sink), 0, &list, add, close}; }

}  // namespace

telemetry::StreamSpec spec_of(const sim_stream& stream) {
  telemetry::StreamSpec spec;
  spec.vars.assign(stream.vars, stream.vars + (stream.vars == nullptr ? 0 : stream.n_vars));
  spec.period_ns = stream.period_ns > 0 ? stream.period_ns : period_default_ns;
  spec.variants = std::max(stream.n_variants, 1U);
  spec.idle_ns = stream.idle == nullptr ? 0 : std::int64_t{stream.idle_ms} * 1'000'000;
  spec.sees =
      (stream.flags & SIM_STREAM_EACH) != 0 ? telemetry::StreamSpec::Sees::each : telemetry::StreamSpec::Sees::newest;
  spec.at_end = (stream.flags & SIM_STREAM_FOLLOW) != 0 ? telemetry::StreamSpec::AtEnd::follow
                                                        : telemetry::StreamSpec::AtEnd::close;
  return spec;
}

void PluginEncoder::encode(const sim_view* prev, const sim_view& now, std::uint32_t variant,
                           telemetry::MessageList& out) {
  if (generation_ == nullptr) return;
  const sim_sink sink = sink_over(out);
  static_cast<void>(guarded([&] { return stream_->encode(prev, &now, variant, &sink); }));
}

void PluginEncoder::idle(std::uint32_t variant, telemetry::MessageList& out) {
  if (generation_ == nullptr || stream_->idle == nullptr) return;
  const sim_sink sink = sink_over(out);
  static_cast<void>(guarded([&] { return stream_->idle(variant, &sink); }));
}

void PluginEncoder::ended(const sim_ending& ending, std::uint32_t variant, telemetry::MessageList& out) {
  if (generation_ == nullptr || stream_->ended == nullptr) return;
  const sim_sink sink = sink_over(out);
  static_cast<void>(guarded([&] { return stream_->ended(&ending, variant, &sink); }));
}

void PluginEncoder::notice(const sim_view& now, const telemetry::Notice& notice, std::uint32_t variant,
                           telemetry::MessageList& out) {
  if (generation_ == nullptr || stream_->alert == nullptr || notice.owner != generation_->plugin_id()) return;
  const sim_sink sink = sink_over(out);
  static_cast<void>(guarded(
      [&] { return stream_->alert(generation_->host(), &now, as_plugin_value(*notice.content), variant, &sink); }));
}

void PluginEncoder::release() noexcept {
  stream_ = nullptr;
  generation_.reset();
}

}  // namespace simhost::services
