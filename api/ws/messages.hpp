// What the stream answers, as JSON: every message but the data themselves.
#pragma once

#include <string>
#include <string_view>

#include <host/session/registry.hpp>
#include <host/telemetry/subscribe.hpp>

namespace simhost::ws {

// ref: what the client sent to recognise its answer by; null: nothing.
struct Answering {
  Value ref;
  std::string request_id;  // of the upgrade
};

std::string subscribed_message(const Answering& to, const telemetry::SubscribeRequest& request,
                               const telemetry::Granted& granted);
std::string unsubscribed_message(const Answering& to, std::uint32_t id);
std::string ended_message(std::uint32_t id, telemetry::Ending ending);
std::string ack_message(const Answering& to);
std::string ack_message(const Answering& to, std::uint64_t applied_tick);
std::string ack_message(const Answering& to, const plugin::Command& command, const session::CommandResult& result);
std::string pong_message(const Answering& to, std::int64_t wall_ns);
std::string error_message(const Answering& to, const Error& error);
std::string event_message(const session::Event& event);

inline constexpr std::string_view stream_path = "/v1/stream";

}  // namespace simhost::ws
