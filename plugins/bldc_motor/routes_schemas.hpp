/// JSON Schemas of what the motor's routes take and give.
#pragma once

namespace bldc_motor::schema {

inline constexpr const char* session_params =
    R"({"type":"object","properties":{
"session_id":{"type":"string","description":"as POST /api/simulation/start gave it"}},
"required":["session_id"]})";

inline constexpr const char* motor_params = R"({"type":"object","properties":{"motor_id":{"type":"string",
"enum":["bldc_2kw_48v","bldc_2kw_48v_3000rpm"],"default":"bldc_2kw_48v"}}})";

inline constexpr const char* start_body = R"({"type":"object","required":["motor_id"],"properties":{
"motor_id":{"type":"string","enum":["bldc_2kw_48v","bldc_2kw_48v_3000rpm"]},
"control_mode":{"type":["string","null"],"default":"speed",
 "enum":["speed","automatic","manual","current","torque","voltage","duty_cycle",null],
 "description":"speed, automatic, manual: closed loop on the speed; manual is open while enable_pid is false"},
"use_cascaded_control":{"type":["boolean","null"],"default":true,"description":"false: the literal PID"},
"session_name":{"type":["string","null"],"maxLength":256,"description":"default: Session N"}}})";

/// null means absent throughout.
inline constexpr const char* control_body = R"({"type":"object","properties":{
"control_mode":{"type":["string","null"],
 "enum":["speed","automatic","manual","current","torque","voltage","duty_cycle",null]},
"use_cascaded_control":{"type":["boolean","null"]},
"enable_pid":{"type":["boolean","null"],"description":"false in manual mode: an open loop"},
"target_speed_rpm":{"type":["number","null"],"minimum":-6000,"maximum":6000,"x-unit":"rpm"},
"target_current_a":{"type":["number","null"],"minimum":-100,"maximum":100,"x-unit":"A"},
"target_torque_nm":{"type":["number","null"],"minimum":-20,"maximum":20,"x-unit":"N.m"},
"load_torque_percent":{"type":["number","null"],"minimum":-200,"maximum":200,
 "description":"of rated torque; negative drives the shaft on"},
"manual_voltage":{"type":["number","null"],"minimum":-60,"maximum":60,"x-unit":"V"},
"manual_duty_cycle":{"type":["number","null"],"minimum":0,"maximum":1},
"pid_params":{"type":["object","null"],"properties":{
 "kp":{"type":["number","null"],"minimum":0,"maximum":10,"x-unit":"V/rpm"},
 "ki":{"type":["number","null"],"minimum":0,"maximum":1},
 "kd":{"type":["number","null"],"minimum":0,"maximum":0.1}}},
"current_controller_params":{"type":["object","null"],"properties":{
 "kp":{"type":["number","null"],"minimum":0,"maximum":20},
 "ki":{"type":["number","null"],"minimum":0,"maximum":2000}}}}})";

inline constexpr const char* motor = R"({"type":"object","required":["motor_id","name","type","rated_power_kw",
"rated_voltage_v","rated_current_a","rated_speed_rpm","rated_torque_nm","max_speed_rpm","max_torque_nm",
"physical_parameters","control_mode","pwm_parameters"],"properties":{
"motor_id":{"type":"string"},"name":{"type":"string"},"type":{"type":"string"},
"rated_power_kw":{"type":"number"},"rated_voltage_v":{"type":"number"},"rated_current_a":{"type":"number"},
"rated_speed_rpm":{"type":"number"},"rated_torque_nm":{"type":"number"},"max_speed_rpm":{"type":"number"},
"max_torque_nm":{"type":"number"},
"physical_parameters":{"type":"object","required":["resistance","inductance","kt","ke","pole_pairs","inertia"],
 "properties":{"resistance":{"type":"number"},"inductance":{"type":"number"},"kt":{"type":"number"},
 "ke":{"type":"number"},"pole_pairs":{"type":"integer"},"inertia":{"type":"number"}}},
"control_mode":{"enum":["PWM","Direct Voltage"]},
"pwm_parameters":{"type":"object","required":["dc_bus_voltage","switching_frequency","dead_time_us"],"properties":{
 "dc_bus_voltage":{"type":"number"},"switching_frequency":{"type":"number"},"dead_time_us":{"type":"number"}}}}})";

inline constexpr const char* efficiency = R"({"type":"object","required":["efficiency_points"],"properties":{
"efficiency_points":{"type":"array","items":{"type":"object",
 "required":["speed_rpm","torque_nm","efficiency","power_w"],"properties":{
 "speed_rpm":{"type":"number"},"torque_nm":{"type":"number"},
 "efficiency":{"type":"number","minimum":0,"maximum":1},"power_w":{"type":"number"}}}}}})";

inline constexpr const char* models = R"({"type":"object","required":["available_motors","total_count","default_motor"],
"properties":{"available_motors":{"type":"object","additionalProperties":{"type":"object",
 "required":["name","type","rated_power_kw","rated_voltage_v","description"],"properties":{
 "name":{"type":"string"},"type":{"type":"string"},"rated_power_kw":{"type":"number"},
 "rated_voltage_v":{"type":"number"},"description":{"type":"string"}}}},
"total_count":{"type":"integer"},"default_motor":{"type":"string"}}})";

inline constexpr const char* started = R"({"type":"object","required":["session_id","status","websocket_url",
"created_at","motor_id","control_mode","use_cascaded_control","session_name"],"properties":{
"session_id":{"type":"string","pattern":"^sim_[0-9]+_[0-9a-f]{8}$"},"status":{"const":"started"},
"websocket_url":{"type":"string"},"created_at":{"type":"string","format":"date-time"},"motor_id":{"type":"string"},
"control_mode":{"type":"string"},"use_cascaded_control":{"type":"boolean"},"session_name":{"type":"string"}}})";

