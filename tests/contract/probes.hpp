/// The probe library, and lanes of its motor that differ: what the tests of the skin have in common.
#pragma once

#include <tests/contract/block.hpp>

#include <bit>

namespace contract {

inline const Library& baseline() {
  static const Library library(SIM_PROBE_BASELINE);
  return library;
}

inline std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> all;
  for (double v : values) all.push_back(std::bit_cast<std::uint64_t>(v));
  return all;
}

/// Lane k gets inputs, parameters and a seed of its own.
inline void vary_motor(Block& block, std::uint32_t k, std::uint32_t as) {
  block.at("voltage_v", k) = 5 + 0.37 * as;
  block.at("load_nm", k) = 0.01 * (as % 7);
  block.at("resistance_ohm", k) = 0.5 + 0.01 * (as % 13);
  block.at("brake", k) = as % 5 == 4 ? 1 : 0;
  block.seed[k] = 1000 + as;
  block.lane[k] = as;
}

}  // namespace contract
