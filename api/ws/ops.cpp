// The two tables.
#include <api/ws/ops.hpp>

#include <array>

namespace simhost::ws {

namespace {

constexpr std::string_view subscribe_properties = R"({
  "id":{"type":"integer","minimum":0,"maximum":4294967295,"description":"free on this socket, else 409 id_taken"},
  "session":{"type":"string","description":"id or name"},
  "fields":{"anyOf":[{"const":"*"},{"type":"array","minItems":1,"items":{"type":"string"}}],"default":"*",
    "description":"names of variables; * is all outputs and states"},
  "lanes":{"anyOf":[{"const":"all"},{"type":"array","minItems":1,"items":{"type":"integer","minimum":0}}],
    "default":"all"},
  "rate_hz":{"type":"number","exclusiveMinimum":0,"maximum":1000,"default":60,
    "description":"flushes per second; a lower one is granted where the data are too many"},
  "mode":{"enum":["latest","all","minmax"],"default":"latest"},
  "format":{"enum":["json","msgpack","binary"],"default":"json"}})";

constexpr std::string_view set_properties = R"({
  "session":{"type":"string","description":"id or name"},
  "values":{"type":"object","description":"inputs and tunable parameters by name: a value, or one per addressed lane"},
  "lanes":{"anyOf":[{"const":"all"},{"type":"array","minItems":1,"items":{"type":"integer","minimum":0}}],
    "default":"all"},
  "at_tick":{"type":"integer","minimum":0,"description":"a later tick; without it the next"}})";

constexpr std::string_view command_properties = R"({
  "session":{"type":"string","description":"id or name"},
  "name":{"type":"string","description":"a command of the model"},
  "args":{"type":"object"},
  "lanes":{"anyOf":[{"const":"all"},{"type":"array","minItems":1,"items":{"type":"integer","minimum":0}}],
    "default":"all"},
  "confirm":{"type":"boolean","description":"true for a hazardous command"}})";

constexpr std::string_view events_properties = R"({
  "types":{"type":"array","maxItems":64,"items":{"type":"string"},
    "description":"as session.state, session.* or *; replaces those of before"}})";

constexpr std::string_view id_property = R"({"id":{"type":"integer","minimum":0,"maximum":4294967295}})";

constexpr std::string_view subscribed_properties = R"({
  "id":{"type":"integer"},"session":{"type":"string"},
  "fields":{"type":"array","items":{"type":"object","required":["name","unit","type"],"properties":{
    "name":{"type":"string"},"unit":{"type":["string","null"]},"type":{"enum":["real","integer","boolean","enum"]},
    "enum":{"type":"array","items":{"type":"string"},"description":"of type enum: names by place"}}}},
  "lanes":{"type":"array","items":{"type":"integer"}},"rate_hz":{"type":"number"},
  "mode":{"enum":["latest","all","minmax"]},"format":{"enum":["json","msgpack","binary"]},
  "step_s":{"type":"number"},"tick":{"type":"integer"}})";

constexpr std::string_view data_properties = R"({
  "id":{"type":"integer"},
  "gap":{"type":"integer","minimum":1,"description":"all, minmax: ticks lost since the message before"},
  "tick":{"type":"integer","description":"latest; minmax: that of last"},
  "ticks":{"type":"array","items":{"type":"integer"},"description":"all: one after the other, without a hole"},
  "time_s":{"anyOf":[{"type":"number"},{"type":"array","items":{"type":"number"},"description":"all"}]},
  "values":{"type":"object",
    "description":"by field: latest: lanes; all: a row of lanes per tick; minmax: min, max, last"}})";

constexpr auto table = std::to_array<Op>({
    {"subscribe", "Values of a session, at a rate", "subscribed", subscribe_properties, R"(["id","session"])",
     Effect::none, &Conversation::subscribe},
    {"unsubscribe", "Ends a subscription", "unsubscribed", id_property, R"(["id"])", Effect::none,
     &Conversation::unsubscribe},
    {"set", "Writes inputs and tunable parameters", "ack", set_properties, R"(["session","values"])", Effect::changes,
     &Conversation::set},
    {"command", "Runs a command of the model", "ack", command_properties, R"(["session","name"])", Effect::changes,
     &Conversation::command},
    {"events", "Asks for events of these types", "ack", events_properties, R"(["types"])", Effect::none,
     &Conversation::events},
    {"ping", "Asks whether the host is there", "pong", "{}", "[]", Effect::none, &Conversation::ping},
});

constexpr auto said = std::to_array<Said>({
    {"subscribed", "A subscription has begun", subscribed_properties,
     R"(["id","session","fields","lanes","rate_hz","mode","format","step_s","tick"])"},
    {"data", "Values; for msgpack the same in a binary frame, for binary the layout of docs/stream.md", data_properties,
     R"(["id","time_s","values"])"},
    {"unsubscribed", "A subscription is over; nothing of it follows", id_property, R"(["id"])"},
    {"ended", "The session of a subscription has ended, after its last frame",
     R"({"id":{"type":"integer"},"reason":{"enum":["stopped","failed","deleted"]}})", R"(["id","reason"])"},
    {"ack", "What was asked for has happened",
     R"({"applied_tick":{"type":"integer"},"result":{"type":"object","additionalProperties":{"type":"array"}}})", "[]"},
    {"event", "Something happened",
     R"({"type":{"type":"string"},"at":{"type":"string","format":"date-time"},"session":{"type":"string"},
         "data":{"type":"object"}})",
     R"(["type","at","data"])"},
    {"pong", "The host is there", R"({"at":{"type":"string","format":"date-time"}})", R"(["at"])"},
    {"error", "A message could not be obeyed; the socket stays open",
     R"({"problem":{"type":"object","required":["type","title","status","code","detail"],"properties":{
         "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},
         "detail":{"type":"string"},"instance":{"type":"string"},"request_id":{"type":"string"},
         "errors":{"type":"array","items":{"type":"object"}},
         "retry_after_s":{"type":"integer","minimum":1,"description":"it is worth trying again then"}}}})",
     R"(["problem"])"},
});

}  // namespace

std::span<const Op> ops() noexcept { return table; }
std::span<const Said> sayings() noexcept { return said; }

}  // namespace simhost::ws
