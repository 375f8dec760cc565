// Errors of the host in the words of the ABI.
#include <host/services/answers.hpp>

#include <host/base/codes.hpp>

namespace simhost::services {

sim_status status_for(const Error& error) noexcept {
  if (error.code == "wrong_state" || error.code == "tick_passed" || error.code == "in_use" || error.code == "not_found")
    return SIM_WRONG_STATE;
  if (error.code == "command_refused" || error.code == "discarded") return SIM_DISCARD;
  const int status = status_of(error);
  if (status == 429 || status == 503 || error.code == "busy") return SIM_BUSY;
  if (status == 501) return SIM_UNSUPPORTED;
  return status >= 500 ? SIM_ERROR : SIM_INVALID_ARG;
}

sim_status say(sim_error* out, sim_status status, std::string_view code, std::string_view message) noexcept {
  sim_error own{};
  own.status = status;
  copy_text(own.code, code);
  copy_text(own.message, message);
  static_cast<void>(give(out, own, sizeof(own.size) + sizeof(own.status)));
  return status;
}

sim_status say(sim_error* out, const Error& error) noexcept {
  const sim_status status = status_for(error);
  if (error.errors.empty()) return say(out, status, error.code, error.detail);
  const FieldError& first = error.errors.front();
  const bool general = error.code == "validation_failed";
  return say(out, status, general ? first.code : error.code, first.detail.empty() ? error.detail : first.detail);
}

}  // namespace simhost::services
