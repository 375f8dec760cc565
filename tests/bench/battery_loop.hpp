// The batteries' arithmetic in a plain loop, one lane after the other, as a neighbour for the host's.
#pragma once

#include <cstddef>
#include <memory>

namespace simhost::bench {

// Batteries on float with meter noise, each lane its own object.
class BatteryLoop {
 public:
  virtual ~BatteryLoop() = default;
  virtual void tick() = 0;  // one step of 1 s of every lane
  [[nodiscard]] virtual double voltage_v(std::size_t lane) const = 0;
};

std::unique_ptr<BatteryLoop> battery_loop(std::size_t lanes);

}  // namespace simhost::bench
