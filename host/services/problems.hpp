// Errors of the host as plugins see them, and what plugins report as errors of the host.
#pragma once

#include <vector>

#include <sim/abi.h>
#include <host/base/error.hpp>

namespace simhost::services {

// A sim_problem that borrows all texts of an error; both stay where they are while it is used.
class ProblemView {
 public:
  explicit ProblemView(const Error& error);
  ProblemView(const ProblemView&) = delete;
  ProblemView& operator=(const ProblemView&) = delete;
  [[nodiscard]] const sim_problem* get() const noexcept { return &problem_; }

 private:
  std::vector<sim_field_error> fields_;
  sim_problem problem_{};
};

// A plugin's own problem, gated: a faulty status becomes 500, an empty code plugin_error, lists are cut.
Error error_of(const sim_problem* problem);

}  // namespace simhost::services
