// Runs free and manual drivers as short slices of low-priority work, so that no real-time tick waits long for one.
#pragma once

#include <atomic>

#include <host/engine/driver.hpp>

namespace simhost::engine {

class Slices final : public Runner {
 public:
  // slots: how many slices may run at once.
  explicit Slices(int slots);
  ~Slices() override;  // waits until no slice runs or is queued

  void wake(Driver& driver) noexcept override;  // [any]
  // Returns once no slice of driver runs or is queued; nothing may be posted to it meanwhile, nor may it move.
  void retire(Driver& driver) noexcept;

 private:
  static void run(void* driver) noexcept;
  void slice(Driver& driver) noexcept;
  void schedule(Driver& driver) noexcept;

 public:
  [[nodiscard]] Stepper& stepper() noexcept { return stepper_; }  // for the drivers it runs

 private:
  Stepper stepper_;
  std::atomic<int> under_way_{0};
};

}  // namespace simhost::engine
