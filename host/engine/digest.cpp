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

void add_pending(Hash& hash, const PendingWrite& write) {
  hash.number(write.tick);
  hash.number<std::uint64_t>(write.write.lanes.size());
  hash.add(std::as_bytes(std::span(write.write.lanes)));
  for (const auto& item : write.write.items) {
    hash.number(item.id);
    hash.add(std::as_bytes(std::span(item.values)));
  }
}

}  // namespace

std::string digest(const Block& lanes, std::uint32_t count, std::uint64_t seed, std::uint64_t tick,
                   const std::vector<const PendingWrite*>& pending) {
  Hash hash;
  hash.text(lanes.model().id);
  hash.number(lanes.model().schema_version);
  hash.number(lanes.dt_ns());
  hash.number(count);
  hash.number(seed);
  hash.number(tick);
  for (const auto causality : {SIM_PARAMETER, SIM_INPUT, SIM_STATE, SIM_OUTPUT})
    add_columns(hash, lanes, count, static_cast<std::uint32_t>(causality));
  hash.number<std::uint64_t>(pending.size());
  for (const auto* write : pending) add_pending(hash, *write);
  return hash.hex();
}

}  // namespace simhost::engine
