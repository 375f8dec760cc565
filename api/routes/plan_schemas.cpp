// Component schemas of what happens by plan.
#include <api/routes/plan_schemas.hpp>

namespace simhost::routes {

namespace {

constexpr std::string_view components_json = R"json({
"TimelineEntry":{"type":"object","required":["t_s"],"additionalProperties":false,"properties":{
  "t_s":{"type":"number","minimum":0,"maximum":1e9,"description":"simulated seconds from the tick it starts at"},
  "set":{"type":"object","description":"values by variable, for every lane it runs on"},
  "ramp":{"type":"object","description":"in a straight line from the value found","additionalProperties":{
    "type":"object","required":["to","over_s"],"additionalProperties":false,"properties":{"to":{"type":"number"},
    "over_s":{"type":"number","exclusiveMinimum":0,"maximum":1e9}}}},
  "command":{"type":"object","required":["name"],"additionalProperties":false,"properties":{"name":{"type":"string"},
    "args":{"type":"object"},"confirm":{"type":"boolean"}}}}},
"ScenarioCreate":{"type":"object","required":["name","model","timeline"],"additionalProperties":false,"properties":{
  "name":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},"model":{"type":"string"},
  "timeline":{"type":"array","minItems":1,"maxItems":1024,"items":{"$ref":"#/components/schemas/TimelineEntry"}},
  "repeat":{"type":"boolean","default":false},
  "period_s":{"type":["number","null"],"exclusiveMinimum":0,"maximum":1e9}}},
"Scenario":{"type":"object","required":["id","name","model","timeline","repeat","period_s","created_at","updated_at"],
  "properties":{"id":{"type":"string"},"name":{"type":"string"},"model":{"type":"string"},
  "timeline":{"type":"array","items":{"type":"object"}},"repeat":{"type":"boolean"},
  "period_s":{"type":["number","null"]},"created_at":{"type":"string","format":"date-time"},
  "updated_at":{"type":"string","format":"date-time"}}},
"ScenarioStart":{"type":"object","required":["scenario"],"additionalProperties":false,"properties":{
  "scenario":{"type":"string","description":"id or name"},"lanes":{"$ref":"#/components/schemas/Lanes"}}},
"ScenarioRun":{"type":"object","required":["id","scenario","name","lanes","started_tick","started_at",
  "refused_commands"],"properties":{"id":{"type":"string"},"scenario":{"type":"string"},"name":{"type":"string"},
  "lanes":{"type":"array","items":{"type":"integer"}},"started_tick":{"type":"integer"},
  "started_at":{"type":"string","format":"date-time"},"refused_commands":{"type":"integer"}}},
"ScheduleAction":{"type":"object","additionalProperties":false,"properties":{"set":{"type":"object"},
  "lanes":{"$ref":"#/components/schemas/Lanes"},"command":{"type":"object","required":["name"],"properties":{
    "name":{"type":"string"},"args":{"type":"object"},"lanes":{"$ref":"#/components/schemas/Lanes"},
    "confirm":{"type":"boolean"}},"additionalProperties":false},
  "scenario":{"type":"string","description":"id or name"},
  "recording":{"type":"object","properties":{"start":{"type":"object"},"stop":{"type":"object"}},
    "additionalProperties":false},
  "pause":{"type":"object","additionalProperties":false},"resume":{"type":"object","additionalProperties":false},
  "stop":{"type":"object","additionalProperties":false},"reset":{"type":"object","additionalProperties":false}}},
"ScheduleWhen":{"type":"object","additionalProperties":false,"minProperties":1,"properties":{
  "at":{"type":"string","format":"date-time"},
  "cron":{"type":"string","minLength":1,"maxLength":256,
    "description":"minute, hour, day of month, month, day of week"},
  "timezone":{"type":"string","minLength":1,"maxLength":63,"default":"UTC","description":"by its IANA name"},
  "time_s":{"type":"number","minimum":0,"maximum":1e9},
  "every_s":{"type":"number","minimum":0.001,"maximum":1e9}}},
"ScheduleCreate":{"type":"object","required":["name","session","when","actions"],"additionalProperties":false,
  "properties":{"name":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},
  "session":{"type":"string","description":"id or name"},"when":{"$ref":"#/components/schemas/ScheduleWhen"},
  "clock":{"enum":["wall","simulated"],"description":"wall for at and cron, simulated for the others, unless said"},
  "epoch":{"type":["string","null"],"format":"date-time",
    "description":"where the simulated calendar begins; the session's created_at unless said"},
  "missed":{"enum":["skip","run_once"],"default":"skip"},
  "actions":{"type":"array","minItems":1,"maxItems":64,"items":{"$ref":"#/components/schemas/ScheduleAction"}},
  "enabled":{"type":"boolean","default":true}}},
