// The list of peers, its sweep, and the list of wake-ups.
#include <api/net/hub.hpp>

#include <ctime>

#include <api/net/response_head.hpp>

namespace simhost::net {

void Hub::join(const std::shared_ptr<Peer>& peer) {
  peers_.emplace(peer.get(), peer);
  if (!sweeping_) arm_sweep();
}

void Hub::leave(const Peer* peer) { peers_.erase(peer); }

std::vector<std::shared_ptr<Peer>> Hub::all_peers() const {
  std::vector<std::shared_ptr<Peer>> all;
  all.reserve(peers_.size());
  for (const auto& [key, peer] : peers_) {
    if (auto held = peer.lock()) all.push_back(std::move(held));
  }
  return all;
}

void Hub::arm_sweep() {
  sweeping_ = true;
  sweep_timer_.expires_after(settings.sweep_period);
  sweep_timer_.async_wait([this](const ErrorCode& ec) {
    sweeping_ = false;
    if (!ec) sweep_all();
  });
}

void Hub::sweep_all() {
  const Instant now = std::chrono::steady_clock::now();
  for (const auto& peer : all_peers()) peer->sweep(now);
  if (!peers_.empty()) arm_sweep();
}

void Hub::drain(std::uint16_t close_code) {
  draining_ = true;
  for (const auto& peer : all_peers()) peer->drain(close_code);
}

void Hub::abort_all() {
  for (const auto& peer : all_peers()) peer->abort();
  sweep_timer_.cancel();
}

std::string_view Hub::date() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != date_s_) {
    date_s_ = now.tv_sec;
    date_ = http_date(date_s_);
  }
  return date_;
}

bool Hub::take_address(const std::string& address) {
  std::size_t& count = addresses_[address];
  if (count >= settings.connections_per_remote) return false;
  ++count;
  return true;
}

void Hub::release_address(const std::string& address) {
  const auto found = addresses_.find(address);
  if (found != addresses_.end() && --found->second == 0) addresses_.erase(found);
}

void Hub::wake(std::shared_ptr<Peer> peer) {
  const std::lock_guard lock(waking_);
  woken_.push_back(std::move(peer));
  if (woken_.size() == 1 && !post([this] { pull_woken(); })) woken_.clear();
}

void Hub::pull_woken() {
  std::vector<std::shared_ptr<Peer>> woken;
  {
    const std::lock_guard lock(waking_);
    woken.swap(woken_);
  }
  for (const auto& peer : woken) peer->pull();
}

void Hub::end() {
  {
    const std::lock_guard lock(posting_);
    ended_ = true;
  }
  io.restart();
  io.poll();
  const std::lock_guard lock(waking_);
  woken_.clear();
}

}  // namespace simhost::net
