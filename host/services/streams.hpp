// The streams of plugins: an endpoint for each declared path, which outlives reloads, and the sockets that are on it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <host/plugin/generation.hpp>
#include <host/telemetry/pump.hpp>

namespace simhost::services {

// A stream as the present generation declares it; empty once the plugin or the path is gone.
struct Declared {
  std::shared_ptr<plugin::Generation> generation;
  const sim_stream* stream = nullptr;
  explicit operator bool() const noexcept { return stream != nullptr; }
};

class Endpoint {
 public:
  Endpoint(std::string plugin, std::string path) : plugin_(std::move(plugin)), path_(std::move(path)) {}
  [[nodiscard]] const std::string& plugin() const noexcept { return plugin_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // [any]
  [[nodiscard]] Declared declared() const;
  [[nodiscard]] const telemetry::StreamPointer& stream() const noexcept { return stream_; }
  // Whether one more message of that session (0: of the client alone) is within max_per_s.
  bool admit(std::uint64_t session, std::uint64_t client, std::int64_t now_ns);

 private:
  friend class Streams;
  struct Bucket {
    double tokens = 0;
    std::int64_t at_ns = 0;
  };
  const std::string plugin_, path_;
  telemetry::StreamPointer stream_;  // set before anybody else sees it
  mutable std::mutex mutex_;
  Declared declared_;
  std::map<std::uint64_t, Bucket> buckets_;
};
using EndpointPointer = std::shared_ptr<Endpoint>;

// A socket on an endpoint.
struct Seat {
  EndpointPointer endpoint;
  telemetry::StreamClientPointer client;
};

class Streams {
 public:
  explicit Streams(telemetry::Pump& pump) : pump_(pump) {}

  // --- loading thread ---
  // The streams of a generation take the place of those of its plugin: sockets stay, variants are matched by name;
  // those whose path or variant is gone are closed with 1012.
  void install(const std::shared_ptr<plugin::Generation>& generation);
  void remove(const std::string& plugin);

  // --- [any] ---
  [[nodiscard]] EndpointPointer find(std::string_view plugin, std::string_view path) const;
  [[nodiscard]] std::vector<EndpointPointer> list(std::string_view plugin) const;
  Seat join(EndpointPointer endpoint);
  void leave(const Seat& seat);

  // For the plugin, by client id; wrong_state when it is gone or another plugin's.
  Outcome follow(std::string_view plugin, std::uint64_t client, session::SessionPointer session);
  // All of them whose stream is one of the session's model.
  void follow_all(std::string_view plugin, const session::SessionPointer& session);
  Outcome set_variant(std::string_view plugin, std::uint64_t client, std::uint32_t variant);
  Outcome push(std::string_view plugin, std::uint64_t client, telemetry::Plain message);
  void push_session(std::string_view plugin, std::uint64_t session, const telemetry::Plain& message);
  [[nodiscard]] Result<std::uint64_t> followed(std::string_view plugin, std::uint64_t client) const;
  [[nodiscard]] std::uint64_t count(std::string_view plugin, std::uint64_t session) const;  // 0: all

 private:
  using Key = std::pair<std::string, std::string>;  // plugin, path
  void open(const std::shared_ptr<plugin::Generation>& generation, const sim_stream& stream);
  void exchange(const EndpointPointer& endpoint, const std::shared_ptr<plugin::Generation>& generation,
                const sim_stream& stream);
  void close(const EndpointPointer& endpoint);
  [[nodiscard]] Result<Seat> seat(std::string_view plugin, std::uint64_t client) const;

  telemetry::Pump& pump_;
  mutable std::mutex mutex_;
  std::map<Key, EndpointPointer> endpoints_;
  std::unordered_map<std::uint64_t, Seat> seats_;
};

}  // namespace simhost::services
