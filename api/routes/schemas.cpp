// Component schemas, written once; the OpenAPI document and its tests use them.
#include <api/routes/schemas.hpp>

#include <api/routes/plan_schemas.hpp>
#include <host/base/check.hpp>
#include <host/base/json.hpp>
#include <host/base/limits.hpp>

namespace simhost::routes {

namespace {

constexpr std::string_view components_json = R"json({
"Problem":{"type":"object","required":["type","title","status","code","detail","instance"],"properties":{
  "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},
  "detail":{"type":"string"},"instance":{"type":"string"},"request_id":{"type":"string"},
  "errors":{"type":"array","items":{"type":"object","required":["pointer","code","detail"],"properties":{
    "pointer":{"type":"string"},"code":{"type":"string"},"detail":{"type":"string"},"min":{"type":"number"},
    "max":{"type":"number"},"input":{}}}}}},
"Pace":{"type":"object","required":["mode"],"properties":{"mode":{"enum":["realtime","free","manual"]},
  "rate":{"type":"number","minimum":0.001,"maximum":1000,"description":"of real time; realtime only"}},
  "additionalProperties":false},
"Spread":{"type":"object","required":["p50","p99","max"],"properties":{"p50":{"type":"number"},"p99":{"type":"number"},
  "max":{"type":"number"}}},
"Session":{"type":"object","required":["id","name","model","plugin","generation","owner","state","reason","tick",
  "time_s","step_s","lanes","pace","overrun","stop_at_s","seed","playback","tags","created_at","stats"],"properties":{
  "id":{"type":"string"},"name":{"type":["string","null"]},"model":{"type":"string"},"plugin":{"type":"string"},
  "generation":{"type":"integer"},"owner":{"type":["string","null"]},
  "state":{"enum":["ready","running","paused","stopped","failed"]},
  "reason":{"oneOf":[{"type":"null"},{"type":"object","required":["code","plugin","lane","tick","detail"],"properties":{
    "code":{"type":"string"},"plugin":{"type":"string"},"lane":{"type":"integer"},"tick":{"type":"integer"},
    "detail":{"type":"string"}}}]},
  "tick":{"type":"integer"},"time_s":{"type":"number"},"step_s":{"type":"number"},"lanes":{"type":"integer"},
  "pace":{"$ref":"#/components/schemas/Pace"},"overrun":{"enum":["catch_up","skip","slow","abort"]},
  "stop_at_s":{"type":["number","null"]},"seed":{"type":"integer"},
  "playback":{"oneOf":[{"type":"null"},{"type":"object","required":["recording","from_s","to_s"],"properties":{
    "recording":{"type":"string"},"from_s":{"type":"number"},"to_s":{"type":"number"}}}]},
  "tags":{"type":"object","additionalProperties":{"type":"string"}},"created_at":{"type":"string","format":"date-time"},
  "stats":{"type":"object","properties":{"ticks":{"type":"integer"},"missed":{"type":"integer"},
    "overruns":{"type":"integer"},"lateness_us":{"$ref":"#/components/schemas/Spread"},
    "step_us":{"$ref":"#/components/schemas/Spread"},"inbox":{"type":"integer"},"clients":{"type":"integer"},
    "dropped":{"type":"integer"}}}}},
"SessionCreate":{"type":"object","required":["model"],"additionalProperties":false,"properties":{
  "model":{"type":"string"},"name":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},
  "lanes":{"type":"integer","minimum":1,"default":1,"description":"at most the model's max_lanes"},
  "step_s":{"type":"number"},
  "seed":{"type":"integer","minimum":0,"maximum":9007199254740991,"default":0},
  "start":{"type":"boolean","default":true},
  "pace":{"$ref":"#/components/schemas/Pace"},
  "overrun":{"enum":["catch_up","skip","slow","abort"],"default":"catch_up"},
  "stop_at_s":{"type":["number","null"],"minimum":0,"maximum":9e9},"parameters":{"type":"object"},
  "inputs":{"type":"object"},
  "tags":{"type":"object","additionalProperties":{"type":"string"}}}},
"SessionPatch":{"type":"object","additionalProperties":false,"properties":{
  "name":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},"pace":{"$ref":"#/components/schemas/Pace"},
  "overrun":{"enum":["catch_up","skip","slow","abort"]},
  "stop_at_s":{"type":["number","null"],"minimum":0,"maximum":9e9},
  "tags":{"type":"object","additionalProperties":{"type":["string","null"]}}}},
"PlaybackCreate":{"type":"object","required":["recording"],"additionalProperties":false,"properties":{
  "recording":{"type":"string","minLength":1},
  "name":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},"start":{"type":"boolean","default":true},
  "pace":{"$ref":"#/components/schemas/Pace"},
  "tags":{"type":"object","additionalProperties":{"type":"string"}}}},
"Seek":{"type":"object","required":["time_s"],"additionalProperties":false,"properties":{
  "time_s":{"type":"number"}}},
