/// A block of lanes as a host would hold it, and a plugin library as a host would open it.
#pragma once

#include <sim/ext/commands.h>
#include <sim/ext/config.h>
#include <sim/plugin.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace contract {

/// An opened plugin library.
class Library {
 public:
  explicit Library(const std::string& path);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  const sim_entry& entry() const { return *entry_; }
  const sim_model& model(std::string_view id) const;

 private:
  void* handle_ = nullptr;
  const sim_entry* entry_ = nullptr;
};

/// n lanes of a model with start values, and padding to a multiple of 8.
class Block {
 public:
  Block(const sim_model& model, std::uint32_t n, double dt_s = 1e-3);

  std::int32_t prepare() { return model_.prepare == nullptr ? SIM_OK : model_.prepare(nullptr, &step_, &lanes_); }
  std::int32_t reset() { return model_.reset == nullptr ? SIM_OK : model_.reset(nullptr, &step_, &lanes_); }
  /// One tick, then the clocks of all lanes move on.
  std::int32_t step();
  std::int32_t command(std::string_view name, std::uint32_t k, const double* args, double* results);

  double& at(std::string_view variable, std::uint32_t k) { return column(variable)[k]; }
  double* column(std::string_view variable);
  double* work(std::uint32_t place) { return work_[place]; }
  /// Everything a step may change, of one lane.
  std::vector<double> results(std::uint32_t k) const;

  std::uint32_t n() const { return lanes_.n; }
  std::uint32_t capacity() const { return lanes_.capacity; }
  std::vector<std::uint64_t> tick, seed;
  std::vector<double> time_s;
  std::vector<std::uint32_t> lane;
  std::vector<std::int64_t> active;
  std::vector<std::int32_t> status;
  sim_lanes lanes_{};
  sim_step step_{};

 private:
  struct Free {
    void operator()(double* p) const;
  };
  const sim_model& model_;
  std::unique_ptr<double[], Free> memory_;
  std::vector<double*> by_causality_[5], work_, vars_;
};

}  // namespace contract
