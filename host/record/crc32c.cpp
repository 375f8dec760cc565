// With SSE 4.2 where it is there, else a table.
#include <host/record/crc32c.hpp>

#include <array>
#include <cstring>

namespace simhost::record {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78;  // reversed

constexpr auto table = [] {
  std::array<std::uint32_t, 256> rows{};
  for (std::uint32_t byte = 0; byte < rows.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? polynomial : 0);
    rows[byte] = crc;
  }
  return rows;
}();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t with_sse(std::string_view bytes, std::uint32_t crc) noexcept {
  std::uint64_t wide = crc;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const char c : bytes) crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(c));
  return crc;
}
#endif

}  // namespace

std::uint32_t crc32c_plain(std::string_view bytes, std::uint32_t of) noexcept {
  std::uint32_t crc = ~of;
  for (const char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
  return ~crc;
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t of) noexcept {
#if defined(__x86_64__)
  static const bool has_sse = __builtin_cpu_supports("sse4.2") != 0;
  if (has_sse) return ~with_sse(bytes, ~of);
#endif
  return crc32c_plain(bytes, of);
}

}  // namespace simhost::record
