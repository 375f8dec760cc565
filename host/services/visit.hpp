// A call of sim.sessions under way: who calls, and the session it names.
#pragma once

#include <host/services/answers.hpp>
#include <host/services/await.hpp>
#include <host/services/services.hpp>
#include <host/services/tenant.hpp>

namespace simhost::services {

struct Visit {
  TenantPointer tenant;             // null: no host of ours
  session::SessionPointer session;  // null: dead, or of another plugin's model
  session::ModelPointer model;      // of the session

  Visit(const sim_host* host, std::uint64_t handle) : tenant(tenant_of(host)) {
    if (tenant == nullptr) return;
    auto found = tenant->services->registry().find_handle(handle);
    if (found == nullptr || found->ended()) return;
    model = found->model();
    if (model->plugin == tenant->plugin) session = std::move(found);
  }
  [[nodiscard]] session::Registry& registry() const { return tenant->services->registry(); }
  [[nodiscard]] int timeout_ms() const { return tenant->services->answer_timeout_ms(); }
};

inline sim_status no_host(sim_error* error) {
  return say(error, SIM_INVALID_ARG, "invalid_argument", "this is no host");
}
inline sim_status no_session(sim_error* error) {
  return say(error, SIM_WRONG_STATE, "not_found", "the session has ended or belongs to another plugin");
}
inline sim_status bad(sim_error* error, std::string_view message) {
  return say(error, SIM_INVALID_ARG, "invalid_argument", message);
}

// The functions of the table that move values; see sessions_table.cpp for the others.
std::int32_t read_session(const sim_host* host, std::uint64_t session, const std::uint32_t* vars, std::uint32_t n_vars,
                          std::uint32_t first_lane, std::uint32_t n_lanes, double* values, std::uint64_t* tick,
                          sim_error* error) noexcept;
std::int32_t write_session_lanes(const sim_host* host, std::uint64_t session, const std::uint32_t* vars,
                                 const double* values, std::uint32_t n_vars, const std::uint32_t* lanes,
                                 std::uint32_t n_lanes, std::uint64_t* applied_tick, sim_error* error) noexcept;
std::int32_t write_session(const sim_host* host, std::uint64_t session, const std::uint32_t* vars, const double* values,
                           std::uint32_t n_vars, std::uint32_t lane, std::uint64_t* applied_tick,
                           sim_error* error) noexcept;
std::int32_t command_session(const sim_host* host, std::uint64_t session, const char* name, std::uint32_t lane,
                             const double* args, double* results, std::uint64_t* applied_tick,
                             sim_error* error) noexcept;

}  // namespace simhost::services
