// Order, bounds and losses of an outbox.
#include <host/telemetry/outbox.hpp>

#include <algorithm>
#include <utility>

namespace simhost::telemetry {

namespace {
constexpr std::size_t entry_bytes = 64;  // what a message costs beside its bytes
constexpr std::uint16_t try_again_later = 1013;
}  // namespace

Outbox::Offered Outbox::offer(const SlotPointer& slot, MessagePointer message) {
  const auto cost = message->body.size() + entry_bytes;
  return offer(Data{0, slot, std::move(message), {}, cost});
}

Outbox::Offered Outbox::offer(const SlotPointer& slot, Plain message) {
  const auto cost = message.bytes->size() + entry_bytes;
  return offer(Data{0, slot, nullptr, std::move(message), cost});
}

Outbox::Offered Outbox::offer(Data data) {
  const std::lock_guard lock(mutex_);
  if (closing_) return {};
  if (data.slot->policy == Policy::newest && data.slot->waits) return replace(data);
  Offered offered;
  offered.dropped = make_room(data.cost);
  if (!fits(data.cost)) {
    if (data.slot->policy == Policy::newest) return offered;
    data.slot->lost += data.weight();
    if (data.slot->dropped) *data.slot->dropped += data.weight();
    offered.dropped += data.weight();
    return offered;
  }
  data.place = next_place_++;
  data.slot->waits = data.slot->policy == Policy::newest;
  data.slot->place = data.place;
  data_bytes_ += data.cost;
  data_.push_back(std::move(data));
  offered.took = Took::queued;
  offered.wake = woken();
  return offered;
}

// The newer message takes the older one's place in the order, even where it is larger: at most one per subscription.
Outbox::Offered Outbox::replace(Data& data) {
  const auto at = std::ranges::lower_bound(data_, data.slot->place, {}, &Data::place);
  data_bytes_ += data.cost - at->cost;
  data.place = at->place;
  *at = std::move(data);
  return {Took::replaced, 0, false};
}

// Whatever the oldest droppable message carried is told with the next message of its subscription.
std::uint64_t Outbox::drop(std::size_t index) {
  const Data& data = data_[index];
  const bool newest = data.slot->policy == Policy::newest;
  const auto weight = newest ? 0 : data.weight();
  data.slot->waits = false;
  data.slot->lost += weight;
  if (data.slot->dropped) *data.slot->dropped += weight;
  data_bytes_ -= data.cost;
  data_.erase(data_.begin() + static_cast<std::ptrdiff_t>(index));
  return weight;
}

std::uint64_t Outbox::make_room(std::size_t cost) {
  std::uint64_t dropped = 0;
  for (std::size_t i = 0; i < data_.size() && !fits(cost);) {
    if (data_[i].slot->policy == Policy::newest)
      ++i;
    else
      dropped += drop(i);
  }
  return dropped;
}

bool Outbox::send(Plain message) {
  const std::lock_guard lock(mutex_);
  if (closing_) return false;
  const auto cost = message.bytes->size() + entry_bytes;
  if (control_bytes_ + cost > bytes_max_) {
    clear();
    closing_ = true;
    close_ = Outgoing::Close{try_again_later, "too many answers and events wait to be read"};
    return woken();
  }
  while (!data_.empty() && data_bytes_ + control_bytes_ + cost > bytes_max_) drop(0);
  control_bytes_ += cost;
  control_.push_back({next_place_++, std::move(message), cost});
  return woken();
}

bool Outbox::close(std::uint16_t code, std::string reason) {
  const std::lock_guard lock(mutex_);
  if (closing_) return false;
  closing_ = true;
  close_ = Outgoing::Close{code, std::move(reason)};
  return woken();
}

void Outbox::forget(const Slot& slot) {
  const std::lock_guard lock(mutex_);
  std::erase_if(data_, [&](const Data& data) {
    if (data.slot.get() != &slot) return false;
    data_bytes_ -= data.cost;
    data.slot->waits = false;
    return true;
  });
}

void Outbox::shut() {
  const std::lock_guard lock(mutex_);
  clear();
  closing_ = true;
  close_.reset();
}

void Outbox::clear() {
  data_.clear();
  control_.clear();
  data_bytes_ = control_bytes_ = 0;
}

bool Outbox::woken() { return std::exchange(asleep_, false); }

void Outbox::pull_data(Outgoing& out) {
  Data& data = data_.front();
  data_bytes_ -= data.cost;
  data.slot->waits = false;
  if (data.message == nullptr) {
    out.kind = data.plain.kind;
    out.body = std::move(data.plain.bytes);
  } else {
    const auto lost = std::exchange(data.slot->lost, 0) + data.message->lost;
    out.kind = data.message->kind();
    out.head = head_of(*data.message, data.slot->id, lost);
    out.body = std::shared_ptr<const std::string>(data.message, &data.message->body);
  }
  data_.pop_front();
}

bool Outbox::next(Outgoing& out) {
  const std::lock_guard lock(mutex_);
  out = {};
  const bool control_first = !control_.empty() && (data_.empty() || control_.front().place < data_.front().place);
  if (control_first) {
    out.kind = control_.front().plain.kind;
    out.body = std::move(control_.front().plain.bytes);
    control_bytes_ -= control_.front().cost;
    control_.pop_front();
    return true;
  }
  if (!data_.empty()) {
    pull_data(out);
    return true;
  }
  if (close_) {
    out.close = std::exchange(close_, std::nullopt);
    return true;
  }
  asleep_ = true;
  return false;
}

std::size_t Outbox::bytes() const {
  const std::lock_guard lock(mutex_);
  return data_bytes_ + control_bytes_;
}

}  // namespace simhost::telemetry
