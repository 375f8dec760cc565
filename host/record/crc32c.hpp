// CRC-32C (Castagnoli), as iSCSI and ext4 use it: eight bytes an instruction where the CPU has one.
#pragma once

#include <cstdint>
#include <string_view>

namespace simhost::record {

// of: what came before, to go on from; 0 at the beginning.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t of = 0) noexcept;
// The way of every CPU, for comparison.
std::uint32_t crc32c_plain(std::string_view bytes, std::uint32_t of = 0) noexcept;

}  // namespace simhost::record
