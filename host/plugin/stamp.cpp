// The stamp of a plugin file.
#include <host/plugin/stamp.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>

#include <sim/abi.h>
#include <host/plugin/words.hpp>

namespace simhost::plugin {
namespace {

constexpr std::string_view mend = "; build it with sim_add_plugin()";

template <std::size_t N>
bool take_text(const char (&from)[N], std::string& to) {
  const void* end = std::memchr(from, 0, N);
  if (end == nullptr) return false;
  to.assign(from, static_cast<const char*>(end));
  return std::all_of(to.begin(), to.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

tl::unexpected<Error> invalid(std::string what) {
  return fail("plugin_no_stamp", "the stamp of the plugin " + std::move(what) + std::string(mend));
}

Outcome check_machine(const sim_stamp& raw) {
  if (raw.pointer_bytes != sizeof(void*) || raw.little_endian != 1)
    return fail("plugin_abi_mismatch", "the plugin is for a machine with pointers of " +
                                           std::to_string(raw.pointer_bytes) + " bytes, " +
                                           (raw.little_endian == 1 ? "little" : "big") +
                                           "-endian; build it for this one (8 bytes, little-endian)");
  if (raw.abi_major != SIM_ABI_MAJOR)
    return fail("plugin_abi_mismatch", "the plugin is built for ABI " + std::to_string(raw.abi_major) +
                                           ", this host serves ABI " + std::to_string(SIM_ABI_MAJOR) +
                                           "; build it with the SDK of this host");
  if (raw.cpu_level != SIM_CPU_BASELINE && raw.cpu_level != SIM_CPU_V3)
    return invalid("names CPU level " + std::to_string(raw.cpu_level) + ", known are 1 and 3");
  return {};
}

}  // namespace

Result<Stamp> read_stamp(std::span<const std::byte> section) {
  sim_stamp raw{};
  if (section.empty())
    return fail("plugin_no_stamp", "the library has no section .sim.stamp, so it is no plugin" + std::string(mend));
  if (section.size() < sizeof(raw.magic) + sizeof(raw.size)) return invalid("is too short");
  std::memcpy(&raw, section.data(), std::min(section.size(), sizeof(raw)));
  if (std::memcmp(raw.magic, SIM_STAMP_MAGIC, sizeof(raw.magic)) != 0) return invalid("does not start with SIMSTMP1");
  if (raw.size < sizeof(raw) || raw.size > section.size())
    return invalid("says it has " + std::to_string(raw.size) + " bytes, its section has " +
                   std::to_string(section.size()));
  if (auto machine = check_machine(raw); !machine) return fail(std::move(machine.error()));
  Stamp stamp;
  if (!take_text(raw.id, stamp.id) || !take_text(raw.version, stamp.version) || !take_text(raw.vendor, stamp.vendor) ||
      !take_text(raw.license, stamp.license) || !take_text(raw.sdk_version, stamp.sdk_version) ||
      !take_text(raw.source_hash, stamp.source_hash))
    return invalid("holds text that is not terminated, or control characters");
  if (!is_identifier(stamp.id))
    return invalid("names the plugin \"" + stamp.id + "\", " + std::string(identifier_rule));
  if (stamp.version.empty()) return invalid("has no version");
  stamp.abi_major = raw.abi_major;
  stamp.abi_minor = raw.abi_minor;
  stamp.cpu_level = raw.cpu_level;
  return stamp;
}

Result<Stamp> read_stamp(const Elf& elf) { return read_stamp(elf.section(SIM_STAMP_SECTION)); }

bool cpu_runs(std::uint32_t cpu_level) noexcept {
  if (cpu_level == SIM_CPU_BASELINE) return true;
  return cpu_level == SIM_CPU_V3 && __builtin_cpu_supports("x86-64-v3") != 0;
}

}  // namespace simhost::plugin
