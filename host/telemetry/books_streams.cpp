// Plugin streams in the books: who follows which session, reloads, idle messages.
#include <host/telemetry/books.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include <host/base/limits.hpp>

namespace simhost::telemetry {

namespace {
constexpr std::uint16_t internal_error = 1011;
constexpr std::uint16_t service_restart = 1012;
}  // namespace

void Books::open_stream(StreamPointer stream) { streams_.push_back(std::move(stream)); }

void Books::join(const StreamPointer& stream, const StreamClientPointer& client) {
  if (stream->failed_) stream->close(*client, internal_error, "the plugin's encode is too slow");
  client->last_sent_ns_ = now_ns_;
}

void Books::leave(const StreamPointer& stream, const StreamClientPointer& client) {
  client->gone_ = true;
  client->outbox().shut();
  detach(*client);
  stream->drop(*client);
}

void Books::follow(const StreamPointer& stream, const StreamClientPointer& client,
                   const session::SessionPointer& session) {
  if (client->cursor_ != nullptr) detach(*client);
  if (session == nullptr || client->gone_) return;
  if (session->ended()) {
    client->session_ = 0;
    if (stream->spec_.at_end == StreamSpec::AtEnd::close) stream->close(*client, 1000, "the session has ended");
    return;
  }
  Entry& entry = entry_of(session);
  StreamCursor& cursor = cursor_for(entry, stream);
  client->cursor_ = &cursor;
  cursor.add(client);
  entry.feed->enter(*client);
  entry.feed->update(now_ns_);
}

StreamCursor& Books::cursor_for(Entry& entry, const StreamPointer& stream) {
  for (StreamCursor* cursor : entry.streams)
    if (cursor->stream() == stream) return *cursor;
  auto made = std::make_unique<StreamCursor>(desk_, stream, entry.feed->session());
  StreamCursor* cursor = made.get();
  cursor->on_end([this, cursor](const std::vector<StreamClientPointer>& clients) {
    Entry* mine = find(cursor->session()->handle());
    for (const auto& client : clients) {
      client->cursor_ = nullptr;
      if (mine != nullptr) mine->feed->leave(*client);
    }
    if (mine != nullptr) std::erase(mine->streams, cursor);
  });
  entry.streams.push_back(cursor);
  entry.feed->add(std::move(made));
  return *cursor;
}

// Out of its cursor, and an empty cursor out of its feed.
void Books::detach(StreamClient& client) {
  StreamCursor* cursor = std::exchange(client.cursor_, nullptr);
  if (cursor == nullptr) return;
  Entry* entry = find(cursor->session()->handle());
  cursor->remove(client);
  if (entry == nullptr) return;
  entry->feed->leave(client);
  if (!cursor->empty()) return;
  std::erase(entry->streams, cursor);
  entry->feed->remove(*cursor);
}

void Books::exchange_stream(const StreamPointer& stream, Exchange exchange) {
  stream->variants_ = exchange.spec.variants;
  stream->spec_ = std::move(exchange.spec);
  stream->encoder_ = std::move(exchange.encoder);
  stream->failed_ = false;
  stream->slow_ = 0;
  for (const auto& client : stream->clients()) {
    const auto old = client->variant();
    const auto mapped = old < exchange.variants.size() ? exchange.variants[old] : std::nullopt;
    if (mapped)
      client->variant_ = *mapped;
    else
      stream->close(*client, service_restart, "this stream is not offered any more");
  }
  refollow(stream);
}

// Cursors read the variables of the new spec, so all old ones go before new ones are made; clients come over as they
// are.
void Books::refollow(const StreamPointer& stream) {
  std::vector<std::pair<StreamClientPointer, session::SessionPointer>> followers;
  for (const auto& client : stream->clients())
    if (client->cursor_ != nullptr) followers.emplace_back(client, client->cursor_->session());
  for (const auto& [client, session] : followers) detach(*client);
  for (const auto& [client, session] : followers) follow(stream, client, session);
}

void Books::close_stream(const StreamPointer& stream, std::uint16_t code, const std::string& reason) {
  for (const auto& client : stream->clients()) {
    detach(*client);
    stream->close(*client, code, reason);
  }
  std::erase(streams_, stream);
}

void Books::say_idle(Stream& stream, std::int64_t now_ns) {
  const auto idle_ns = stream.spec_.idle_ns;
  if (idle_ns == 0 || stream.failed_) return;
  std::map<std::uint32_t, MessageList> lists;
  for (const auto& client : stream.clients()) {
    if (client->gone_ || now_ns - client->last_sent_ns_ < idle_ns) continue;
    const auto variant = client->variant();
    const auto [at, first] = lists.try_emplace(variant);
    if (first) stream.encoder_->idle(variant, at->second);
    client->last_sent_ns_ = now_ns;
    for (const auto& message : at->second.messages())
      if (client->outbox().send(message)) desk_.wakes.add(*client);
    if (const auto& closing = at->second.closing()) stream.close(*client, closing->code, closing->reason);
  }
}

}  // namespace simhost::telemetry
