// Every bound of the host that is no setting, and the defaults of those that are; units stand last in the name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simhost::limits {

// What comes in as text or bytes.
inline constexpr std::size_t json_depth = 64;
inline constexpr std::size_t msgpack_depth = 32;
inline constexpr std::size_t listed_errors = 64;
inline constexpr std::size_t error_input_bytes = 1000;  // of an offending value quoted in an error
inline constexpr std::size_t settings_file_bytes = 1 << 20;
inline constexpr std::int64_t exact_integer = std::int64_t{1} << 53U;  // doubles hold integers up to here

// HTTP.
inline constexpr std::size_t http_header_bytes = 16 << 10;
inline constexpr std::size_t http_header_fields = 100;
inline constexpr std::size_t http_target_bytes = 8 << 10;
inline constexpr std::size_t http_body_bytes = 1 << 20;
inline constexpr std::size_t http_route_body_bytes = 16 << 20;  // what a plugin's route may raise its own limit to
inline constexpr std::size_t http_upload_bytes = 64 << 20;
inline constexpr std::size_t http_trailer_bytes = 4 << 10;
inline constexpr std::size_t http_chunk_extension_bytes = 256;
inline constexpr int http_header_timeout_s = 10;
inline constexpr int http_body_grace_s = 5;
inline constexpr std::size_t http_body_rate_bytes_per_s = 1 << 10;
inline constexpr int http_idle_timeout_s = 60;
inline constexpr std::size_t http_connections = 512;
inline constexpr std::size_t http_connections_per_remote_address = 64;
inline constexpr int accept_backoff_ms = 100;
inline constexpr std::size_t request_id_bytes = 128;
inline constexpr std::size_t idempotency_key_bytes = 256;
inline constexpr int idempotency_key_h = 24;
inline constexpr std::size_t idempotency_keys = 10'000;
inline constexpr std::size_t list_items = 1000;
inline constexpr std::size_t list_items_default = 100;

// WebSocket.
inline constexpr std::size_t ws_connections = 4096;
inline constexpr std::size_t ws_message_bytes = 1 << 20;
inline constexpr std::size_t ws_fragments = 64;
inline constexpr double ws_control_frames_per_s = 10;
inline constexpr std::size_t ws_control_frames_burst = 32;
inline constexpr std::size_t stream_message_bytes = 64 << 20;  // one message of a plugin's stream
inline constexpr std::size_t ws_subscriptions = 256;
inline constexpr std::size_t ws_send_queue_bytes = 4 << 20;
inline constexpr int ws_write_stall_s = 10;
inline constexpr int ws_ping_s = 20;
inline constexpr int ws_missed_pings = 2;
inline constexpr double stream_rate_hz = 1000;
inline constexpr double stream_rate_default_hz = 60;
inline constexpr double stream_values_per_s = 2e6;  // per subscription; a lower rate is granted above it

// Rates, per token and address. Loopback has none but the one of failed logins.
inline constexpr int requests_per_s = 100;
inline constexpr int requests_burst = 200;
inline constexpr int failed_logins_per_min = 10;
inline constexpr int plugin_loads_per_min = 6;

// Sessions.
inline constexpr std::size_t sessions = 10'000;
inline constexpr std::size_t session_lanes = 131'072;
inline constexpr std::size_t host_lanes = 262'144;
inline constexpr std::size_t name_chars = 63;
inline constexpr std::size_t tags = 64;
inline constexpr std::size_t tag_bytes = 1024;
inline constexpr double pace_rate_min = 0.001;
inline constexpr double pace_rate_max = 1000;
inline constexpr std::int64_t seed_max = exact_integer - 1;
inline constexpr std::size_t read_values = 100'000;
inline constexpr std::int64_t step_ticks = 1'000'000;  // of one POST .../step
inline constexpr std::size_t inbox_entries = 256;
inline constexpr std::size_t journal_entries = 256;
inline constexpr std::size_t checkpoints = 64;  // per session
inline constexpr std::size_t attachment_key_bytes = 4 << 10;
inline constexpr std::size_t attachment_bytes = 4 << 20;
inline constexpr int answer_timeout_s = 10;

