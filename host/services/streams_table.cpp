// sim.streams/1, the host's half: what a plugin does with the sockets of its streams.
#include <host/base/limits.hpp>
#include <host/services/answers.hpp>
#include <host/services/tables.hpp>
#include <host/services/visit.hpp>

namespace simhost::services {

namespace {

Result<telemetry::Plain> message_of(std::uint32_t kind, const void* data, std::uint64_t size) {
  if ((kind != SIM_TEXT && kind != SIM_BINARY) || (data == nullptr && size > 0) || size > limits::ws_send_queue_bytes)
    return fail("not_valid", "a message is text or binary, of at most the bytes a socket's queue takes");
  const auto* bytes = static_cast<const char*>(data);
  return telemetry::Plain{kind == SIM_TEXT ? telemetry::MessageKind::text : telemetry::MessageKind::binary,
                          std::make_shared<const std::string>(bytes, bytes + size)};
}

sim_status told(const Outcome& outcome) { return outcome ? SIM_OK : status_for(outcome.error()); }

// A session that is started next has its first frames seen.
void wait_until_published(const Visit& visit) {
  static_cast<void>(await<session::Nothing>(visit.timeout_ms(), [&](auto done) {
    visit.tenant->services->pump().when_published(visit.session, [done] { done(session::Nothing{}); });
  }));
}

std::int32_t follow(const sim_host* host, std::uint64_t client, std::uint64_t session) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return SIM_INVALID_ARG;
    if (session != 0 && visit.session == nullptr) return SIM_WRONG_STATE;
    Streams& streams = visit.tenant->services->streams();
    sim_status status = SIM_OK;
    if (client == 0)
      streams.follow_all(visit.tenant->plugin, visit.session);
    else
      status = told(streams.follow(visit.tenant->plugin, client, visit.session));
    if (status == SIM_OK && visit.session != nullptr) wait_until_published(visit);
    return status;
  });
}

std::int32_t variant(const sim_host* host, std::uint64_t client, std::uint32_t place) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return SIM_INVALID_ARG;
    return told(tenant->services->streams().set_variant(tenant->plugin, client, place));
  });
}

std::int32_t push(const sim_host* host, std::uint64_t client, std::uint32_t kind, const void* data,
                  std::uint64_t size) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    auto message = message_of(kind, data, size);
    if (tenant == nullptr || !message) return SIM_INVALID_ARG;
    return told(tenant->services->streams().push(tenant->plugin, client, std::move(*message)));
  });
}

std::int32_t push_session(const sim_host* host, std::uint64_t session, std::uint32_t kind, const void* data,
                          std::uint64_t size) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    const auto message = message_of(kind, data, size);
    if (visit.tenant == nullptr || !message) return SIM_INVALID_ARG;
    if (session != 0 && visit.session == nullptr) return SIM_WRONG_STATE;
    visit.tenant->services->streams().push_session(visit.tenant->plugin, session, *message);
    return SIM_OK;
  });
}

std::int32_t session(const sim_host* host, std::uint64_t client, std::uint64_t* session) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || session == nullptr) return SIM_INVALID_ARG;
    const auto followed = tenant->services->streams().followed(tenant->plugin, client);
    if (!followed) return status_for(followed.error());
    *session = *followed;
    return SIM_OK;
  });
}

std::uint64_t count(const sim_host* host, std::uint64_t session) noexcept {
  try {
    const auto tenant = tenant_of(host);
    return tenant == nullptr ? 0 : tenant->services->streams().count(tenant->plugin, session);
  } catch (...) {
    return 0;
  }
}

std::uint64_t list(const sim_host* host, const char* path, std::uint64_t* clients, std::uint64_t capacity) noexcept {
  try {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || path == nullptr) return 0;
    const auto endpoint = tenant->services->streams().find(tenant->plugin, view(path, limits::plugin_text_bytes));
    if (endpoint == nullptr) return 0;
    std::uint64_t count = 0;
    for (const auto& client : endpoint->stream()->clients()) {
      if (clients != nullptr && count < capacity) clients[count] = client->id();
      ++count;
    }
    return count;
  } catch (...) {
    return 0;
  }
}

}  // namespace

const sim_stream_clients streams_table{
    sizeof(sim_stream_clients), 0, follow, variant, push, push_session, session, count, list};

}  // namespace simhost::services
