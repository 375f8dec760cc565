// Plugin files before any of their code runs: any bytes are refused with a reason, or a library whose parts lie in it.
#include <host/plugin/stamp.hpp>

#include <tests/fuzz/expect.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace simhost;
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  static_cast<void>(plugin::read_stamp(bytes));
  const auto elf = plugin::read_elf(bytes);
  if (!elf) {
    fuzz::expect(elf.error().code == "plugin_not_a_library" && !elf.error().detail.empty(), "a refusal has a reason");
    return 0;
  }
  for (const auto& section : elf->sections)
    fuzz::expect(section.bytes.empty() || (section.bytes.data() >= bytes.data() &&
                                           section.bytes.data() + section.bytes.size() <= bytes.data() + size),
                 "a section lies in the file");
  static_cast<void>(plugin::read_stamp(*elf));
  return 0;
}
