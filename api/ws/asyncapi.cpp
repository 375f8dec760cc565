// The stream described for machines: channel, messages and operations out of the tables of ops.hpp.
#include <api/ws/ops.hpp>
#include <api/ws/stream_route.hpp>

#include <host/base/check.hpp>
#include <host/base/json.hpp>

namespace simhost::ws {

namespace {

// Of a literal of ours.
Value json(std::string_view text) {
  auto value = parse_json(text);
  SIM_CHECK(value.has_value(), "a table of the stream holds faulty JSON");
  return std::move(*value);
}

Value reference(const std::string& pointer) { return Value::object({{"$ref", pointer}}); }

// An object with the members all messages have.
Value payload(std::string_view op, std::string_view properties, std::string_view required) {
  Value members = Value::object(
      {{"op", Value::object({{"const", op}})}, {"ref", Value::object({{"type", Array{"string", "integer"}}})}});
  const Value own = json(properties), demanded = json(required);
  for (const auto& [key, schema] : own.members()) members.set(key, schema);
  Array needed{"op"};
  for (const auto& key : demanded.items()) needed.push_back(key);
  return Value::object({{"type", "object"}, {"required", std::move(needed)}, {"properties", std::move(members)}});
}

Value message(std::string_view name, std::string_view summary, Value schema) {
  return Value::object(
      {{"name", name}, {"summary", summary}, {"contentType", "application/json"}, {"payload", std::move(schema)}});
}

Value operation(std::string_view action, std::string_view summary, std::string_view name) {
  const std::string at = "#/channels/stream/messages/" + std::string(name);
  return Value::object({{"action", action},
                        {"summary", summary},
                        {"channel", reference("#/channels/stream")},
                        {"messages", Array{reference(at)}}});
}

}  // namespace

// As AsyncAPI has it, "receive" is what the host receives.
Value asyncapi() {
  Value messages{Object{}}, operations{Object{}};
  for (const auto& op : ops()) {
    messages.set(op.name, message(op.name, op.summary,
                                  payload(op.name, op.properties, op.required).set("additionalProperties", false)));
    Value receive = operation("receive", op.summary, op.name);
    const std::string answer = "#/channels/stream/messages/" + std::string(op.answer);
    receive.set("reply",
                Value::object({{"channel", reference("#/channels/stream")},
                               {"messages", Array{reference(answer), reference("#/channels/stream/messages/error")}}}));
    operations.set(op.name, std::move(receive));
  }
  for (const auto& said : sayings()) {
    messages.set(said.name, message(said.name, said.summary, payload(said.name, said.properties, said.required)));
    operations.set(said.name, operation("send", said.summary, said.name));
  }
  Value channel =
      Value::object({{"address", stream_path},
                     {"description",
                      "One socket, many subscriptions; subprotocol simhost.v1 or none. Text frames are JSON; "
                      "data of msgpack and binary subscriptions come in binary frames."},
                     {"messages", std::move(messages)}});
  Value info = Value::object({{"title", "simhost stream"},
                              {"version", "1"},
                              {"description", "Values of sessions as they tick, events, writes and commands."}});
  return Value::object({{"asyncapi", "3.0.0"},
                        {"info", std::move(info)},
                        {"defaultContentType", "application/json"},
                        {"channels", Value::object({{"stream", std::move(channel)}})},
                        {"operations", std::move(operations)}});
}

}  // namespace simhost::ws
