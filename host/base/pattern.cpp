// Running of compiled patterns: one pass over the text, each instruction at most once per character.
#include <host/base/pattern.hpp>

#include <vector>

#include <host/base/pattern_program.hpp>

namespace simhost {
namespace base {
namespace {

class Run {
 public:
  Run(const PatternProgram& program, std::string_view text)
      : program_(program), text_(text), seen_(program.steps.size(), 0) {}

  bool matches() {
    std::size_t at = 0;
    while (true) {
      ++turn_;
      // Threads that live on come first; a new one starts at each place, as the match may begin anywhere.
      for (const std::uint32_t step : arriving_) add(step, at);
      add(0, at);
      if (matched_ || at >= text_.size()) return matched_;
      const char32_t c = next_char(text_, at);
      arriving_.clear();
      for (const std::uint32_t step : waiting_) {
        if (program_.sets[program_.steps[step].a].holds(c)) arriving_.push_back(step + 1);
      }
      waiting_.clear();
    }
  }

 private:
  // Follows a thread to the characters it waits for.
  void add(std::uint32_t first, std::size_t at) {
    pending_.assign(1, first);
    while (!pending_.empty()) {
      const std::uint32_t index = pending_.back();
      pending_.pop_back();
      if (seen_[index] == turn_) continue;
      seen_[index] = turn_;
      follow(index, at);
    }
  }

  void follow(std::uint32_t index, std::size_t at) {
    const PatternStep& step = program_.steps[index];
    switch (step.op) {
      case PatternOp::set:
        waiting_.push_back(index);
        return;
      case PatternOp::split:
        pending_.push_back(step.b);
        pending_.push_back(step.a);
        return;
      case PatternOp::jump:
        pending_.push_back(step.a);
        return;
      case PatternOp::begin:
        if (at == 0) pending_.push_back(index + 1);
        return;
      case PatternOp::end:
        if (at == text_.size()) pending_.push_back(index + 1);
        return;
      case PatternOp::match:
        matched_ = true;
        return;
    }
  }

  const PatternProgram& program_;
  std::string_view text_;
  std::vector<std::size_t> seen_;  // the turn in which each step was last added
  std::size_t turn_ = 0;
  std::vector<std::uint32_t> waiting_, arriving_, pending_;
  bool matched_ = false;
};

}  // namespace
}  // namespace base

bool Pattern::matches(std::string_view text) const { return base::Run(*program_, text).matches(); }

}  // namespace simhost
