// Putting values away and taking them out again.
#include <host/engine/kept.hpp>

#include <algorithm>

namespace simhost::engine {

Kept keep(const Parcel& parcel, std::uint64_t seed, std::uint64_t tick) {
  const Block& lanes = *parcel.lanes;
  Kept kept{lanes.model().columns, {}, parcel.count, seed, tick, lanes.dt_ns()};
  kept.values.reserve(kept.columns.size() * kept.count);
  for (std::uint32_t c = 0; c < lanes.model().n_columns(); ++c)
    kept.values.insert(kept.values.end(), lanes.column(c), lanes.column(c) + kept.count);
  return kept;
}

Unpacked unpack(const Kept& kept, const std::shared_ptr<const StepModel>& model) {
  Unpacked out{Engine::make_parcel(model, kept.dt_ns, kept.count, kept.seed)};
  Block& lanes = *out.parcel.lanes;
  for (std::uint32_t c = 0; c < model->n_columns(); ++c) {
    const auto same = [&](const Column& k) {
      return k.id == model->columns[c].id && k.causality == model->columns[c].causality;
    };
    const auto at = std::ranges::find_if(kept.columns, same);
    if (at == kept.columns.end()) continue;
    const auto from = kept.values.begin() + (at - kept.columns.begin()) * std::ptrdiff_t{kept.count};
    std::copy_n(from, kept.count, lanes.column(c));
  }
  for (std::uint32_t k = 0; k < kept.count; ++k) {
    lanes.tick[k] = kept.tick;
    lanes.time_s[k] = static_cast<double>(kept.tick) * lanes.step_info().dt_s;
  }
  out.status = Engine::prepare(out.parcel, Track::Lanes::kept);
  return out;
}

}  // namespace simhost::engine
