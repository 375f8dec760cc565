// A plugin's encode and idle as the pump calls them.
#pragma once

#include <memory>

#include <host/plugin/generation.hpp>
#include <host/telemetry/stream.hpp>

namespace simhost::services {

// What the stream's declaration asks of the pump, with the host's defaults filled in.
telemetry::StreamSpec spec_of(const sim_stream& stream);

// [pump] Holds its generation until it is released or dropped.
class PluginEncoder final : public telemetry::StreamEncoder {
 public:
  PluginEncoder(std::shared_ptr<plugin::Generation> generation, const sim_stream& stream)
      : generation_(std::move(generation)), stream_(&stream) {}
  void encode(const sim_view* prev, const sim_view& now, std::uint32_t variant, telemetry::MessageList& out) override;
  void idle(std::uint32_t variant, telemetry::MessageList& out) override;
  void ended(const sim_ending& ending, std::uint32_t variant, telemetry::MessageList& out) override;
  void notice(const sim_view& now, const telemetry::Notice& notice, std::uint32_t variant,
              telemetry::MessageList& out) override;
  void release() noexcept;

 private:
  std::shared_ptr<plugin::Generation> generation_;
  const sim_stream* stream_;
};

}  // namespace simhost::services
