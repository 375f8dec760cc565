// The shapes of the answers of the stream.
#include <api/ws/messages.hpp>

#include <api/http/problem.hpp>
#include <host/base/clock.hpp>
#include <host/base/codes.hpp>
#include <host/base/json.hpp>

namespace simhost::ws {

namespace {

Value begin(std::string_view op, const Answering& to) {
  Value message = Value::object({{"op", op}});
  if (!to.ref.is_null()) message.set("ref", to.ref);
  return message;
}

// As a route shows them: one array of lanes per result.
Value show_results(const plugin::Command& command, const session::CommandResult& result) {
  Value shown{Object{}};
  const auto count = command.results.size();
  for (std::size_t r = 0; r < count; ++r) {
    Array lanes;
    for (std::size_t at = r; at < result.results.size(); at += count)
      lanes.push_back(session::show(command.results[r], result.results[at]));
    shown.set(command.results[r].name, std::move(lanes));
  }
  return shown;
}

}  // namespace

std::string subscribed_message(const Answering& to, const telemetry::SubscribeRequest& request,
                               const telemetry::Granted& granted) {
  Value message = Value::object({{"op", "subscribed"}, {"id", request.id}});
  if (!to.ref.is_null()) message.set("ref", to.ref);
  message.set("session", request.session->id());
  message.set("fields", telemetry::show_fields(*granted.schema));
  message.set("lanes", Array(granted.lanes.begin(), granted.lanes.end()));
  message.set("rate_hz", granted.rate_hz);
  message.set("mode", telemetry::to_string(request.kind.mode));
  message.set("format", telemetry::to_string(request.kind.format));
  message.set("step_s", granted.schema->step_s);
  message.set("tick", granted.tick);
  return to_json(message);
}

std::string unsubscribed_message(const Answering& to, std::uint32_t id) {
  return to_json(begin("unsubscribed", to).set("id", id));
}

std::string ended_message(std::uint32_t id, telemetry::Ending ending) {
  return to_json(Value::object({{"op", "ended"}, {"id", id}, {"reason", telemetry::to_string(ending)}}));
}

std::string ack_message(const Answering& to) { return to_json(begin("ack", to)); }

std::string ack_message(const Answering& to, std::uint64_t applied_tick) {
  return to_json(begin("ack", to).set("applied_tick", applied_tick));
}

std::string ack_message(const Answering& to, const plugin::Command& command, const session::CommandResult& result) {
  return to_json(begin("ack", to).set("applied_tick", result.tick).set("result", show_results(command, result)));
}

std::string pong_message(const Answering& to, std::int64_t wall_ns) {
  return to_json(begin("pong", to).set("at", format_utc(wall_ns)));
}

std::string error_message(const Answering& to, const Error& error) {
  Value problem = http::problem_document(error, stream_path, to.request_id);
  // A frame has no header for it.
  if (const int wait_s = http::retry_after_s(error, status_of(error)); wait_s > 0) problem.set("retry_after_s", wait_s);
  return to_json(begin("error", to).set("problem", std::move(problem)));
}

std::string event_message(const session::Event& event) {
  Value message = Value::object({{"op", "event"}, {"type", event.type}, {"at", format_utc(event.at_wall_ns)}});
  if (!event.session.empty()) message.set("session", event.session);
  message.set("data", event.data.is_null() ? Value(Object{}) : event.data);
  return to_json(message);
}

}  // namespace simhost::ws
