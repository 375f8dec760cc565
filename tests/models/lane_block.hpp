/// Lanes of a model as a host would hold them, and a plugin's library as a host would open it, for tests without one.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include <sim/plugin.h>

namespace simhost::models_test {

inline constexpr std::uint32_t capacity = 16;

/// Sixteen lanes of the model as a host would hold them, at start values.
class Block {
 public:
  explicit Block(const sim_model& model, std::uint32_t lanes, double dt_s = 1e-3) : model_(model), lanes_(lanes) {
    for (std::uint32_t v = 0; v < model.desc->n_vars; ++v) {
      const sim_var& var = model.desc->vars[v];
      columns_[var.causality].push_back(add(var.start));
    }
    for (std::uint32_t n = 0; n < model.desc->n_work; ++n) columns_[0].push_back(add(0));
    for (auto& kind : columns_) {
      std::vector<double*>& pointers = pointers_.emplace_back();
      for (const std::size_t place : kind) pointers.push_back(store_[place].data());
    }
    active_.fill(-1);
    step_ = {sizeof(sim_step), 0, static_cast<std::int64_t>(dt_s * 1e9 + 0.5), dt_s, 0};
  }

  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  std::vector<double*>& inputs() { return pointers_[SIM_INPUT]; }
  std::vector<double*>& parameters() { return pointers_[SIM_PARAMETER]; }
  std::vector<double*>& states() { return pointers_[SIM_STATE]; }
  std::vector<double*>& outputs() { return pointers_[SIM_OUTPUT]; }
  double* find(const char* name) {
    std::array<std::size_t, 5> place{};
    for (std::uint32_t v = 0; v < model_.desc->n_vars; ++v) {
      const sim_var& var = model_.desc->vars[v];
      if (std::strcmp(var.name, name) == 0) return pointers_[var.causality][place[var.causality]];
      ++place[var.causality];
    }
    ADD_FAILURE() << "no variable " << name;
    return nullptr;
  }
  void set_seed(std::uint64_t seed) { seeds_.fill(seed); }
  void set_seed_of(std::uint32_t at, std::uint64_t seed) { seeds_[at] = seed; }
  /// Place of the lane in its session, which need not be its place here.
  void set_lane(std::uint32_t at, std::uint32_t lane) { lane_[at] = lane; }
  void set_tick(std::uint64_t tick) { ticks_.fill(tick); }
  void set_active(std::uint32_t lane, bool on) { active_[lane] = on ? -1 : 0; }

  void begin() {
    const sim_lanes view = lanes();
    model_.reset(nullptr, &step_, &view);
    tune();
  }
  void tune() {
    const sim_lanes view = lanes();
    if (model_.prepare != nullptr) model_.prepare(nullptr, &step_, &view);
  }
  void tick() {
    const sim_lanes view = lanes();
    ASSERT_EQ(model_.step(nullptr, &step_, &view), SIM_OK);
    for (std::uint32_t k = 0; k < lanes_; ++k) ASSERT_EQ(status_[k], SIM_OK) << k;
    for (std::uint32_t k = 0; k < lanes_; ++k) times_[k] = static_cast<double>(++ticks_[k]) * step_.dt_s;
  }
  sim_lanes lanes() {
    return {sizeof(sim_lanes),
            lanes_,
            capacity,
            0,
            pointers_[SIM_INPUT].data(),
            pointers_[SIM_OUTPUT].data(),
            pointers_[SIM_PARAMETER].data(),
            pointers_[SIM_STATE].data(),
            pointers_[0].data(),
            ticks_.data(),
            times_.data(),
            seeds_.data(),
            lane_.data(),
            active_.data(),
            status_.data()};
  }

 private:
  std::size_t add(double value) {
    store_.emplace_back().fill(value);
    return store_.size() - 1;
  }

  const sim_model& model_;
  std::uint32_t lanes_;
  sim_step step_{};
  std::vector<std::array<double, capacity>> store_;
  std::array<std::vector<std::size_t>, 5> columns_;
  std::vector<std::vector<double*>> pointers_;
  std::array<std::uint64_t, capacity> ticks_{}, seeds_{};
  std::array<double, capacity> times_{};
  std::array<std::uint32_t, capacity> lane_{};
  std::array<std::int64_t, capacity> active_{};
  std::array<std::int32_t, capacity> status_{};
};

inline void expect_same_bits(const std::vector<double*>& a, std::uint32_t lane_a, const std::vector<double*>& b,
                             std::uint32_t lane_b, int tick) {
  for (std::size_t v = 0; v < a.size(); ++v)
    ASSERT_EQ(std::memcmp(a[v] + lane_a, b[v] + lane_b, sizeof(double)), 0)
        << "column " << v << ", lane " << lane_a << ", tick " << tick << ": " << a[v][lane_a] << " " << b[v][lane_b];
}

/// A plugin's library and its model, as the host finds it.
class Library {
 public:
  explicit Library(const char* path) : handle_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) ADD_FAILURE() << dlerror();
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    if (handle_ != nullptr) dlclose(handle_);
  }
  const sim_model& model() const {
    const auto entry = reinterpret_cast<sim_entry_function>(dlsym(handle_, SIM_ENTRY_SYMBOL));
    const auto* factory = static_cast<const sim_model_factory*>(entry()->get_factory(SIM_MODEL_FACTORY));
    return *factory->models[0];
  }
  bool is_open() const { return handle_ != nullptr; }

 private:
  void* handle_;
};

}  // namespace simhost::models_test