inline constexpr const char* stopped = R"({"type":"object","required":["session_id","status","duration_s","data_points",
"simulation_steps"],"properties":{"session_id":{"type":"string"},"status":{"const":"stopped"},
"duration_s":{"type":"number"},"data_points":{"type":"integer"},"simulation_steps":{"type":"integer"}}})";

inline constexpr const char* updated = R"({"type":"object","required":["status","session_id","updated_parameters"],
"properties":{"status":{"const":"updated"},"session_id":{"type":"string"},
"updated_parameters":{"type":"object","required":["target_speed_rpm","load_torque_percent","pid_enabled"],
 "additionalProperties":true,"properties":{"target_speed_rpm":{"type":"number"},
 "load_torque_percent":{"type":"number"},"pid_enabled":{"type":"boolean"}}}}})";

inline constexpr const char* status = R"({"type":"object","required":["session_id","status","uptime_s","motor_state",
"control_state","performance"],"properties":{"session_id":{"type":"string"},"status":{"enum":["running","stopped"]},
"uptime_s":{"type":"number"},
"motor_state":{"type":"object","required":["speed_rpm","torque_nm","current_a","voltage_v","power_w","efficiency",
 "temperature_c"],"properties":{"speed_rpm":{"type":"number"},"torque_nm":{"type":"number"},
 "current_a":{"type":"number"},"voltage_v":{"type":"number"},"power_w":{"type":"number"},
 "efficiency":{"type":"number"},"temperature_c":{"type":"number"}}},
"control_state":{"type":"object","required":["target_speed_rpm","pid_output","control_mode","load_torque_percent"],
 "properties":{"target_speed_rpm":{"type":"number"},"pid_output":{"type":"number"},
 "control_mode":{"type":"string"},"load_torque_percent":{"type":"number"}}},
"performance":{"type":"object","required":["data_points","simulation_steps","average_loop_time",
 "websocket_connections"],"properties":{"data_points":{"type":"integer"},"simulation_steps":{"type":"integer"},
 "average_loop_time":{"type":"number","x-unit":"s"},"websocket_connections":{"type":"integer"}}}}})";

inline constexpr const char* sessions = R"({"type":"object","required":["active_sessions","total_count","max_sessions"],
"properties":{"active_sessions":{"type":"array","items":{"type":"object","required":["session_id","motor_id",
 "control_mode","session_name","uptime_seconds","websocket_connections","data_points","is_active"],"properties":{
 "session_id":{"type":"string"},"motor_id":{"type":"string"},"control_mode":{"type":"string"},
 "session_name":{"type":"string"},"uptime_seconds":{"type":"number"},"websocket_connections":{"type":"integer"},
 "data_points":{"type":"integer"},"is_active":{"type":"boolean"}}}},
"total_count":{"type":"integer"},"max_sessions":{"type":"integer"}}})";

inline constexpr const char* cleaned = R"({"type":"object","required":["status","sessions_before","sessions_after",
"sessions_cleaned","timestamp"],"properties":{"status":{"const":"cleanup_complete"},
"sessions_before":{"type":"integer"},"sessions_after":{"type":"integer"},"sessions_cleaned":{"type":"integer"},
"timestamp":{"type":"number"}}})";

inline constexpr const char* root = R"({"type":"object","required":["name","version","status","endpoints","websocket",
"timestamp"],"properties":{"name":{"type":"string"},"version":{"type":"string"},"status":{"const":"running"},
"endpoints":{"type":"object","additionalProperties":{"type":"string"}},
"websocket":{"type":"object","required":["endpoint","protocols"],"properties":{"endpoint":{"type":"string"},
 "protocols":{"type":"array","items":{"type":"string"}}}},"timestamp":{"type":"number"}}})";

inline constexpr const char* health = R"({"type":"object","required":["status","timestamp","version","environment",
"uptime_seconds","issues","system","application"],"properties":{"status":{"enum":["healthy","degraded"]},
"timestamp":{"type":"number"},"version":{"type":"string"},"environment":{"type":"string"},
"uptime_seconds":{"type":"number"},"issues":{"type":"array","items":{"type":"string"}},
"system":{"type":"object","required":["cpu_percent","memory_mb","memory_percent","disk_percent","active_sessions",
 "max_sessions","platform","python_version"],"properties":{"cpu_percent":{"type":"number"},
 "memory_mb":{"type":"integer"},"memory_percent":{"type":"number"},"disk_percent":{"type":"number"},
 "active_sessions":{"type":"integer"},"max_sessions":{"type":"integer"},"platform":{"type":"string"},
 "python_version":{"type":"string"}}},
"application":{"type":"object","required":["total_sessions_created","websocket_connections","simulation_steps",
 "average_loop_duration"],"properties":{"total_sessions_created":{"type":"integer"},
 "websocket_connections":{"type":"integer"},"simulation_steps":{"type":"integer"},
 "average_loop_duration":{"type":"number","x-unit":"s"}}}}})";

inline constexpr const char* ready = R"({"type":"object","required":["status","timestamp","checks"],"properties":{
"status":{"enum":["ready","not_ready"]},"timestamp":{"type":"number"},
"checks":{"type":"object","required":["motor_factory","configuration"],"properties":{
 "motor_factory":{"enum":["ok","failed"]},"configuration":{"enum":["ok","unknown"]}}},"error":{"type":"string"}}})";

inline constexpr const char* live = R"({"type":"object","required":["status","timestamp","pid"],"properties":{
"status":{"const":"alive"},"timestamp":{"type":"number"},"pid":{"type":"integer"}}})";

}  // namespace bldc_motor::schema
