// Who hears which event.
#include <api/ws/event_hub.hpp>

#include <algorithm>

#include <api/ws/messages.hpp>

namespace simhost::ws {

bool matches(std::string_view pattern, std::string_view type) noexcept {
  if (pattern == "*" || pattern == type) return true;
  return pattern.ends_with(".*") && type.starts_with(pattern.substr(0, pattern.size() - 1));
}

void EventHub::listen(const telemetry::ClientPointer& client, std::vector<std::string> types) {
  const std::lock_guard lock(mutex_);
  if (types.empty())
    listeners_.erase(client.get());
  else
    listeners_[client.get()] = {client, std::move(types)};
}

void EventHub::leave(const telemetry::Client& client) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(&client);
}

void EventHub::publish(const session::Event& event) {
  std::shared_ptr<const std::string> text;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, listener] : listeners_) {
    const auto hears = [&](const std::string& type) { return matches(type, event.type); };
    if (std::ranges::none_of(listener.types, hears)) continue;
    if (text == nullptr) text = std::make_shared<const std::string>(event_message(event));
    listener.client->send({telemetry::MessageKind::text, text});
  }
}

}  // namespace simhost::ws
