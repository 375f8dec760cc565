// A small model behind a plain C table, for tests of the engine: exact in its arithmetic, easy to predict.
#pragma once

#include <memory>

#include <host/engine/step_model.hpp>
#include <host/session/model.hpp>

namespace simhost::support {

// Variables by id. output `sum` (3) adds input `rate` (1) times parameter `gain` (2) times dt each tick; state
// `sum_state` (4) keeps it, `seen` (5) the tick. With input `fault` (6) 1 the lane reports ERROR, 2 DISCARD, 3 writes
// NaN, 4 FATAL.
inline constexpr std::uint32_t rate_id = 1, gain_id = 2, sum_id = 3, sum_state_id = 4, seen_id = 5, fault_id = 6,
                               label_id = 7;

// A fresh model; every call makes another "generation". work[0] holds 2 * gain, made by prepare.
std::shared_ptr<const engine::StepModel> make_counter_model();
session::ModelPointer make_counter(std::uint64_t generation = 1);

// How often prepare has run on any lane so far.
int prepare_calls();

}  // namespace simhost::support
