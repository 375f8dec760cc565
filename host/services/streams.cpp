// Endpoints and seats.
#include <host/services/streams.hpp>

#include <algorithm>
#include <optional>

#include <host/base/limits.hpp>
#include <host/services/encoder.hpp>

namespace simhost::services {

namespace {

constexpr std::size_t buckets_max = 4096;
constexpr std::uint64_t client_key = std::uint64_t{1} << 63U;  // keys of clients and sessions in one map

tl::unexpected<Error> is_gone() { return fail("wrong_state", "the client is gone"); }

std::string variant_name(const sim_stream& stream, std::uint32_t place) {
  return place < stream.n_variants ? stream.variants[place] : "";
}

// Where each variant of the old declaration is in the new one.
std::vector<std::optional<std::uint32_t>> match_variants(const sim_stream& from, const sim_stream& to) {
  std::vector<std::optional<std::uint32_t>> matched(std::max(from.n_variants, 1U));
  for (std::uint32_t i = 0; i < matched.size(); ++i)
    for (std::uint32_t j = 0; j < std::max(to.n_variants, 1U); ++j)
      if (variant_name(from, i) == variant_name(to, j)) matched[i] = j;
  return matched;
}

}  // namespace

Declared Endpoint::declared() const {
  const std::lock_guard lock(mutex_);
  return declared_;
}

bool Endpoint::admit(std::uint64_t session, std::uint64_t client, std::int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  const auto per_s =
      declared_ && declared_.stream->max_per_s > 0 ? static_cast<double>(declared_.stream->max_per_s) : 0;
  if (per_s == 0) return true;
  const auto refilled = [&](const Bucket& bucket) {
    return std::min(per_s, bucket.tokens + static_cast<double>(now_ns - bucket.at_ns) * 1e-9 * per_s);
  };
  if (buckets_.size() >= buckets_max)
    std::erase_if(buckets_, [&](const auto& pair) { return refilled(pair.second) >= per_s; });
  const auto [at, fresh] = buckets_.try_emplace(session != 0 ? session : client | client_key, Bucket{per_s, now_ns});
  Bucket& bucket = at->second;
  bucket.tokens = fresh ? per_s : refilled(bucket);
  bucket.at_ns = now_ns;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void Streams::install(const std::shared_ptr<plugin::Generation>& generation) {
  std::vector<EndpointPointer> gone;
  for (const auto& endpoint : list(generation->plugin_id())) {
    const auto& streams = generation->streams();
    if (std::ranges::none_of(streams, [&](const auto& s) { return s.path == endpoint->path(); }))
      gone.push_back(endpoint);
  }
  for (const auto& endpoint : gone) close(endpoint);
  for (const sim_stream& stream : generation->streams()) {
    if (const auto endpoint = find(generation->plugin_id(), stream.path))
      exchange(endpoint, generation, stream);
    else
      open(generation, stream);
  }
}

void Streams::remove(const std::string& plugin) {
  for (const auto& endpoint : list(plugin)) close(endpoint);
}

void Streams::open(const std::shared_ptr<plugin::Generation>& generation, const sim_stream& stream) {
  auto endpoint = std::make_shared<Endpoint>(generation->plugin_id(), stream.path);
  endpoint->stream_ = pump_.open_stream(spec_of(stream), std::make_shared<PluginEncoder>(generation, stream));
  endpoint->declared_ = {generation, &stream};
  const std::lock_guard lock(mutex_);
  endpoints_[{endpoint->plugin(), endpoint->path()}] = std::move(endpoint);
}

void Streams::exchange(const EndpointPointer& endpoint, const std::shared_ptr<plugin::Generation>& generation,
                       const sim_stream& stream) {
  Declared before;
  {
    const std::lock_guard lock(endpoint->mutex_);
    before = std::exchange(endpoint->declared_, Declared{generation, &stream});
  }
  telemetry::Books::Exchange exchange;
  exchange.spec = spec_of(stream);
  exchange.encoder = std::make_shared<PluginEncoder>(generation, stream);
  exchange.variants = match_variants(*before.stream, stream);
  pump_.exchange_stream(endpoint->stream_, std::move(exchange), [] {});
}

// Sockets may stay a while after their end; what they hold of the stream must not keep the library.
void Streams::close(const EndpointPointer& endpoint) {
  {
    const std::lock_guard lock(mutex_);
    endpoints_.erase({endpoint->plugin(), endpoint->path()});
  }
  Declared before;
  {
    const std::lock_guard lock(endpoint->mutex_);
    before = std::exchange(endpoint->declared_, {});
  }
  telemetry::Books::Exchange nothing;
  nothing.spec = spec_of(*before.stream);
  nothing.encoder = std::make_shared<PluginEncoder>(nullptr, *before.stream);
  nothing.variants = match_variants(*before.stream, *before.stream);
  pump_.exchange_stream(endpoint->stream_, std::move(nothing), [] {});
  pump_.close_stream(endpoint->stream_, 1012, "this stream is not offered any more", [] {});
}

EndpointPointer Streams::find(std::string_view plugin, std::string_view path) const {
  const std::lock_guard lock(mutex_);
  const auto found = endpoints_.find(Key(plugin, path));
  return found == endpoints_.end() ? nullptr : found->second;
}

std::vector<EndpointPointer> Streams::list(std::string_view plugin) const {
  const std::lock_guard lock(mutex_);
  std::vector<EndpointPointer> found;
  for (const auto& [key, endpoint] : endpoints_)
    if (key.first == plugin) found.push_back(endpoint);
  return found;
}

Seat Streams::join(EndpointPointer endpoint) {
  auto client = pump_.join(endpoint->stream(), 0);
  const auto id = client->id();  // an assignment evaluates its right side first
  const std::lock_guard lock(mutex_);
  return seats_[id] = Seat{std::move(endpoint), std::move(client)};
}

void Streams::leave(const Seat& seat) {
  {
    const std::lock_guard lock(mutex_);
    seats_.erase(seat.client->id());
  }
  pump_.leave(seat.endpoint->stream(), seat.client);
}

Result<Seat> Streams::seat(std::string_view plugin, std::uint64_t client) const {
  const std::lock_guard lock(mutex_);
  const auto found = seats_.find(client);
  if (found == seats_.end() || found->second.endpoint->plugin() != plugin) return is_gone();
  return found->second;
}

// The frames of a session hold the variables of its model only.
Outcome Streams::follow(std::string_view plugin, std::uint64_t client, session::SessionPointer session) {
  auto found = seat(plugin, client);
  if (!found) return fail(std::move(found.error()));
  const Declared declared = found->endpoint->declared();
  if (!declared) return is_gone();
  if (session != nullptr && declared.stream->model != nullptr && session->model()->id() != declared.stream->model)
    return fail("not_valid", "the stream is one of the model " + std::string(declared.stream->model));
  return pump_.follow(found->endpoint->stream(), found->client, std::move(session));
}

void Streams::follow_all(std::string_view plugin, const session::SessionPointer& session) {
  std::vector<std::uint64_t> clients;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, seat] : seats_)
      if (seat.endpoint->plugin() == plugin) clients.push_back(id);
  }
  for (const auto client : clients)
    static_cast<void>(follow(plugin, client, session));  // gone meanwhile, or of another model's stream
}

Outcome Streams::set_variant(std::string_view plugin, std::uint64_t client, std::uint32_t variant) {
  auto found = seat(plugin, client);
  if (!found) return fail(std::move(found.error()));
  return found->endpoint->stream()->set_variant(*found->client, variant);
}

Outcome Streams::push(std::string_view plugin, std::uint64_t client, telemetry::Plain message) {
  auto found = seat(plugin, client);
  if (!found) return fail(std::move(found.error()));
  return found->endpoint->stream()->push(*found->client, std::move(message));
}

void Streams::push_session(std::string_view plugin, std::uint64_t session, const telemetry::Plain& message) {
  for (const auto& endpoint : list(plugin)) endpoint->stream()->push_session(session, message);
}

Result<std::uint64_t> Streams::followed(std::string_view plugin, std::uint64_t client) const {
  auto found = seat(plugin, client);
  if (!found) return fail(std::move(found.error()));
  return found->endpoint->stream()->followed(*found->client);
}

std::uint64_t Streams::count(std::string_view plugin, std::uint64_t session) const {
  std::uint64_t count = 0;
  for (const auto& endpoint : list(plugin)) count += endpoint->stream()->count(session);
  return count;
}

}  // namespace simhost::services