"Step":{"type":"object","additionalProperties":false,"properties":{
  "ticks":{"type":"integer","minimum":1,"maximum":1000000000000,"default":1,
  "description":"above 1000000 only with Prefer: respond-async"}}},
"Lanes":{"oneOf":[{"const":"all"},{"type":"array","minItems":1,"items":{"type":"integer","minimum":0}}]},
"Variables":{"type":"object","required":["tick","time_s","lanes","values"],"properties":{"tick":{"type":"integer"},
  "time_s":{"type":"number"},"lanes":{"type":"array","items":{"type":"integer"}},
  "values":{"type":"object","additionalProperties":{"type":"array"}}}},
"VariablesWrite":{"type":"object","required":["values"],"additionalProperties":false,"properties":{
  "values":{"type":"object"},"lanes":{"$ref":"#/components/schemas/Lanes"},
  "at_tick":{"type":"integer","minimum":0,"maximum":9007199254740992}}},
"Applied":{"type":"object","required":["applied_tick"],"properties":{"applied_tick":{"type":"integer"}}},
"CommandRun":{"type":"object","additionalProperties":false,"properties":{"args":{"type":"object"},
  "lanes":{"$ref":"#/components/schemas/Lanes"},"confirm":{"type":"boolean"}}},
"CommandResult":{"type":"object","required":["applied_tick","result"],"properties":{"applied_tick":{"type":"integer"},
  "result":{"type":"object","additionalProperties":{"type":"array"}}}},
"Checkpoint":{"type":"object","required":["id","name","session","tick","time_s","bytes","digest","created_at"],
  "properties":{"id":{"type":"string"},"name":{"type":["string","null"]},"session":{"type":"string"},
  "tick":{"type":"integer"},"time_s":{"type":"number"},"bytes":{"type":"integer"},"digest":{"type":"string"},
  "created_at":{"type":"string","format":"date-time"}}},
