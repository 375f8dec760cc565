// A plugin's function that sees every tick of a session.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sim/ext/sessions.h>
#include <host/services/tenant.hpp>
#include <host/telemetry/pump.hpp>

namespace simhost::services {

// Calls it on the pump's thread while the generation it belongs to is in service; then it takes itself out.
class WatchCursor final : public telemetry::Cursor {
 public:
  struct Eye {
    sim_watcher see = nullptr;
    void* context = nullptr;
  };
  WatchCursor(telemetry::Pump& pump, TenantPointer tenant, session::SessionPointer session,
              std::vector<std::uint32_t> vars, Eye eye);

  [[nodiscard]] std::int64_t due_ns() const override { return next_ns_; }
  void take(const telemetry::Sample& sample) override;
  void serve(std::int64_t now_ns, const telemetry::Newest& newest) override;
  After end(telemetry::Ending ending) override;
  void refresh() override;

 private:
  void show(const sim_view* now, std::uint64_t lost);

  telemetry::Pump& pump_;
  TenantPointer tenant_;
  session::SessionPointer session_;
  Eye eye_;
  std::string name_;
  std::int64_t start_wall_ns_ = 0, next_ns_ = 0;
  std::vector<const double*> columns_;
  bool blind_ = false;  // its generation is gone
};

}  // namespace simhost::services
