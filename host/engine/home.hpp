// A driver with what the control side knows of it: its blocks, and who sits in them.
#pragma once

#include <memory>
#include <vector>

#include <host/engine/driver.hpp>

namespace simhost::engine {

class Seat;

struct Home {
  std::unique_ptr<Driver> driver;
  Pulse::Counter* counter = nullptr;
  std::uint64_t beats_before = 0;  // of the counter, which may have served before
  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<Seat*> seats;

  // The lists a driver is given. They are copies: it swaps them in at a boundary.
  [[nodiscard]] std::vector<Block*> block_list() const;
  [[nodiscard]] std::vector<Track*> track_list() const;
  [[nodiscard]] std::vector<Tap*> tap_list() const;
};

}  // namespace simhost::engine
