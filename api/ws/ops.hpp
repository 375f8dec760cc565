// The operations of the stream as tables: what clients may send, what they get. asyncapi.json is made of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <api/ws/conversation.hpp>

namespace simhost::ws {

// changes: refused while the store cannot keep it.
enum class Effect : std::uint8_t { none, changes };

// What a client may send. schema: JSON Schema of the members beside op and ref.
struct Op {
  std::string_view name, summary, answer;  // answer: the op of what comes back
  std::string_view properties;             // {"id":{...},...}
  std::string_view required;               // ["id"]
  Effect effect;
  void (Conversation::*run)(const Answering&, const Value&);
};

// What the host sends.
struct Said {
  std::string_view name, summary, properties, required;
};

std::span<const Op> ops() noexcept;
std::span<const Said> sayings() noexcept;

}  // namespace simhost::ws