// Scenarios, schedules and rules.
inline constexpr std::size_t scenarios = 1000;
inline constexpr std::size_t scenario_entries = 1024;
inline constexpr std::size_t scenario_cues = 16'384;  // variables and commands of all its entries
inline constexpr double scenario_s = 1e9;             // how late an entry may be, how long a ramp
inline constexpr std::uint64_t run_bytes = 64 << 20;  // of the ramps of one run
inline constexpr std::size_t runs = 256;              // at once, per session
inline constexpr std::size_t schedules = 1000;
inline constexpr std::size_t schedule_actions = 64;
inline constexpr double schedule_every_s = 0.001;
inline constexpr std::size_t cron_chars = 256;
inline constexpr std::size_t rules = 1000;
inline constexpr std::size_t rule_lanes = 262'144;  // judged by all rules together
inline constexpr std::size_t alerts = 10'000;       // kept; the oldest that are cleared go first

// Store.
inline constexpr std::size_t store_queue_bytes = 64 << 20;  // what waits to be written
inline constexpr std::size_t store_queue_changes = 65'536;
inline constexpr double store_every_s = 10;                      // default: a running session is stored again
inline constexpr std::int64_t store_round_ns = 250'000'000;      // between two looks at what is due
inline constexpr std::int64_t store_round_work_ns = 25'000'000;  // of the control thread, in one of them
inline constexpr std::int64_t store_beat_ns = 1'000'000'000;     // between two notes of how far sessions are
inline constexpr std::int64_t store_lane_bytes_per_s = 8 << 20;  // of the lanes of all sessions
inline constexpr std::uint64_t store_replayed_entries = 1024;    // of a journal, before its session is stored early
inline constexpr std::size_t replay_batch = 128;                 // writes that wait for their ticks in a replay
inline constexpr int store_retry_first_ms = 100;
inline constexpr int store_retry_last_ms = 5'000;

// Engine.
inline constexpr std::size_t block_lanes = 256;
inline constexpr std::size_t lane_multiple = 8;
inline constexpr std::size_t column_padding_bytes = 64;
inline constexpr std::int64_t wake_up_ns = 250'000;
inline constexpr std::int64_t slice_ns = 250'000;
inline constexpr std::size_t realtime_drivers = 64;
inline constexpr int catch_up = 10;
inline constexpr std::size_t frame_copies = 4;
inline constexpr std::size_t frame_single_copy_bytes = 1 << 20;
inline constexpr std::int64_t history_ns = 250'000'000;
inline constexpr std::size_t history_bytes = 64 << 20;
inline constexpr std::int64_t history_lossless_ns = 4'000'000'000;  // where it fits into history_lossless_bytes
inline constexpr std::size_t history_lossless_bytes = 128 << 10;
inline constexpr std::int64_t ticket_poll_ns = 2'000'000;
inline constexpr std::int64_t wanted_ns = 1'000'000'000;  // how long a read leaves its columns wanted

// Plugins.
inline constexpr std::size_t plugins = 64;
inline constexpr std::size_t plugin_library_bytes = 256 << 20;
inline constexpr std::size_t plugin_zombies = 16;  // generations that did not unload; past it no plugin is loaded
inline constexpr std::size_t plugin_models = 64;
inline constexpr std::size_t plugin_routes = 512;
inline constexpr std::size_t plugin_settings = 256;
inline constexpr std::size_t model_variables = 4096;
inline constexpr std::size_t model_commands = 256;
inline constexpr std::size_t plugin_text_bytes = 64 << 10;  // of one description or schema
inline constexpr std::size_t route_workers = 4;
inline constexpr std::size_t route_workers_replaced = 8;
inline constexpr int route_deadline_default_ms = 5'000;
inline constexpr int route_deadline_ms = 60'000;
inline constexpr std::size_t slow_encodes = 3;
inline constexpr std::size_t delayed_jobs = 1024;
inline constexpr std::size_t plugin_queue = 1024;  // requests, messages and jobs of one generation that wait
inline constexpr int workers_end_ms = 5'000;       // how long an end of the host waits for handlers
inline constexpr std::size_t plugin_metrics = 64;
inline constexpr std::size_t metric_name_chars = 100;
inline constexpr std::size_t plugin_log_burst = 200;  // lines at once; then
inline constexpr std::size_t plugin_log_lines_per_s = 20;
inline constexpr std::size_t plugin_log_bytes = 4 << 10;  // of one line
inline constexpr std::size_t attachment_name_bytes = 255;
inline constexpr std::size_t plugin_reply_bytes = 64 << 20;
inline constexpr std::size_t plugin_reply_headers = 64;
inline constexpr std::size_t stream_client_inbox = 256;  // messages of one client that wait for their plugin
inline constexpr int retire_patience_ms = 2'000;         // how long a reload waits for the old library to go
inline constexpr std::size_t jobs_kept = 1000;

}  // namespace simhost::limits
