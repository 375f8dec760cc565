// What the server bounds: sizes, counts and times, each with its default.
#pragma once

#include <chrono>
#include <cstddef>

#include <host/base/limits.hpp>

namespace simhost::net {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;

struct Settings {
  std::size_t header_bytes = limits::http_header_bytes;
  std::size_t header_fields = limits::http_header_fields;
  std::size_t target_bytes = limits::http_target_bytes;
  std::size_t trailer_bytes = limits::http_trailer_bytes;
  std::size_t chunk_extension_bytes = limits::http_chunk_extension_bytes;
  std::size_t piece_bytes = 128 << 10;  // of a body that is read while it is sent
  Duration header_timeout = std::chrono::seconds(limits::http_header_timeout_s);  // from the first byte to the last
  Duration body_grace = std::chrono::seconds(limits::http_body_grace_s);          // before the rate below counts
  std::size_t body_rate_bytes_per_s = limits::http_body_rate_bytes_per_s;
  Duration idle_timeout = std::chrono::seconds(limits::http_idle_timeout_s);  // between two requests
  Duration write_stall = std::chrono::seconds(limits::ws_write_stall_s);      // nothing could be written for so long
  Duration linger = std::chrono::seconds(2);  // for the peer to read a last answer or echo a close frame
  Duration ping_period = std::chrono::seconds(limits::ws_ping_s);
  int missed_pings = limits::ws_missed_pings;
  double control_frames_per_s = limits::ws_control_frames_per_s;
  double control_frames_burst = limits::ws_control_frames_burst;
  std::size_t connections = limits::http_connections;
  std::size_t websockets = limits::ws_connections;
  std::size_t connections_per_remote = limits::http_connections_per_remote_address;  // loopback is not counted
  Duration accept_backoff{limits::accept_backoff_ms};                                // after running out of descriptors
  Duration sweep_period{100};  // how exactly all these times are kept
};

}  // namespace simhost::net
