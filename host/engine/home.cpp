// The lists of a home.
#include <host/engine/home.hpp>

#include <host/engine/engine.hpp>

namespace simhost::engine {

std::vector<Block*> Home::block_list() const {
  std::vector<Block*> list;
  for (const auto& block : blocks) list.push_back(block.get());
  return list;
}

std::vector<Track*> Home::track_list() const {
  std::vector<Track*> list;
  for (Seat* seat : seats) list.push_back(&seat->track);
  return list;
}

std::vector<Tap*> Home::tap_list() const {
  std::vector<Tap*> list;
  for (const Seat* seat : seats)
    if (seat->tap != nullptr) list.push_back(seat->tap.get());
  return list;
}

}  // namespace simhost::engine
