// Judges the values of one session by its rules, a tick at a time: arithmetic alone, no thread, no clock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <host/rules/rule.hpp>
#include <host/telemetry/batch.hpp>
#include <host/telemetry/selection.hpp>

namespace simhost::rules {

// What a rule knows of a lane from tick to tick.
struct LaneState {
  bool active = false;                         // an alert stands
  std::uint64_t since_tick = engine::no_tick;  // it holds since then, without an alert yet
  double counter = 0;                          // of `on`, as last seen
  bool counted = false;                        // counter is known
  std::vector<double> past;                    // of change: the last values, oldest first
  double change = 0;                           // of change: by how much, at the last look
};

// What is found at a tick.
struct Finding {
  enum class What : std::uint8_t { raised, cleared, pulse };
  What what = What::raised;
  const Rule* rule = nullptr;
  std::uint32_t lane = 0;
  double value = 0, limit = 0;
  std::uint64_t tick = 0;
  double time_s = 0;
  double change = 0;         // of change, without sign
  std::vector<double> with;  // as the rule names them
};

using RulePointer = std::shared_ptr<const Rule>;
using RuleStates = std::map<RulePointer, std::vector<LaneState>>;  // a state per lane of the session

class Judge {
 public:
  // rules by creation; those whose variables the model has not are left out. before: states of the same rules.
  Judge(std::span<const RulePointer> rules, const session::Model& model, std::uint32_t lanes, double step_s,
        RuleStates before);

  // What take() is to be given.
  [[nodiscard]] const telemetry::Selection& selection() const noexcept { return selection_; }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

  // Adds what is found, by rule and lane. A tick that was judged before is left out; one that lies before the last
  // one (a reset, a restore) begins anew.
  void take(const telemetry::Sample& sample, std::vector<Finding>& findings);

  [[nodiscard]] RuleStates take_states();

 private:
  struct Item {
    RulePointer rule;
    std::size_t variable = 0, on = 0;  // places in the selection
    bool has_on = false;
    std::vector<std::size_t> with;  // places in the selection
    double on_start = 0;
    std::vector<std::uint32_t> lanes;
    std::vector<LaneState> states;  // a state per lane of the session
    std::vector<std::uint8_t> judged, hits;
  };
  void look(Item& item, const telemetry::Sample& sample);
  void yield_to_first();
  void conclude(Item& item, const telemetry::Sample& sample, std::vector<Finding>& findings);
  void begin_anew();
  std::size_t place_of(std::uint32_t id);

  std::vector<Item> items_;
  std::vector<std::vector<Item*>> groups_;  // each by order
  telemetry::Selection selection_;
  std::uint32_t lanes_;
  double step_s_;
  std::uint64_t last_tick_ = engine::no_tick;
};

}  // namespace simhost::rules
