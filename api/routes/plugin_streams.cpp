// From the C table of streams to WebSocket rows of a router.
#include <api/routes/plugin_streams.hpp>

#include <algorithm>
#include <atomic>

#include <api/routes/plugin_request.hpp>
#include <api/routes/plugin_socket.hpp>

namespace simhost::routes {

namespace {

using services::Conversation;

Error gone() { return Error{"plugin_unavailable", "the plugin has been replaced or unloaded", {}, 0, 1}; }

std::string text(const char* from) { return from == nullptr ? "" : from; }

struct Door {
  services::Services& services;
  std::string plugin, path;
  http::MessageLimits limits;

  void operator()(const http::Request& request, http::UpgradeReply reply) const;
};

// A client at the door: let in, or refused, once.
class Opening {
 public:
  Opening(const Door& door, const http::Request& request, http::UpgradeReply reply, services::Seat seat)
      : limits_(door.limits),
        request_(request),
        reply_(std::move(reply)),
        conversation_(std::make_shared<Conversation>(door.services, std::move(seat))),
        socket_(std::make_unique<PluginSocket>(door.services, conversation_)) {}

  void run(const services::Declared& declared) {
    const PluginRequest request(request_);
    auto opened = conversation_->open(declared, *request.get());
    if (!opened) return refuse(opened.error());
    if (answered_.exchange(true)) return;
    http::Accepted accepted;
    accepted.application = std::move(socket_);
    accepted.limits = limits_;
    if (declared.stream->max_message > 0)
      accepted.limits.message_bytes = std::min<std::size_t>(declared.stream->max_message, limits_.message_bytes);
    take_reply()(std::move(accepted));
  }

  void refuse(const Error& error) {
    if (answered_.exchange(true)) return;
    take_reply()(http::answer_error(error));
  }

 private:
  http::UpgradeReply take_reply() { return std::move(reply_); }

  http::MessageLimits limits_;
  http::Request request_;
  http::UpgradeReply reply_;
  std::shared_ptr<Conversation> conversation_;
  std::unique_ptr<PluginSocket> socket_;  // leaves the stream when nobody takes it
  std::atomic<bool> answered_{false};
};

void Door::operator()(const http::Request& request, http::UpgradeReply reply) const {
  const auto endpoint = services.streams().find(plugin, path);
  const services::Declared declared = endpoint == nullptr ? services::Declared{} : endpoint->declared();
  const auto lane = declared ? services::Services::lane_of(*declared.generation) : nullptr;
  if (lane == nullptr) return reply(http::answer_error(gone()));
  const auto opening = std::make_shared<Opening>(*this, request, std::move(reply), services.streams().join(endpoint));
  services::Task task;
  task.run = [opening, declared] { opening->run(declared); };
  task.drop = task.overdue = [opening](const Error& error) { opening->refuse(error); };
  task.deadline_ns = services::monotonic_now_ns() + std::int64_t{limits::route_deadline_default_ms} * 1'000'000;
  if (auto taken = services.workers().submit(lane, std::move(task)); !taken) opening->refuse(taken.error());
}

}  // namespace

std::vector<http::Route> plugin_stream_routes(services::Services& services,
                                              const std::shared_ptr<plugin::Generation>& generation,
                                              const std::string& mount, http::MessageLimits limits) {
  std::vector<http::Route> rows;
  for (const sim_stream& stream : generation->streams()) {
    http::Route row;
    row.method = "GET";
    row.path = mount + text(stream.path);
    row.info.summary = text(stream.summary);
    row.info.tag = generation->plugin_id();
    row.info.mount = mount;
    row.upgrade = Door{services, generation->plugin_id(), text(stream.path), limits};
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace simhost::routes
