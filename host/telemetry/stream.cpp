// Clients of plugin streams: pushes, variants, losses and the end of a stream that is too slow.
#include <host/telemetry/stream.hpp>

#include <utility>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>
#include <host/base/log.hpp>

namespace simhost::telemetry {

namespace {
constexpr std::int64_t slow_encode_ns = 5'000'000, slow_encode_ns_per_lane = 1'000;
constexpr unsigned quick_encodes_that_forgive = 100;  // in a row
constexpr std::uint16_t internal_error = 1011;

tl::unexpected<Error> is_gone() { return simhost::fail("wrong_state", "the client is gone"); }
}  // namespace

void MessageList::add(MessageKind kind, std::string bytes) {
  if (messages_.size() >= messages_max) return;
  messages_.push_back({kind, std::make_shared<const std::string>(std::move(bytes))});
}

bool is_due(std::uint64_t tick, std::int64_t step_ns, std::int64_t period_ns) noexcept {
  if (tick == 0 || step_ns >= period_ns) return true;
  const auto step = static_cast<std::uint64_t>(step_ns);
  const auto period = static_cast<std::uint64_t>(period_ns);
  return (tick * step) % period < step;
}

StreamClientPointer Stream::find(std::uint64_t client) const {
  const std::lock_guard lock(mutex_);
  const auto at = clients_.find(client);
  return at == clients_.end() ? nullptr : at->second;
}

std::vector<StreamClientPointer> Stream::clients() const {
  const std::lock_guard lock(mutex_);
  std::vector<StreamClientPointer> list;
  list.reserve(clients_.size());
  for (const auto& [id, client] : clients_) list.push_back(client);
  return list;
}

Outcome Stream::set_variant(StreamClient& client, std::uint32_t variant) {
  if (client.gone_) return is_gone();
  if (variant >= variants_) return simhost::fail("not_valid", "the stream has no such variant");
  client.variant_ = variant;
  return {};
}

Outcome Stream::push(StreamClient& client, Plain message) {
  if (client.gone_) return is_gone();
  client.last_sent_ns_ = system_clock().monotonic_ns();
  client.send(std::move(message));
  return {};
}

void Stream::push_session(std::uint64_t session, const Plain& message) {
  for (const auto& client : clients())
    if (session == 0 || client->session_ == session) static_cast<void>(push(*client, message));
}

void Stream::close(StreamClient& client, std::uint16_t code, std::string reason) {
  client.gone_ = true;
  client.close(code, std::move(reason));
}

std::uint64_t Stream::count(std::uint64_t session) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t n = 0;
  for (const auto& [id, client] : clients_)
    if (!client->gone_ && (session == 0 || client->session_ == session)) ++n;
  return n;
}

void Stream::keep(StreamClientPointer client) {
  const std::lock_guard lock(mutex_);
  clients_.emplace(client->id(), std::move(client));
}

void Stream::drop(const StreamClient& client) {
  const std::lock_guard lock(mutex_);
  clients_.erase(client.id());
}

void Stream::deliver(StreamClient& client, const Plain& message, Desk& desk, std::int64_t now_ns) {
  client.last_sent_ns_ = now_ns;
  desk.deliver(client, client.slot_, message);
}

void Stream::judge(std::int64_t took_ns, std::size_t lanes) {
  if (took_ns <= slow_encode_ns + slow_encode_ns_per_lane * static_cast<std::int64_t>(lanes)) {
    if (++quick_ >= quick_encodes_that_forgive) slow_ = 0;
    return;
  }
  quick_ = 0;
  if (++slow_ >= limits::slow_encodes) fail(internal_error, "the plugin's encode is too slow");
}

void Stream::fail(std::uint16_t code, const std::string& reason) {
  if (std::exchange(failed_, true)) return;
  log_error("telemetry", "a plugin's stream is closed", {{"reason", reason}});
  for (const auto& client : clients()) close(*client, code, reason);
}

}  // namespace simhost::telemetry
