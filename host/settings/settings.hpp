// All settings of the host as one validated struct; it is made once at the start and does not change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <host/base/log.hpp>

namespace simhost::settings {

struct HttpSettings {
  std::string host;
  std::uint16_t port = 0;                  // 0: any free one
  std::vector<std::string> allowed_hosts;  // beside localhost, 127.0.0.1 and [::1]; without port
  std::vector<std::string> origins;        // beside the localhost ones; scheme://host[:port]
  bool require_token = false;
  bool allow_unauthenticated_remote = false;
  bool compatibility_listeners = true;
  double requests_per_s = 0;  // per remote address or token; 0: no limit
  int requests_burst = 0;
  double loopback_requests_per_s = 0;  // 0: no limit
  double idle_timeout_s = 0;
  double drain_s = 0;
};

struct StreamSettings {
  double ping_s = 0;
  double write_stall_s = 0;
};

struct PluginFolderSettings {
  std::vector<std::string> folders;            // absolute
  std::vector<std::string> load;               // ids, or "*" for all that are found
  std::vector<std::string> allowed_libraries;  // sonames, beside the system's
};

enum class CpuLevel : std::uint8_t { automatic, baseline, v3 };
enum class Scheduling : std::uint8_t { other, fifo };

struct EngineSettings {
  CpuLevel cpu = CpuLevel::automatic;
  Scheduling scheduling = Scheduling::other;
  int spin_tail_us = 0;
  int catch_up_max = 0;
  int threads = 0;  // 0: one per CPU
};

struct LimitSettings {
  std::size_t sessions = 0;
  std::size_t lanes = 0;          // of all sessions together
  std::size_t session_lanes = 0;  // of one
  std::size_t inbox = 0;
  std::size_t connections = 0;
  std::size_t connections_per_address = 0;  // of other addresses than loopback
  std::size_t sockets = 0;                  // WebSocket clients
  std::size_t subscriptions = 0;            // per socket
  std::size_t send_queue_bytes = 0;         // per socket
  std::size_t message_bytes = 0;            // of a WebSocket message from a client
  std::size_t fragments = 0;                // of such a message
  std::size_t body_bytes = 0;
  std::size_t upload_bytes = 0;
  std::size_t route_workers = 0;
  std::size_t recordings_open = 0;
  std::size_t recordings = 0;  // kept, those that are open among them
  std::size_t scenarios = 0;
  std::size_t schedules = 0;
  std::size_t rules = 0;
};

struct StoreSettings {
  std::string url;
  double every_s = 0;  // between two writings of a running session
};

struct RecordingSettings {
  std::uint64_t quota_bytes = 0;    // of all together; 0: no bound
  std::uint64_t reserve_bytes = 0;  // left free on the disk
  std::uint64_t segment_bytes = 0;
  double segment_s = 0;
  double max_age_s = 0;  // 0: kept
};

struct Settings {
  HttpSettings http;
  StreamSettings stream;
  PluginFolderSettings plugins;
  EngineSettings engine;
  LimitSettings limits;
  StoreSettings store;
  RecordingSettings recordings;
  std::string state_dir;  // absolute
  LogLevel log_level = LogLevel::info;
};

}  // namespace simhost::settings
