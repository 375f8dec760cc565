/// Recordings of the plugin's own sessions as C++ sees them.
#pragma once

#include <sim/ext/recordings.h>
#include <sim/cpp/host.hpp>

namespace sim::inline sdk_v1_0 {

/// All [io]; they wait for the disk.
class Recordings {
 public:
  explicit Recordings(const sim_host* host) noexcept
      : host_(host), api_(extension<sim_recordings>(host, SIM_RECORDINGS)) {}

  /// body: that of POST /v1/sessions/{id}/recordings. From the answer on no tick goes by unseen.
  Result<sim_recording_info> start(std::uint64_t session, std::string_view body) const noexcept {
    return detail::ask<sim_recording_info>(api_, [&](auto& r) {
      r.value.size = sizeof(sim_recording_info);
      return api_->start(host_, session, text_of(body), &r.value, &r.error);
    });
  }
  Result<sim_recording_info> stop(std::string_view id) const noexcept {
    return detail::ask<sim_recording_info>(api_, [&](auto& r) {
      r.value.size = sizeof(sim_recording_info);
      return api_->stop(host_, text_of(id), &r.value, &r.error);
    });
  }
  Result<Done> remove(std::string_view id) const noexcept {
    return detail::ask<Done>(api_, [&](auto& r) { return api_->remove(host_, text_of(id), &r.error); });
  }
  /// The newest of a session, by its id or name.
  Result<sim_recording_info> find_of(std::string_view session) const noexcept {
    return detail::ask<sim_recording_info>(api_, [&](auto& r) {
      r.value.size = sizeof(sim_recording_info);
      return api_->find(host_, {nullptr, 0}, text_of(session), &r.value);
    });
  }
  /// `visit(const sim_rows&)` gets the rows from from_row on, oldest first, in pieces; false: that is enough.
  template <class F>
  Result<Done> read(std::string_view id, std::span<const std::uint32_t> vars, std::uint64_t from_row, F visit) const {
    return detail::ask<Done>(api_, [&](auto& r) {
      return api_->read(host_, text_of(id), vars.data(), static_cast<std::uint32_t>(vars.size()), from_row, &call<F>,
                        &visit, &r.error);
    });
  }

 private:
  template <class F>
  static int32_t call(void* context, const sim_rows* rows) noexcept {
    try {
      return (*static_cast<F*>(context))(*rows) ? SIM_OK : SIM_DISCARD;
    } catch (...) {
      return SIM_ERROR;
    }
  }
  const sim_host* host_;
  const sim_recordings* api_;
};

}  // namespace sim::inline sdk_v1_0
