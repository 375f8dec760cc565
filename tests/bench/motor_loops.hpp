// The motor's arithmetic in plain loops, as neighbours for the host's: one lane after the other, and in packs of four.
#pragma once

#include <cstddef>
#include <memory>

namespace simhost::bench {

// Motors at 2000 rpm against 5 N.m; each lane its own object (scalar) or four lanes side by side (pack).
class MotorLoop {
 public:
  virtual ~MotorLoop() = default;
  virtual void tick() = 0;  // one step of 1 ms of every lane
  [[nodiscard]] virtual double speed_rpm(std::size_t lane) const = 0;
};

// exact: the integrator the plugin uses; else RK4 with ten sub-steps.
enum class Integrator { exact, rk4 };
std::unique_ptr<MotorLoop> scalar_loop(std::size_t lanes, Integrator integrator);
std::unique_ptr<MotorLoop> pack_loop(std::size_t lanes, Integrator integrator);  // compiled for AVX2

}  // namespace simhost::bench
