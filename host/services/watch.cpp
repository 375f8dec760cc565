// Ticks as a plugin sees them, with nobody connected.
#include <host/services/watch.hpp>

#include <limits>

namespace simhost::services {

namespace {

constexpr double looks_per_s = 60;
constexpr std::int64_t look_ns = 16'000'000;

telemetry::Demand demand_of(std::vector<std::uint32_t> vars, std::uint32_t lanes) {
  return {
      {std::move(vars), telemetry::tiles_of({}, lanes)}, telemetry::Reads::every, looks_per_s, telemetry::Loss::none};
}

}  // namespace

WatchCursor::WatchCursor(telemetry::Pump& pump, TenantPointer tenant, session::SessionPointer session,
                         std::vector<std::uint32_t> vars, Eye eye)
    : Cursor(demand_of(std::move(vars), session->lanes())),
      pump_(pump),
      tenant_(std::move(tenant)),
      session_(std::move(session)),
      eye_(eye) {
  refresh();
}

void WatchCursor::refresh() {
  const auto info = session_->info();
  name_ = info.name.empty() ? info.id : info.name;
  start_wall_ns_ = info.start_wall_ns;
}

void WatchCursor::take(const telemetry::Sample& sample) {
  const std::size_t lanes = session_->lanes(), columns = demand().selection.ids.size();
  columns_.resize(columns);
  for (std::size_t c = 0; c < columns; ++c) columns_[c] = sample.values + c * lanes;
  const sim_view view{sizeof(sim_view),
                      static_cast<std::uint32_t>(lanes),
                      static_cast<std::uint32_t>(columns),
                      0,
                      {name_.data(), name_.size()},
                      start_wall_ns_,
                      sample.tick,
                      sample.time_s,
                      static_cast<double>(session_->step_ns()) * 1e-9,
                      columns_.data()};
  show(&view, sample.lost);
}

void WatchCursor::serve(std::int64_t now_ns, const telemetry::Newest&) {
  if (now_ns != std::numeric_limits<std::int64_t>::max()) next_ns_ = telemetry::next_multiple(now_ns, look_ns);
}

telemetry::Cursor::After WatchCursor::end(telemetry::Ending) {
  show(nullptr, 0);
  return After::gone;
}

// The generation is held for the call: its library cannot go meanwhile.
void WatchCursor::show(const sim_view* now, std::uint64_t lost) {
  const auto generation = tenant_->going() ? nullptr : tenant_->hold();
  if (generation != nullptr && !blind_) return eye_.see(eye_.context, now, lost);
  if (blind_ || now == nullptr) return;
  blind_ = true;
  pump_.remove(session_, this, [] {});
}

}  // namespace simhost::services
