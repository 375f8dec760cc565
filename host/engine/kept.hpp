// The values of a session put away: small, and free of any generation of its plugin. What checkpoints are made of.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <host/engine/engine.hpp>

namespace simhost::engine {

// Immutable once made. values: column after column, each of count lanes, or of one value where all lanes have it: most
// parameters of a fleet are the same in all of it.
struct Kept {
  struct Span {
    std::size_t first = 0, count = 0;
  };
  std::vector<Column> columns;
  std::vector<Span> spans;  // of each column, in values
  std::vector<double> values;
  std::uint32_t count = 0;
  std::uint64_t seed = 0;
  std::uint64_t tick = 0;
  std::int64_t dt_ns = 0;
};

Kept keep(const Parcel& parcel, std::uint64_t seed, std::uint64_t tick);

// Lanes of the model with these values, by variable id; what the model has beyond them is at its start. prepare runs on
// them, so the parcel may join a driver as it is. status: what prepare said.
struct Unpacked {
  Parcel parcel;
  std::int32_t status = SIM_OK;
};
Unpacked unpack(const Kept& kept, const std::shared_ptr<const StepModel>& model);

}  // namespace simhost::engine
