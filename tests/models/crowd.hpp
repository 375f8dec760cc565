/// A crowd of lanes that differ, and what must change no bit of any of them: packs, CPU levels, a state restored.
#pragma once

#include <deque>

#include <tests/models/lane_block.hpp>

namespace simhost::models_test {

/// furnish: before a lane begins; change: before a tick. at: its slot in the block, k: which of the crowd it is.
struct Crowd {
  std::uint32_t lanes;
  double dt_s;
  int ticks;
  void (*furnish)(Block& block, std::uint32_t at, std::uint32_t k);
  void (*change)(Block& block, std::uint32_t at, std::uint32_t k, int tick);

  void furnish_all(Block& block) const {
    for (std::uint32_t k = 0; k < lanes; ++k) furnish(block, k, k);
  }
  void step(Block& block, int tick) const {
    for (std::uint32_t k = 0; k < lanes; ++k) change(block, k, k, tick);
    ASSERT_NO_FATAL_FAILURE(block.tick());
  }
};

inline void expect_same_lane(Block& a, std::uint32_t lane_a, Block& b, std::uint32_t lane_b, int tick) {
  ASSERT_NO_FATAL_FAILURE(expect_same_bits(a.states(), lane_a, b.states(), lane_b, tick));
  ASSERT_NO_FATAL_FAILURE(expect_same_bits(a.outputs(), lane_a, b.outputs(), lane_b, tick));
}

/// Both go on from that tick, to the same bits.
inline void expect_to_stay_the_same(const Crowd& crowd, Block& a, Block& b, int from_tick) {
  for (int tick = from_tick; tick < crowd.ticks; ++tick) {
    ASSERT_NO_FATAL_FAILURE(crowd.step(a, tick));
    ASSERT_NO_FATAL_FAILURE(crowd.step(b, tick));
    for (std::uint32_t k = 0; k < crowd.lanes; ++k) ASSERT_NO_FATAL_FAILURE(expect_same_lane(a, k, b, k, tick));
  }
}

inline void expect_same_alone_and_in_a_pack(const sim_model& model, const Crowd& crowd) {
  Block packed(model, crowd.lanes, crowd.dt_s);
  std::deque<Block> alone;
  crowd.furnish_all(packed);
  for (std::uint32_t k = 0; k < crowd.lanes; ++k) {
    alone.emplace_back(model, 1, crowd.dt_s);
    crowd.furnish(alone[k], 0, k);
    alone[k].begin();
  }
  packed.begin();
  for (int tick = 0; tick < crowd.ticks; ++tick) {
    ASSERT_NO_FATAL_FAILURE(crowd.step(packed, tick));
    for (std::uint32_t k = 0; k < crowd.lanes; ++k) {
      crowd.change(alone[k], 0, k, tick);
      ASSERT_NO_FATAL_FAILURE(alone[k].tick());
      ASSERT_NO_FATAL_FAILURE(expect_same_lane(packed, k, alone[k], 0, tick));
    }
  }
}

/// The files of the same plugin for any CPU and for one with AVX2.
inline void expect_same_on_every_cpu_level(const char* any, const char* avx2, const Crowd& crowd) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "no AVX2 here";
  const Library plain(any), v3(avx2);
  ASSERT_TRUE(plain.is_open() && v3.is_open());
  Block a(plain.model(), crowd.lanes, crowd.dt_s), b(v3.model(), crowd.lanes, crowd.dt_s);
  for (Block* block : {&a, &b}) {
    crowd.furnish_all(*block);
    block->begin();
  }
  expect_to_stay_the_same(crowd, a, b, 0);
}

/// What a model needs to go on; a checkpoint has the outputs too.
enum class Needs { state, state_and_outputs };

/// A checkpoint holds everything: inputs, parameters, what the model needs, and time are copied into a new block at
/// that tick, which is prepared and goes on.
inline void expect_same_after_a_restore(const sim_model& model, const Crowd& crowd, int at_tick, Needs needs) {
  Block first(model, crowd.lanes, crowd.dt_s), second(model, crowd.lanes, crowd.dt_s);
  crowd.furnish_all(first);
  crowd.furnish_all(second);  // seeds and places, which a checkpoint has beside the values
  first.begin();
  for (int tick = 0; tick < at_tick; ++tick) ASSERT_NO_FATAL_FAILURE(crowd.step(first, tick));
  const auto copy = [](const std::vector<double*>& from, const std::vector<double*>& to) {
    for (std::size_t v = 0; v < from.size(); ++v) std::memcpy(to[v], from[v], sizeof(double) * capacity);
  };
  copy(first.parameters(), second.parameters());
  copy(first.inputs(), second.inputs());
  copy(first.states(), second.states());
  if (needs == Needs::state_and_outputs) copy(first.outputs(), second.outputs());
  second.set_tick(static_cast<std::uint64_t>(at_tick));
  second.tune();
  expect_to_stay_the_same(crowd, first, second, at_tick);
}

}  // namespace simhost::models_test
