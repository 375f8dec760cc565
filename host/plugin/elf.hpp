// Reads an ELF64 x86-64 shared library from bytes, every access bounds checked; never maps or runs it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>

namespace simhost::plugin {

enum class Binding : std::uint8_t { local, global, weak, unique, other };

struct ElfSymbol {
  std::string name;
  Binding binding = Binding::other;
};

struct ElfSection {
  std::string name;
  std::span<const std::byte> bytes;  // empty for sections without contents in the file
};

// What the loader and the lint want to know of a library. Spans point into the bytes given to read_elf.
struct Elf {
  std::vector<ElfSymbol> exports;  // what other libraries would see
  std::vector<ElfSymbol> imports;
  std::vector<std::string> needed;
  std::vector<std::string> search_paths;  // RPATH and RUNPATH, one folder each
  std::vector<ElfSection> sections;
  bool no_delete = false;
  bool static_tls = false;
  bool thread_locals = false;
  bool text_relocations = false;
  bool executable_stack = false;
  bool sets_fast_math = false;  // holds the start-up code that -ffast-math links; unknown once stripped

  // The bytes of the section of that name, or empty.
  [[nodiscard]] std::span<const std::byte> section(std::string_view name) const noexcept;
};

// Error: plugin_not_a_library (another kind of file, cut short, or contradicting itself).
Result<Elf> read_elf(std::span<const std::byte> bytes);

}  // namespace simhost::plugin
