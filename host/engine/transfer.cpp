// Copies lanes between blocks by variable id.
#include <host/engine/transfer.hpp>

#include <cstring>

namespace simhost::engine {

IdMap map_by_id(const StepModel& from, const StepModel& to) {
  IdMap map;
  for (std::uint32_t t = 0; t < to.n_columns(); ++t)
    for (std::uint32_t f = 0; f < from.n_columns(); ++f)
      if (from.columns[f].id == to.columns[t].id && from.columns[f].causality == to.columns[t].causality)
        map.columns.push_back({f, t});
  map.carry_work = from.generation == to.generation && from.instance == to.instance && from.n_work == to.n_work;
  return map;
}

void transfer(const Block& from, std::uint32_t from_first, Block& to, std::uint32_t to_first, std::uint32_t count,
              const IdMap& map) noexcept {
  const std::size_t bytes = count * sizeof(double);
  for (const auto& pair : map.columns)
    std::memcpy(to.column(pair.to) + to_first, from.column(pair.from) + from_first, bytes);
  if (map.carry_work)
    for (std::uint32_t w = 0; w < from.model().n_work; ++w)
      std::memcpy(to.work(w) + to_first, from.work(w) + from_first, bytes);
  std::memcpy(to.tick + to_first, from.tick + from_first, bytes);
  std::memcpy(to.time_s + to_first, from.time_s + from_first, bytes);
  std::memcpy(to.seed + to_first, from.seed + from_first, bytes);
  std::memcpy(to.lane + to_first, from.lane + from_first, count * sizeof(std::uint32_t));
}

}  // namespace simhost::engine