"ScheduleEnable":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"}}},
"Schedule":{"type":"object","required":["id","name","session","when","clock","epoch","missed","actions","enabled",
  "next_at","next_time_s","last_run","created_at","updated_at"],"properties":{"id":{"type":"string"},
  "name":{"type":"string"},"session":{"type":"string"},"when":{"type":"object"},"clock":{"enum":["wall","simulated"]},
  "epoch":{"type":["string","null"]},"missed":{"enum":["skip","run_once"]},
  "actions":{"type":"array","items":{"type":"object"}},"enabled":{"type":"boolean"},
  "next_at":{"type":["string","null"]},"next_time_s":{"type":["number","null"]},
  "last_run":{"oneOf":[{"type":"null"},{"type":"object","required":["at","tick","status","error"],"properties":{
    "at":{"type":"string","format":"date-time"},"tick":{"type":"integer"},"status":{"enum":["ok","failed"]},
    "error":{"type":["object","null"]}}}]},
  "created_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"}}},
"RuleWhen":{"type":"object","additionalProperties":false,"properties":{"above":{"type":"number"},
  "below":{"type":"number"},"outside":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"number"}},
  "equals":{"type":["number","string","boolean"]},"change":{"type":"object","required":["by"],
    "additionalProperties":false,"properties":{"by":{"type":"number","minimum":0},
    "samples":{"type":"integer","minimum":1,"maximum":1000,"default":1}}},
  "hysteresis":{"type":"number","minimum":0},"for_s":{"type":"number","minimum":0,"maximum":1e9}}},
"RuleCreate":{"type":"object","required":["name","variable","when"],"additionalProperties":false,"properties":{
  "name":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},
  "session":{"type":"string","description":"id or name; this or model"},"model":{"type":"string"},
  "variable":{"type":"string"},"on":{"type":["string","null"],"description":"a counter: judged where it changed"},
  "lanes":{"$ref":"#/components/schemas/Lanes"},"when":{"$ref":"#/components/schemas/RuleWhen"},
  "with":{"type":"array","maxItems":16,"items":{"type":"string"},"description":"variables whose values an alert shows"},
  "pulse":{"type":"boolean","default":false},
  "group":{"type":["string","null"],"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},
  "order":{"type":"integer","minimum":-9007199254740992,"maximum":9007199254740992,"default":0},
  "severity":{"enum":["info","warning","error"],"default":"warning"},
  "message":{"type":"string","maxLength":1024,
    "description":"with {value}, {value:.1}, {limit}, {change}, {lane}, {variable}, {unit}, {tick} and others"}}},
"Rule":{"type":"object","required":["id","name","session","model","variable","on","lanes","with","when","pulse",
  "group","order","severity","message","owner","created_at","updated_at"],"properties":{"id":{"type":"string"},
  "name":{"type":"string"},"session":{"type":["string","null"]},"model":{"type":["string","null"]},
  "variable":{"type":"string"},"on":{"type":["string","null"]},"lanes":{"$ref":"#/components/schemas/Lanes"},
  "with":{"type":"array","items":{"type":"string"}},"when":{"type":"object"},
  "pulse":{"type":"boolean"},"group":{"type":["string","null"]},"order":{"type":"integer"},
  "severity":{"enum":["info","warning","error"]},"message":{"type":"string"},"owner":{"type":["string","null"]},
  "created_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"}}},
"AlertMoment":{"type":"object","required":["tick","at"],"properties":{"tick":{"type":"integer"},
  "at":{"type":"string","format":"date-time"}}},
"Alert":{"type":"object","required":["id","rule","rule_name","session","model","lane","value","limit","with",
  "severity","message","state","time_s","since","cleared"],"properties":{"id":{"type":"string"},
  "rule":{"type":"string"},
  "rule_name":{"type":"string"},"session":{"type":"string"},"model":{"type":"string"},"lane":{"type":"integer"},
  "value":{"type":["number","string","boolean"]},"limit":{"type":"number"},
  "with":{"type":"object","description":"values of the rule's other variables at that tick"},
  "severity":{"enum":["info","warning","error"]},"message":{"type":"string"},"state":{"enum":["active","cleared"]},
  "time_s":{"type":"number"},"since":{"$ref":"#/components/schemas/AlertMoment"},
  "cleared":{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/AlertMoment"}]}}}
})json";

}  // namespace

std::string_view plan_components() noexcept { return components_json; }

}  // namespace simhost::routes
