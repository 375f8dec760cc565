// The stores that the common tests run against, each made afresh.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <host/store/store.hpp>

namespace simhost::store {

// A store with whatever it stands on.
class OpenStore {
 public:
  virtual ~OpenStore() = default;
  [[nodiscard]] virtual Store& store() = 0;
};

struct StoreMaker {
  std::string name;
  std::function<std::unique_ptr<OpenStore>()> make;
};

class OpenMemoryStore final : public OpenStore {
 public:
  [[nodiscard]] Store& store() override { return *store_; }

 private:
  std::unique_ptr<Store> store_ = make_memory_store();
};

inline std::vector<StoreMaker> store_makers() {
  return {{"memory", [] { return std::make_unique<OpenMemoryStore>(); }}};
}

inline Outcome wait_committed(Store& store) {
  std::promise<Outcome> done;
  store.committed([&](Outcome outcome) { done.set_value(std::move(outcome)); });
  return done.get_future().get();
}

}  // namespace simhost::store
