// A store in maps: everything it is given is as durable as it will ever be.
#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include <host/base/json.hpp>
#include <host/store/store.hpp>

namespace simhost::store {

namespace {

class MemoryStore final : public Store {
 public:
  bool write(Changes changes) override {
    const std::lock_guard lock(mutex_);
    if (sealed_) return true;
    for (auto& change : changes.take()) apply(std::move(change));
    return true;
  }

  void committed(std::function<void(Outcome)> done) override { done({}); }
  [[nodiscard]] Outcome health() const override { return {}; }
  void seal() override {
    const std::lock_guard lock(mutex_);
    sealed_ = true;
  }

  Result<std::vector<Document>> load(std::string_view kind) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::uint64_t, Document>> found;
    if (const auto kept = documents_.find(kind); kept != documents_.end())
      for (const auto& [key, row] : kept->second) found.push_back({row.number, {key, parse_json(row.json).value()}});
    std::ranges::sort(found, {}, [](const auto& pair) { return pair.first; });
    std::vector<Document> documents;
    for (auto& [number, document] : found) documents.push_back(std::move(document));
    return documents;
  }

  Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) override {
    const std::lock_guard lock(mutex_);
    const auto kept = blobs_.find(kind);
    if (kept == blobs_.end()) return std::nullopt;
    const auto blob = kept->second.find(key);
    return blob == kept->second.end() ? std::nullopt : std::optional(blob->second);
  }

 private:
  struct Row {
    std::uint64_t number = 0;
    std::string json;
  };
  template <class T>
  using Shelf = std::map<std::string, std::map<std::string, T, std::less<>>, std::less<>>;

  void apply(Changes::Change change) {
    auto& documents = documents_[change.kind];
    switch (change.what) {
      case Changes::What::put: {
        Row& row = documents[change.key];
        if (row.number == 0) row.number = ++numbers_;
        row.json = std::move(change.bytes);
        break;
      }
      case Changes::What::erase:
        documents.erase(change.key);
        break;
      case Changes::What::erase_up_to:
        documents.erase(documents.begin(), documents.upper_bound(change.key));
        break;
      case Changes::What::erase_kind:
        documents.clear();
        blobs_.erase(change.kind);
        break;
      case Changes::What::put_blob:
        blobs_[change.kind][change.key] = std::move(change.bytes);
        break;
      case Changes::What::erase_blob:
        blobs_[change.kind].erase(change.key);
        break;
    }
    if (documents.empty()) documents_.erase(change.kind);
  }

  std::mutex mutex_;
  Shelf<Row> documents_;
  Shelf<std::string> blobs_;
  std::uint64_t numbers_ = 0;
  bool sealed_ = false;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace simhost::store
