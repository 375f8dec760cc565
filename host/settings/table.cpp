// The rows of the table of settings.
#include <host/settings/table.hpp>

#include <algorithm>
#include <array>

#include <host/base/limits.hpp>
#include <host/settings/complaints.hpp>

namespace simhost::settings {
namespace {

using Type = SettingType;

std::vector<std::string> texts(const Value& value) {
  std::vector<std::string> out;
  for (const Value& item : value.items()) out.push_back(item.string());
  return out;
}

int whole(const Value& value) { return static_cast<int>(value.number()); }
std::size_t count(const Value& value) { return static_cast<std::size_t>(value.number()); }

constexpr double max_port = 65'535;
constexpr double max_bytes = 1 << 30;
constexpr double max_disk_bytes = 1e15;
constexpr double max_count = 1e6;

template <std::size_t LimitSettings::*member>
constexpr SettingInfo limit(std::string_view key, std::string_view fallback, std::string_view doc, double min,
                            double max) {
  return {.key = key,
          .type = Type::integer,
          .fallback = fallback,
          .doc = doc,
          .store = [](Settings& s, const Value& v) { s.limits.*member = count(v); },
          .min = min,
          .max = max};
}

constexpr auto table =
    std::to_array<SettingInfo>(
        {
            {.key = "http.host",
             .type = Type::text,
             .fallback = "\"127.0.0.1\"",
             .doc = "Address the main listener binds. Any other than loopback needs http.require_token.",
             .store = [](Settings& s, const Value& v) { s.http.host = v.string(); },
             .short_flag = "host",
             .complaint = host_complaint},
            {.key = "http.port",
             .type = Type::integer,
             .fallback = "8080",
             .doc = "Port of the main listener; 0 takes any free one.",
             .store = [](Settings& s, const Value& v) { s.http.port = static_cast<std::uint16_t>(whole(v)); },
             .min = 0,
             .max = max_port,
             .short_flag = "port"},
            {.key = "http.allowed_hosts",
             .type = Type::text_list,
             .fallback = "[]",
             .doc = "Host names, without port, that requests may name beside localhost, 127.0.0.1 and [::1].",
             .store = [](Settings& s, const Value& v) { s.http.allowed_hosts = texts(v); },
             .complaint = host_complaint},
            {.key = "http.origins",
             .type = Type::text_list,
             .fallback = "[]",
             .doc = "Origins of web pages that may use the API beside those of localhost.",
             .store = [](Settings& s, const Value& v) { s.http.origins = texts(v); },
             .complaint = origin_complaint},
            {.key = "http.require_token",
             .type = Type::boolean,
             .fallback = "false",
             .doc = "Every request needs the token, also from loopback; health and OPTIONS do not.",
             .store = [](Settings& s, const Value& v) { s.http.require_token = v.boolean(); }},
            {.key = "http.allow_unauthenticated_remote",
             .type = Type::boolean,
             .fallback = "false",
             .doc = "Lets anybody who reaches the port operate the host when it binds more than loopback.",
             .store = [](Settings& s, const Value& v) { s.http.allow_unauthenticated_remote = v.boolean(); },
             .short_flag = "allow-unauthenticated-remote"},
            {.key = "http.compatibility_listeners",
             .type = Type::boolean,
             .fallback = "true",
             .doc = "Opens, for each plugin that declares one, the port of the backend it stands in for.",
             .store = [](Settings& s, const Value& v) { s.http.compatibility_listeners = v.boolean(); }},
            {.key = "http.requests_per_s",
             .type = Type::number,
             .fallback = "100",
             .doc = "Requests per second of one remote address or token; 0 sets no limit.",
             .store = [](Settings& s, const Value& v) { s.http.requests_per_s = v.number(); },
             .min = 0,
             .max = max_count},
            {.key = "http.requests_burst",
             .type = Type::integer,
             .fallback = "200",
             .doc = "Requests such a client may send at once.",
             .store = [](Settings& s, const Value& v) { s.http.requests_burst = whole(v); },
             .min = 1,
             .max = max_count},
            {.key = "http.loopback_requests_per_s",
             .type = Type::number,
             .fallback = "0",
             .doc = "Requests per second of loopback clients; 0 sets no limit.",
             .store = [](Settings& s, const Value& v) { s.http.loopback_requests_per_s = v.number(); },
             .min = 0,
             .max = max_count},
            {.key = "http.idle_timeout_s",
             .type = Type::number,
             .fallback = "60",
             .doc = "Seconds after which a connection without a request is closed.",
             .store = [](Settings& s, const Value& v) { s.http.idle_timeout_s = v.number(); },
             .min = 1,
             .max = 3600},
            {.key = "http.drain_s",
             .type = Type::number,
             .fallback = "5",
             .doc = "Seconds that requests in work are given at the end before they are cut.",
             .store = [](Settings& s, const Value& v) { s.http.drain_s = v.number(); },
             .min = 0,
             .max = 300},
            {.key = "stream.ping_s",
             .type = Type::number,
             .fallback = "20",
             .doc = "Seconds between pings on a silent WebSocket; two without an answer close it.",
             .store = [](Settings& s, const Value& v) { s.stream.ping_s = v.number(); },
             .min = 1,
             .max = 3600},
            {.key = "stream.write_stall_s",
             .type = Type::number,
             .fallback = "10",
             .doc = "Seconds a WebSocket client may take nothing before it is closed.",
             .store = [](Settings& s, const Value& v) { s.stream.write_stall_s = v.number(); },
             .min = 1,
             .max = 3600},
            {.key = "plugins.folders",
             .type = Type::path_list,
             .fallback = "",
             .doc = "Folders searched for plugins; by default the one that came with the program.",
             .store = [](Settings& s, const Value& v) { s.plugins.folders = texts(v); },
             .short_flag = "plugins",
             .complaint = text_complaint},
            {.key = "plugins.load",
             .type = Type::text_list,
             .fallback = "[\"*\"]",
             .doc = "Ids of the plugins to load at the start; \"*\" loads all that are found.",
             .store = [](Settings& s, const Value& v) { s.plugins.load = texts(v); },
             .short_flag = "load",
             .complaint = text_complaint},
            {.key = "plugins.allowed_libraries",
             .type = Type::text_list,
             .fallback = "[]",
             .doc = "Shared libraries plugins may need beside the system's, by the name they are linked by.",
             .store = [](Settings& s, const Value& v) { s.plugins.allowed_libraries = texts(v); },
             .complaint = library_complaint},
            {.key = "engine.cpu",
             .type = Type::choice,
             .fallback = "\"auto\"",
             .doc = "Which variant of a plugin is loaded: the best for this CPU, or the one named.",
             .store =
                 [](Settings& s, const Value& v) {
                   s.engine.cpu = v.string() == "auto" ? CpuLevel::automatic
                                  : v.string() == "v3" ? CpuLevel::v3
                                                       : CpuLevel::baseline;
                 },
             .choices = "auto baseline v3",
             .short_flag = "cpu"},
            {.key = "engine.scheduling",
             .type = Type::choice,
             .fallback = "\"other\"",
             .doc = "Scheduling class of the pacing thread; fifo needs the right to use it.",
             .store =
                 [](Settings& s, const Value& v) {
                   s.engine.scheduling = v.string() == "fifo" ? Scheduling::fifo : Scheduling::other;
                 },
             .choices = "other fifo"},
            {.key = "engine.spin_tail_us",
             .type = Type::integer,
             .fallback = "0",
             .doc = "Microseconds before a deadline spent spinning instead of sleeping.",
             .store = [](Settings& s, const Value& v) { s.engine.spin_tail_us = whole(v); },
             .min = 0,
             .max = 10'000},
            {.key = "engine.catch_up_max",
             .type = Type::integer,
             .fallback = "10",
             .doc = "Ticks a late session makes up at once; those beyond are dropped and counted.",
             .store = [](Settings& s, const Value& v) { s.engine.catch_up_max = whole(v); },
             .min = 1,
             .max = 1000},
            {.key = "engine.threads",
             .type = Type::integer,
             .fallback = "0",
             .doc = "Threads that step models; 0 takes one per CPU.",
             .store = [](Settings& s, const Value& v) { s.engine.threads = whole(v); },
             .min = 0,
             .max = 1024,
             .short_flag = "threads"},
            limit<&LimitSettings::sessions>("limits.sessions", "10000", "Sessions at a time.", 1, 100'000),
            limit<&LimitSettings::lanes>("limits.lanes", "262144", "Lanes of all sessions together.", 1, 4'194'304),
            limit<&LimitSettings::session_lanes>("limits.session_lanes", "131072", "Lanes of one session.", 1,
                                                 1'048'576),
            limit<&LimitSettings::inbox>("limits.inbox", "256",
                                         "Writes and commands that wait for the next tick of one session.", 1, 65'536),
            limit<&LimitSettings::connections>("limits.connections", "512", "HTTP connections at a time.", 1, 65'536),
            limit<&LimitSettings::connections_per_address>("limits.connections_per_address", "64",
                                                           "HTTP connections of one address other than loopback.", 1,
                                                           65'536),
            limit<&LimitSettings::sockets>("limits.sockets", "4096", "WebSocket clients at a time.", 1, 65'536),
            limit<&LimitSettings::subscriptions>("limits.subscriptions", "256", "Subscriptions of one WebSocket.", 1,
                                                 65'536),
            limit<&LimitSettings::send_queue_bytes>(
                "limits.send_queue_bytes", "4194304",
                "Bytes that wait for one WebSocket client before the oldest data are dropped.", 65'536, max_bytes),
            limit<&LimitSettings::message_bytes>("limits.message_bytes", "1048576",
                                                 "Bytes of one WebSocket message from a client.", 1024, max_bytes),
            limit<&LimitSettings::fragments>("limits.fragments", "64",
                                             "Fragments of one WebSocket message from a client.", 1, max_count),
            limit<&LimitSettings::body_bytes>("limits.body_bytes", "1048576", "Bytes of a request's body.", 1024,
                                              max_bytes),
            limit<&LimitSettings::upload_bytes>("limits.upload_bytes", "67108864", "Bytes of an uploaded file.", 1024,
                                                max_bytes),
            limit<&LimitSettings::route_workers>("limits.route_workers", "4", "Threads that run the routes of plugins.",
                                                 2, 64),
            limit<&LimitSettings::recordings_open>("limits.recordings_open", "64",
                                                   "Recordings that are open at a time.", 1, 10'000),
            limit<&LimitSettings::recordings>("limits.recordings", "10000",
                                              "Recordings that are kept, open ones among them.", 1, 1'000'000),
            limit<&LimitSettings::scenarios>("limits.scenarios", "1000", "Scenarios that are kept.", 1, 100'000),
            limit<&LimitSettings::schedules>("limits.schedules", "1000", "Schedules that are kept.", 1, 100'000),
            limit<&LimitSettings::rules>("limits.rules", "1000", "Rules that are kept, those of plugins among them.", 1,
                                         10'000),
            {.key = "store.url",
             .type = Type::text,
             .fallback = "\"sqlite:\"",
             .doc = "Where sessions and everything else that is made over the API are kept: sqlite: (store.db in "
                    "state_dir), sqlite:/path/to/file, postgresql://user@host/database, or memory: (not at all).",
             .store = [](Settings& s, const Value& v) { s.store.url = v.string(); },
             .complaint = store_complaint},
            {.key = "store.every_s",
             .type = Type::number,
             .fallback = "10",
             .doc = "Seconds after which the values of a running session are stored again; large sessions wait longer.",
             .store = [](Settings& s, const Value& v) { s.store.every_s = v.number(); },
             .min = 0.1,
             .max = 3600},
            {.key = "recordings.quota_bytes",
             .type = Type::integer,
             .fallback = "10737418240",
             .doc = "Bytes of all recordings together; at the bound none begins and those that are open wait. 0 sets "
                    "no bound.",
             .store = [](Settings& s, const Value& v) { s.recordings.quota_bytes = count(v); },
             .min = 0,
             .max = max_disk_bytes},
            {.key = "recordings.reserve_bytes",
             .type = Type::integer,
             .fallback = "67108864",
             .doc = "Bytes that recordings leave free on the disk for everybody else.",
             .store = [](Settings& s, const Value& v) { s.recordings.reserve_bytes = count(v); },
             .min = 0,
             .max = max_disk_bytes},
            {.key = "recordings.segment_bytes",
             .type = Type::integer,
             .fallback = "67108864",
             .doc = "Bytes of samples after which a recording begins its next file.",
             .store = [](Settings& s, const Value& v) { s.recordings.segment_bytes = count(v); },
             .min = 4096,
             .max = max_bytes},
            {.key = "recordings.segment_s",
             .type = Type::number,
             .fallback = "60",
             .doc = "Seconds after which a recording begins its next file.",
             .store = [](Settings& s, const Value& v) { s.recordings.segment_s = v.number(); },
             .min = 0.1,
             .max = 86'400},
            {.key = "recordings.max_age_s",
             .type = Type::number,
             .fallback = "0",
             .doc = "Seconds after its end at which a recording is deleted; 0 keeps it.",
             .store = [](Settings& s, const Value& v) { s.recordings.max_age_s = v.number(); },
             .min = 0,
             .max = 9e9},  // nanoseconds of it fit 64 bits
            {.key = "state_dir",
             .type = Type::path,
             .fallback = "",
             .doc = "Folder for the token and everything else that is kept; by default $XDG_STATE_HOME/simhost or "
                    "~/.local/state/simhost.",
             .store = [](Settings& s, const Value& v) { s.state_dir = v.string(); },
             .complaint = text_complaint},
            {.key = "log.level",
             .type = Type::choice,
             .fallback = "\"info\"",
             .doc = "The least severe lines that are logged.",
             .store =
                 [](Settings& s, const Value& v) {
                   constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
                   const auto* found = std::find(std::begin(levels), std::end(levels), v.string());
                   s.log_level = static_cast<LogLevel>(found - std::begin(levels));
                 },
             .choices = "debug info warning error",
             .short_flag = "log"},
        });

}  // namespace

std::span<const SettingInfo> all_settings() noexcept { return table; }

const SettingInfo* find_setting(std::string_view key) noexcept {
  const auto* found = std::find_if(table.begin(), table.end(), [key](const SettingInfo& s) { return s.key == key; });
  return found != table.end() ? found : nullptr;
}

std::string environment_name(const SettingInfo& setting) {
  std::string name = "SIMHOST_";
  for (const char c : setting.key) {
    name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

std::string flag_name(const SettingInfo& setting) {
  std::string name(setting.key);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '_'; }, '-');
  return name;
}

std::vector<std::string_view> choices_of(const SettingInfo& setting) {
  std::vector<std::string_view> out;
  std::string_view rest = setting.choices;
  while (!rest.empty()) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    out.push_back(rest.substr(0, blank));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return out;
}

}  // namespace simhost::settings
