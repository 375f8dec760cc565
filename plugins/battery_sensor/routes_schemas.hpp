/// JSON Schemas of what the batteries' routes take and give.
#pragma once

#include <array>
#include <cstddef>

namespace battery_sensor::schema {

namespace piece {

/// Texts of JSON one after the other, at compile time.
template <std::size_t... N>
consteval auto join(const char (&... texts)[N]) {
  std::array<char, (N + ...) - sizeof...(N) + 1> all{};
  std::size_t at = 0;
  const auto add = [&](const char* text, std::size_t n) {
    for (std::size_t i = 0; i + 1 < n; ++i) all[at++] = text[i];
  };
  (add(texts, N), ...);
  return all;
}

inline constexpr char scenarios[] =
    R"("normal_operation","high_temperature","power_outage","hvac_failure","battery_degradation","thermal_runaway")";
/// What every start takes beside its batteries.
inline constexpr char interval[] = R"("interval_seconds":{"type":"integer","minimum":1,"maximum":60,"default":5,
"x-unit":"s","description":"simulated time between two messages"},"scenario":{"type":["string","null"],"default":null,
"enum":[)";
inline constexpr char clocks[] = R"(,null]},"time_scale":{"type":"number","minimum":1,"maximum":100000000,"default":1,
 "description":"calendar ageing goes faster by this; nothing else does"},
"seed":{"type":"integer","minimum":0,"maximum":9007199254740991,"default":0},
"noise":{"type":"boolean","default":true,"description":"of voltage, current and temperature"})";
inline constexpr char jar[] = R"("profile":{"type":"string","enum":["healthy","accelerated","failing"],
"default":"healthy"},"initial_soh":{"type":"number","minimum":0,"maximum":100,"default":100,"x-unit":"%"})";
inline constexpr char list[] = R"({"type":"object","required":["batteries"],"properties":{"batteries":{"type":"array",
"minItems":1,"maxItems":100000,"items":{"type":"object","required":["battery_id"],"properties":{
"battery_id":{"type":"string","maxLength":1000},)";
inline constexpr char ids[] =
    R"("battery_ids":{"type":["array","null"],"items":{"type":"string"},"description":"none: all batteries"})";
inline constexpr char facts[] = R"("is_running":{"type":"boolean"},"batteries_count":{"type":"integer"},
"interval_seconds":{"type":"integer","x-unit":"s"},"scenario":{"type":["string","null"]},
"started_at":{"type":["string","null"],"format":"date-time"},"readings_generated":{"type":"integer"})";

inline constexpr auto start_body = join(list, jar, "}}},", interval, scenarios, clocks, "}}");
inline constexpr auto create_body = join(list, jar, "}}},", interval, scenarios, clocks,
                                         R"(,"name":{"type":["string","null"],"description":"its id",
"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"}}})");
inline constexpr auto fleet_body =
    join(R"({"type":["object","null"],"properties":{"locations":{"type":"integer","minimum":1,"maximum":9,"default":9},
"batteries":{"type":"integer","minimum":1,"maximum":11111,"default":24,"description":"of one location"},)",
         jar, ",", interval, scenarios, clocks, "}}");
inline constexpr auto apply_body = join(R"({"type":"object","required":["scenario"],"properties":{
"scenario":{"type":"string","enum":[)",
                                        scenarios, "]},", ids,
                                        R"(,"ambient_temp":{"type":["number","null"],"minimum":-10,"maximum":60,
"x-unit":"degC","description":"replaces the scenario's course of it"}}})");
inline constexpr auto clear_body =
    join(R"({"type":["object","array","null"],"items":{"type":"string"},"properties":{)", ids, "}}");
inline constexpr auto status = join(R"({"type":"object","required":["is_running","batteries_count","interval_seconds",
"scenario","started_at","readings_generated","overrides","time_scale","seed","noise"],"properties":{)",
                                    facts, R"(,"overrides":{"type":"object","additionalProperties":{"type":"string"}},
"time_scale":{"type":"number"},"seed":{"type":"integer"},"noise":{"type":"boolean"}}})");
inline constexpr auto simulations = join(R"({"type":"object","required":["simulations"],"properties":{"simulations":{
"type":"array","items":{"type":"object","required":["simulation_id"],"properties":{"simulation_id":{"type":"string"},)",
                                         facts, "}}}}}");
inline constexpr auto scenario_list = join(R"({"type":"array","items":{"type":"object","required":["scenario","name",
"description","typical_conditions"],"properties":{"scenario":{"enum":[)",
                                           scenarios, R"(]},"name":{"type":"string"},"description":{"type":"string"},
"typical_conditions":{"type":"object","additionalProperties":{"type":"string"}}}}})");

}  // namespace piece

inline constexpr const char *start_body = piece::start_body.data(), *create_body = piece::create_body.data(),
                            *fleet_body = piece::fleet_body.data(), *apply_body = piece::apply_body.data(),
                            *clear_body = piece::clear_body.data(), *status = piece::status.data(),
                            *simulations = piece::simulations.data(), *scenarios = piece::scenario_list.data();

inline constexpr const char* simulation_params = R"({"type":"object","required":["simulation_id"],"properties":{
"simulation_id":{"type":"string","description":"as POST /api/v1/simulations gave it, or default"}}})";

inline constexpr const char* started = R"({"type":"object","required":["status","message","interval_seconds"],
"properties":{"status":{"const":"started"},"message":{"type":"string"},"interval_seconds":{"type":"integer"}}})";
inline constexpr const char* created = R"({"type":"object","required":["simulation_id","status","message",
"interval_seconds"],"properties":{"simulation_id":{"type":"string"},"status":{"const":"started"},
"message":{"type":"string"},"interval_seconds":{"type":"integer"}}})";
inline constexpr const char* fleet = R"({"type":"object","required":["status","message","interval_seconds",
"simulation_id","locations","batteries_count"],"properties":{"status":{"const":"started"},
"message":{"type":"string"},"interval_seconds":{"type":"integer"},"simulation_id":{"type":"string"},
"locations":{"type":"array","items":{"type":"string"}},"batteries_count":{"type":"integer"}}})";
inline constexpr const char* stopped = R"({"type":"object","required":["status","message"],
"properties":{"status":{"const":"stopped"},"message":{"type":"string"}}})";
inline constexpr const char* applied = R"({"type":"object","required":["status","message"],
"properties":{"status":{"const":"applied"},"message":{"type":"string"}}})";
inline constexpr const char* cleared = R"({"type":"object","required":["status","message"],
"properties":{"status":{"const":"cleared"},"message":{"type":"string"}}})";
inline constexpr const char* root = R"({"type":"object","required":["service","version","endpoints"],"properties":{
"service":{"type":"string"},"version":{"type":"string"},
"endpoints":{"type":"object","additionalProperties":{"type":"string"}}}})";
inline constexpr const char* health = R"({"type":"object","required":["status","service","version"],"properties":{
"status":{"const":"healthy"},"service":{"const":"sensor-simulator"},"version":{"type":"string"}}})";

}  // namespace battery_sensor::schema