"CheckpointCreate":{"type":"object","additionalProperties":false,"properties":{
  "name":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"}}},
"Restore":{"type":"object","required":["checkpoint"],"additionalProperties":false,"properties":{
  "checkpoint":{"type":"string"}}},
"Fork":{"type":"object","additionalProperties":false,"properties":{"checkpoint":{"type":["string","null"]},
  "name":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},"pace":{"$ref":"#/components/schemas/Pace"},
  "inputs":{"type":"object"},"start":{"type":"boolean","default":false}}},
"Recording":{"type":"object","required":["id","name","state","reason","session","model","format","fields","lanes",
  "every_ticks","max_bytes","max_s","rows","bytes","from_s","to_s","gaps","files","created_at","ended_at"],
  "properties":{"id":{"type":"string"},"name":{"type":["string","null"]},
  "state":{"enum":["recording","waiting","stopped","failed"]},
  "reason":{"oneOf":[{"type":"null"},{"type":"object","required":["code","detail"],"properties":{
    "code":{"type":"string"},"detail":{"type":"string"}}}]},
  "session":{"type":"string"},"model":{"type":"string"},"format":{"enum":["parquet","csv"]},
  "fields":{"type":"array","items":{"type":"string"}},"lanes":{"type":"integer"},"every_ticks":{"type":"integer"},
  "max_bytes":{"type":["integer","null"]},"max_s":{"type":["number","null"]},"rows":{"type":"integer"},
  "bytes":{"type":"integer"},"from_s":{"type":["number","null"]},"to_s":{"type":["number","null"]},
  "gaps":{"type":"array","items":{"type":"object","required":["from_tick","to_tick","reason"],"properties":{
    "from_tick":{"type":"integer"},"to_tick":{"type":"integer"},"reason":{"type":"string"}}}},
  "files":{"type":"array","items":{"type":"object","required":["part","rows","bytes","from_tick","sha256"],
    "properties":{"part":{"type":"integer"},"rows":{"type":"integer"},"bytes":{"type":"integer"},
      "from_tick":{"type":"integer"},"sha256":{"type":"string"}}}},
  "created_at":{"type":"string","format":"date-time"},"ended_at":{"type":["string","null"],"format":"date-time"}}},
"RecordingCreate":{"type":"object","additionalProperties":false,"properties":{
  "name":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},
  "format":{"enum":["parquet","csv"],"default":"parquet"},
  "fields":{"description":"names, or * for outputs and states","oneOf":[{"const":"*"},{"type":"null"},
    {"type":"array","minItems":1,"items":{"type":"string","minLength":1,"maxLength":256}}]},
  "every_ticks":{"type":"integer","minimum":1,"maximum":1000000000,"default":1},
  "lanes":{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/Lanes"}]},
  "max_bytes":{"type":["integer","null"],"minimum":1,"maximum":9007199254740992},
  "max_s":{"type":["number","null"],"exclusiveMinimum":0,"maximum":1e12,"description":"of simulated time"}}},
"RecordingPreview":{"type":"object","required":["time_s","fields"],"properties":{
  "time_s":{"type":"array","items":{"type":"number"}},
  "fields":{"type":"object","additionalProperties":{"type":"object","required":["min","max","last"],"properties":{
    "min":{"type":"array"},"max":{"type":"array"},"last":{"type":"array"}}}}}},
"JournalEntry":{"type":"object","required":["tick","at","kind","detail"],"properties":{"tick":{"type":"integer"},
  "at":{"type":"string","format":"date-time"},
  "kind":{"enum":["variables","command","pace","reset","restore","reload","scenario","seek"]},
  "detail":{"type":"object"}}},
"Variable":{"type":"object","required":["id","name","type","causality","variability"],"properties":{
  "id":{"type":"integer"},"name":{"type":"string"},"title":{"type":"string"},"description":{"type":"string"},
  "unit":{"type":"string"},"display_unit":{"type":"string"},"type":{"enum":["real","integer","boolean","enum"]},
  "causality":{"enum":["parameter","input","output","state"]},
  "variability":{"enum":["constant","fixed","tunable","continuous","discrete"]},"start":{},"min":{"type":"number"},
  "max":{"type":"number"},"nominal":{"type":"number"},"enum":{"type":"array","items":{"type":"string"}},
  "group":{"type":"string"}}},
"Model":{"type":"object","required":["id","plugin","title","version","schema_version","flavor","step","max_lanes",
  "variables","commands","channels"],"properties":{"id":{"type":"string"},"plugin":{"type":"string"},
  "title":{"type":"string"},
  "description":{"type":"string"},"version":{"type":"string"},"schema_version":{"type":"integer"},
  "flavor":{"enum":["flat","object"]},"step":{"type":"object","properties":{"default_s":{"type":"number"},
  "min_s":{"type":"number"},"max_s":{"type":"number"}}},"max_lanes":{"type":"integer"},
  "variables":{"type":"array","items":{"$ref":"#/components/schemas/Variable"}},
  "commands":{"type":"array","items":{"type":"object"}},"channels":{"type":"array","items":{"type":"object"}}}},
"Plugin":{"type":"object","required":["id","state"],"properties":{"id":{"type":"string"},
  "state":{"enum":["loaded","failed","draining","zombie"]}}},
"PluginLoad":{"type":"object","required":["path"],"additionalProperties":false,"properties":{
  "path":{"type":"string","minLength":1}}},
"PluginReload":{"type":"object","additionalProperties":false,"properties":{"path":{"type":"string","minLength":1},
  "dry_run":{"type":"boolean","default":false}}},
"Job":{"type":"object","required":["id","kind","state","progress","message","result","error","created_at"],
  "properties":{
  "id":{"type":"string"},"kind":{"type":"string"},"state":{"enum":["queued","running","done","failed","cancelled"]},
  "progress":{"type":"number","minimum":0,"maximum":1},"message":{"type":"string"},"result":{},
  "error":{"oneOf":[{"type":"null"},{"type":"object","required":["code","detail"],"properties":{
    "code":{"type":"string"},"detail":{"type":"string"}}}]},"created_at":{"type":"string","format":"date-time"}}},
"PluginReloaded":{"type":"object","required":["from","to","descriptor_diff","sessions","stall_us","unloaded"]},
"Host":{"type":"object","required":["name","version","api_version","abi_version","started_at","uptime_s","machine",
  "clock",  "counts","limits","isolation"]}
})json";

}  // namespace

Value schema(std::string_view json) {
  auto parsed = parse_json(json);
  SIM_CHECK(parsed.has_value(), "a schema literal parses");
  return std::move(*parsed);
}

const Value& component_schemas() {
  static const Value components = [] {
    Value all = schema(components_json);
    const Value plan = schema(plan_components());
    for (const auto& member : plan.members()) all.set(member.key, member.value);
    return all;
  }();
  return components;
}

Value ref(std::string_view component) {
  SIM_CHECK(component_schemas().find(component) != nullptr, "a referenced component exists");
  return Value::object({{"$ref", "#/components/schemas/" + std::string(component)}});
}

Value page_params(std::string_view filters) {
  Value properties = schema(R"({"limit":{"type":"integer","minimum":1},"after":{"type":"string"}})");
  Value limit = *properties.find("limit");
  properties.set("limit", limit.set("maximum", limits::list_items));
  const Value more = schema(filters);
  for (const auto& [name, filter] : more.members()) properties.set(name, filter);
  return Value::object({{"type", "object"}, {"properties", std::move(properties)}});
}

Value list_of(std::string_view component) {
  Value list =
      schema(R"({"type":"object","required":["items","next"],"properties":{"next":{"type":["string","null"]}}})");
  Value properties = *list.find("properties");
  properties.set("items", Value::object({{"type", "array"}, {"items", ref(component)}}));
  return list.set("properties", std::move(properties));
}

http::Answer answers_with(int status, Value schema, std::string description) {
  return {status, "application/json", std::move(schema), std::move(description)};
}

http::Answer answers_empty(int status, std::string description) { return {status, "", {}, std::move(description)}; }

}  // namespace simhost::routes
