// What replaces what while it waits.
#include <host/store/queue.hpp>

#include <utility>

namespace simhost::store {

namespace {

using What = Changes::What;

std::size_t size_of(const Changes::Change& change) {
  return sizeof(change) + change.kind.size() + change.key.size() + change.bytes.size();
}

bool is_blob(What what) { return what == What::put_blob || what == What::erase_blob; }

std::string place_of(const Changes::Change& change) {
  std::string place = is_blob(change.what) ? "b" : "d";
  place.append(change.kind).push_back('\0');
  return place.append(change.key);
}

}  // namespace

bool Queue::add(std::vector<Changes::Change> changes) {
  std::size_t more = 0;
  for (const auto& change : changes) more += size_of(change);
  if (!empty() && (bytes_ + more > bounds_.bytes || list_.size() + changes.size() > bounds_.changes)) return false;
  for (auto& change : changes) add_one(std::move(change));
  return true;
}

// A put over a put, or a blob over a blob, takes its place: the group is committed as one, so nobody sees the other. A
// document that was erased is a new one when it comes again, and stands last.
void Queue::add_one(Changes::Change change) {
  if (change.what == What::erase_kind || change.what == What::erase_up_to) {
    last_.clear();
  } else {
    const auto [at, fresh] = last_.try_emplace(place_of(change), list_.size());
    if (!fresh) {
      auto& before = list_[at->second];
      if (before.what == change.what || is_blob(change.what)) {
        bytes_ -= size_of(before);
        bytes_ += size_of(change);
        before = std::move(change);
        return;
      }
      at->second = list_.size();
    }
  }
  bytes_ += size_of(change);
  list_.push_back(std::move(change));
}

std::vector<Changes::Change> Queue::take() {
  bytes_ = 0;
  last_.clear();
  return std::exchange(list_, {});
}

}  // namespace simhost::store
