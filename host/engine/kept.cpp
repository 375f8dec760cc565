// Putting values away and taking them out again.
#include <host/engine/kept.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace simhost::engine {

namespace {

// By bits: 0 and -0 are two values.
bool is_uniform(const double* column, std::size_t count) {
  return std::all_of(column, column + count,
                     [&](const double& value) { return std::memcmp(&value, column, sizeof value) == 0; });
}

}  // namespace

Kept keep(const Parcel& parcel, std::uint64_t seed, std::uint64_t tick) {
  const Block& lanes = *parcel.lanes;
  Kept kept{lanes.model().columns, {}, {}, parcel.count, seed, tick, lanes.dt_ns()};
  std::size_t all = 0;
  for (std::uint32_t c = 0; c < lanes.model().n_columns(); ++c) {
    const std::size_t count = is_uniform(lanes.column(c), kept.count) ? 1 : kept.count;
    kept.spans.push_back({std::exchange(all, all + count), count});
  }
  kept.values.reserve(all);  // of many lanes it is tens of megabytes: to grow into it would copy them over and over
  for (std::uint32_t c = 0; c < lanes.model().n_columns(); ++c)
    kept.values.insert(kept.values.end(), lanes.column(c), lanes.column(c) + kept.spans[c].count);
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
    const auto [first, count] = kept.spans[static_cast<std::size_t>(at - kept.columns.begin())];
    if (count == 1)
      std::fill_n(lanes.column(c), kept.count, kept.values[first]);
    else
      std::copy_n(kept.values.data() + first, count, lanes.column(c));
  }
  for (std::uint32_t k = 0; k < kept.count; ++k) {
    lanes.tick[k] = kept.tick;
    lanes.time_s[k] = static_cast<double>(kept.tick) * lanes.step_info().dt_s;
  }
  out.status = Engine::prepare(out.parcel, Track::Lanes::kept);
  return out;
}

}  // namespace simhost::engine
