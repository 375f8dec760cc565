// The stamp of a plugin file: who it is and what it was built for, read before any of its code runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <host/base/error.hpp>
#include <host/plugin/elf.hpp>

namespace simhost::plugin {

struct Stamp {
  std::string id, version, vendor, license, sdk_version;
  std::string source_hash;  // equal in the baseline and the AVX2 library of one plugin
  std::uint32_t abi_major = 0, abi_minor = 0;
  std::uint32_t cpu_level = 0;  // SIM_CPU_BASELINE or SIM_CPU_V3
};

// Section .sim.stamp of a library. Errors: plugin_no_stamp (none, or a faulty one), plugin_abi_mismatch.
Result<Stamp> read_stamp(const Elf& elf);
Result<Stamp> read_stamp(std::span<const std::byte> section);

// Whether this machine runs code of that level.
[[nodiscard]] bool cpu_runs(std::uint32_t cpu_level) noexcept;

}  // namespace simhost::plugin
