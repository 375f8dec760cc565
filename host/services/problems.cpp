// Between Error and sim_problem.
#include <host/services/problems.hpp>

#include <algorithm>
#include <cstring>

#include <host/base/codes.hpp>
#include <host/base/limits.hpp>
#include <host/base/utf8.hpp>
#include <host/services/answers.hpp>

namespace simhost::services {

namespace {

constexpr std::size_t code_bytes_max = 64;

sim_field_error borrowed(const FieldError& from) {
  sim_field_error field{};
  field.size = sizeof(field);
  if (from.min) field.flags |= SIM_HAS_MIN;
  if (from.max) field.flags |= SIM_HAS_MAX;
  field.pointer = text_of(from.pointer);
  field.code = text_of(from.code);
  field.detail = text_of(from.detail);
  field.input = text_of(from.input);
  field.min = from.min.value_or(0);
  field.max = from.max.value_or(0);
  return field;
}

std::string readable(sim_text text, std::size_t bytes_max) {
  std::string out(view(text).substr(0, bytes_max));
  for (std::size_t bad = first_bad_utf8(out); bad < out.size(); bad = first_bad_utf8(out)) out[bad] = '?';
  return out;
}

// Fields of a later version of the ABI are larger; their size is the stride.
std::vector<FieldError> fields_of(const sim_problem& problem) {
  std::vector<FieldError> fields;
  if (problem.errors == nullptr || problem.errors->size < sizeof(sim_field_error)) return fields;
  const auto* place = reinterpret_cast<const char*>(problem.errors);
  const std::size_t stride = problem.errors->size;
  const std::size_t count = std::min<std::size_t>(problem.n_errors, limits::listed_errors);
  for (std::size_t i = 0; i < count; ++i, place += stride) {
    sim_field_error from{};
    std::memcpy(&from, place, sizeof(from));
    FieldError field{readable(from.pointer, limits::http_target_bytes), readable(from.code, code_bytes_max),
                     readable(from.detail, limits::plugin_text_bytes)};
    if ((from.flags & SIM_HAS_MIN) != 0) field.min = from.min;
    if ((from.flags & SIM_HAS_MAX) != 0) field.max = from.max;
    field.input = readable(from.input, limits::error_input_bytes);
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

ProblemView::ProblemView(const Error& error) {
  for (const FieldError& field : error.errors) fields_.push_back(borrowed(field));
  problem_.size = sizeof(problem_);
  problem_.status = status_of(error);
  problem_.code = text_of(error.code);
  problem_.detail = text_of(error.detail);
  problem_.errors = fields_.empty() ? nullptr : fields_.data();
  problem_.n_errors = static_cast<std::uint32_t>(fields_.size());
  problem_.retry_after_s = static_cast<std::uint32_t>(std::max(0, error.retry_after_s));
}

Error error_of(const sim_problem* problem) {
  if (problem == nullptr || problem->size < sizeof(sim_problem))
    return Error{"plugin_error", "the plugin reported a problem that cannot be read"};
  Error error{readable(problem->code, code_bytes_max), readable(problem->detail, limits::plugin_text_bytes),
              fields_of(*problem)};
  if (error.code.empty()) error.code = "plugin_error";
  error.status = problem->status >= 400 && problem->status <= 599 ? problem->status : 500;
  error.retry_after_s = static_cast<int>(std::min(problem->retry_after_s, 86'400U));
  return error;
}

}  // namespace simhost::services
