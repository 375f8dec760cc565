// Hashes lanes with libsodium.
#include <host/engine/digest.hpp>

#include <algorithm>
#include <array>
#include <span>

#include <sodium.h>

namespace simhost::engine {

namespace {

class Hash {
 public:
  Hash() { crypto_generichash_init(&state_, nullptr, 0, bytes); }
  void add(std::span<const std::byte> data) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(data.data()), data.size());
  }
  template <class T>
  void number(T value) {
    add(std::as_bytes(std::span(&value, 1)));
  }
  void text(const std::string& value) {
    number<std::uint64_t>(value.size());
    add(std::as_bytes(std::span(value)));
  }
  std::string hex() {
    std::array<unsigned char, bytes> out{};
    crypto_generichash_final(&state_, out.data(), out.size());
    std::string text(2 * bytes + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), out.data(), out.size());
    text.pop_back();
    return text;
  }

 private:
  static constexpr std::size_t bytes = 32;
  crypto_generichash_state state_{};
};

void add_columns(Hash& hash, const Block& lanes, std::uint32_t count, std::uint32_t causality) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t c = 0; c < lanes.model().n_columns(); ++c)
    if (lanes.model().columns[c].causality == causality) order.push_back(c);
  std::ranges::sort(order, {}, [&](std::uint32_t c) { return lanes.model().columns[c].id; });
  for (const auto c : order) {
    hash.number(lanes.model().columns[c].id);
    hash.add(std::as_bytes(std::span(lanes.column(c), count)));
  }
}

template <class T>
void add_list(Hash& hash, const std::vector<T>& list) {
  hash.number<std::uint64_t>(list.size());
  hash.add(std::as_bytes(std::span(list)));
}

void add_pending(Hash& hash, const PendingWrite& write) {
  hash.number(write.tick);
  add_list(hash, write.write.lanes);
  for (const auto& item : write.write.items) {
    hash.number(item.id);
    hash.add(std::as_bytes(std::span(item.values)));
  }
}

void add_script(Hash& hash, const Script& script, std::uint32_t lanes_in_all) {
  const bool everywhere = script.lanes.size() == lanes_in_all;  // as if none were named
  add_list(hash, everywhere ? std::vector<std::uint32_t>() : script.lanes);
  hash.number(script.period);
  hash.number<std::uint64_t>(script.cues.size());
  for (const auto& cue : script.cues) {
    hash.number(cue.kind);
    hash.number(cue.at);
    hash.number(cue.id);
    hash.number(cue.value);
    hash.number(cue.ticks);
    add_list(hash, cue.args);
  }
}

// Ramps that are over leave nothing behind.
void add_program(Hash& hash, const Program& program, std::uint32_t lanes_in_all) {
  add_script(hash, *program.script(), lanes_in_all);
  const auto& state = program.saved();
  hash.number(state.start);
  hash.number(state.place);
  for (const auto& line : state.lines) {
    hash.number<std::uint8_t>(line.active ? 1 : 0);
    if (!line.active) continue;
    hash.number(line.id);
    hash.number(line.begin);
    hash.number(line.ticks);
    hash.number(line.to);
    add_list(hash, line.from);
  }
}

std::uint32_t first_lane(const Program* program) {
  const auto& lanes = program->script()->lanes;
  return lanes.empty() ? 0 : lanes.front();
}

}  // namespace

std::string digest(const Block& lanes, std::uint32_t count, std::uint64_t seed, std::uint64_t tick,
                   const Outlook& outlook) {
  Hash hash;
  hash.text(lanes.model().id);
  hash.number(lanes.model().schema_version);
  hash.number(lanes.dt_ns());
  hash.number(count);
  hash.number(seed);
  hash.number(tick);
  for (const auto causality : {SIM_PARAMETER, SIM_INPUT, SIM_STATE, SIM_OUTPUT})
    add_columns(hash, lanes, count, static_cast<std::uint32_t>(causality));
  hash.number<std::uint64_t>(outlook.pending.size());
  for (const auto* write : outlook.pending) add_pending(hash, *write);
  auto programs = outlook.programs;
  std::ranges::sort(programs, {}, first_lane);
  for (const auto* program : programs) add_program(hash, *program, count);
  return hash.hex();
}

}  // namespace simhost::engine
