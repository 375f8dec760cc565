/// JSON Schemas of what the rig's routes take and give.
#pragma once

namespace robot_test_rig::schema {

inline constexpr const char* sensor_and_event = R"({"type":"object","required":["sensor_type"],"properties":{
"sensor_type":{"type":"string","enum":["force","motor","camera"]},
"event_type":{"type":"string","default":"spike",
 "description":"spike and dropout: any sensor; overload: force; overspeed: motor; low_light: camera"}}})";

inline constexpr const char* readings_params = R"({"type":"object","properties":{
"sensor_type":{"type":"string","enum":["force","motor","camera"]},
"limit":{"type":"integer","minimum":1,"maximum":1000,"default":100},
"start_time":{"type":"number","description":"Unix seconds; 0 is no limit"},
"end_time":{"type":"number","description":"Unix seconds; 0 is no limit"}}})";

inline constexpr const char* aggregated_params = R"({"type":"object","required":["sensor_type"],"properties":{
"sensor_type":{"type":"string","enum":["force","motor","camera"]},
"interval_seconds":{"type":"integer","minimum":1,"maximum":3600,"default":60},
"hours_back":{"type":"integer","minimum":1,"maximum":24,"default":1}}})";

inline constexpr const char* validation_params = R"({"type":"object","properties":{
"limit":{"type":"integer","minimum":1,"maximum":200,"default":50}}})";

inline constexpr const char* start_body = R"({"type":["object","null"],"properties":{
"name":{"type":["string","null"]},"description":{"type":["string","null"]}}})";

inline constexpr const char* root = R"({"type":"object","required":["message","version","status"],"properties":{
"message":{"type":"string"},"version":{"type":"string"},"status":{"const":"operational"}}})";

inline constexpr const char* health = R"({"type":"object","required":["status","timestamp","services"],"properties":{
"status":{"const":"healthy"},"timestamp":{"type":"string","format":"date-time"},
"services":{"type":"object","required":["sensor_simulator","data_manager","websocket"],"properties":{
 "sensor_simulator":{"type":"boolean"},"data_manager":{"type":"boolean"},"websocket":{"type":"boolean"}}}}})";

// clang-format off
#define ROBOT_READING                                                                                     \
  R"({"type":"object","required":["timestamp","sensor_type","value"],"properties":{)"                     \
  R"("timestamp":{"type":"number","exclusiveMinimum":0},"sensor_type":{"enum":["force","motor","camera"]},)" \
  R"("value":{"oneOf":[{"type":"number"},{"type":"object",)"                                              \
  R"("required":["image_id","resolution","brightness","exposure"],"properties":{)"                        \
  R"("image_id":{"type":"integer","minimum":1000,"maximum":9999},"resolution":{"type":"string"},)"        \
  R"("brightness":{"type":"integer","minimum":0,"maximum":255},)"                                         \
  R"("exposure":{"type":"number","minimum":0.1,"maximum":2.0}}}]}}})"
#define ROBOT_READING_OR_NULL R"({"oneOf":[{"type":"null"},)" ROBOT_READING "]}"
// clang-format on

inline constexpr const char* readings = R"({"type":"array","items":)" ROBOT_READING "}";

inline constexpr const char* sensors_status = R"({"type":"object","required":["sensors","system","timestamp"],
"properties":{"sensors":{"type":"object","required":["force","motor","camera"],"additionalProperties":{"type":"object",
 "required":["active","readings_per_minute"],"properties":{"active":{"type":"boolean"},
 "readings_per_minute":{"type":"integer","minimum":0}}}},
"system":{"type":"object","required":["recording","total_readings","connected_clients"],"properties":{
 "recording":{"type":"boolean"},"total_readings":{"type":"integer"},"connected_clients":{"type":"integer"}}},
"timestamp":{"type":"string","format":"date-time"}}})";

inline constexpr const char* aggregated = R"({"type":"object","properties":{"message":{"type":"string"},
"sensor_type":{"enum":["force","motor","camera"]},"interval_seconds":{"type":"integer"},
"hours_back":{"type":"integer"},"total_intervals":{"type":"integer"},"data":{"type":"array","items":{"type":"object",
 "required":["interval_start","interval_end","count","average","min","max","timestamp"],"properties":{
 "interval_start":{"type":"number"},"interval_end":{"type":"number"},"count":{"type":"integer","minimum":1},
 "average":{"type":"number"},"min":{"type":"number"},"max":{"type":"number"},
 "timestamp":{"type":"string","format":"date-time"}}}}}})";

inline constexpr const char* validation = R"({"type":"array","items":{"type":"object",
"required":["sensor_type","status","message","timestamp","details"],"properties":{
"sensor_type":{"enum":["force","motor","camera"]},"status":{"enum":["warning","error"]},"message":{"type":"string"},
"timestamp":{"type":"number"},"details":{"type":"object"}}}})";

inline constexpr const char* latest =
    R"({"type":"object","required":["latest_readings","timestamp","total_readings"],"properties":{
"latest_readings":{"type":"object","required":["force","motor","camera"],"properties":{
"force":)" ROBOT_READING_OR_NULL R"(,"motor":)" ROBOT_READING_OR_NULL R"(,"camera":)" ROBOT_READING_OR_NULL R"(}},
"timestamp":{"type":"string","format":"date-time"},"total_readings":{"type":"integer","minimum":0}}})";

inline constexpr const char* simulated = R"({"type":"object","required":["message","event_type","timestamp","note"],
"properties":{"message":{"type":"string"},"event_type":{"type":"string"},
"timestamp":{"type":"string","format":"date-time"},"note":{"type":"string"}}})";

inline constexpr const char* started = R"({"type":"object","required":["session_id","status","started_at",
"duration_seconds","data_points"],"properties":{"session_id":{"type":"string","format":"uuid"},
"status":{"const":"recording"},"started_at":{"type":"string","format":"date-time"},
"duration_seconds":{"type":"null"},"data_points":{"type":"integer"}}})";

inline constexpr const char* summary = R"({"type":"object","required":["session_id","total_readings",
"session_duration","validation_alerts","export_path","summary_stats"],"properties":{"session_id":{"type":"string"},
"total_readings":{"type":"integer"},"session_duration":{"type":["number","null"]},
"validation_alerts":{"type":"integer"},"export_path":{"type":"null"},
"summary_stats":{"type":"object","additionalProperties":{"type":"integer"}}}})";

inline constexpr const char* done = R"({"type":"object","required":["message","timestamp"],"properties":{
"message":{"type":"string"},"timestamp":{"type":"string","format":"date-time"}}})";

inline constexpr const char* session_status = R"({"type":"object","required":["recording","sensors_active",
"data_summary","validation_stats","connected_clients"],"properties":{"recording":{"type":"boolean"},
"sensors_active":{"type":"object","additionalProperties":{"type":"boolean"}},"data_summary":{"type":"object"},
"validation_stats":{"type":"object","required":["total_validations_performed","force_readings_analyzed",
 "motor_readings_analyzed","camera_readings_analyzed","validation_active"]},
"connected_clients":{"type":"integer"}}})";

}  // namespace robot_test_rig::schema
