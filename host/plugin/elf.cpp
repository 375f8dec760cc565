// Reads an ELF64 x86-64 shared library from bytes.
#include <host/plugin/elf.hpp>

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace simhost::plugin {
namespace {

constexpr std::uint64_t elf_symbols_max = 1u << 20;
constexpr std::uint64_t elf_dynamic_entries_max = 4096;

using Bytes = std::span<const std::byte>;

// The part of bytes at offset, or nothing when it does not lie inside.
std::optional<Bytes> part(Bytes bytes, std::uint64_t offset, std::uint64_t size) noexcept {
  if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
  return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

template <class T>
std::optional<T> read_at(Bytes bytes, std::uint64_t offset) noexcept {
  const auto source = part(bytes, offset, sizeof(T));
  if (!source) return std::nullopt;
  T value;
  std::memcpy(&value, source->data(), sizeof(T));
  return value;
}

// The terminated text at offset of a string table; empty when it is not inside or not terminated.
std::string text_at(Bytes table, std::uint64_t offset) {
  if (offset >= table.size()) return {};
  const auto rest = table.subspan(static_cast<std::size_t>(offset));
  const void* end = std::memchr(rest.data(), 0, rest.size());
  if (end == nullptr) return {};
  const auto* begin = reinterpret_cast<const char*>(rest.data());
  return {begin, static_cast<const char*>(end)};
}

tl::unexpected<Error> damaged(std::string what) {
  return fail("plugin_not_a_library", "the library is damaged: " + std::move(what) + "; copy or build it again");
}

Binding binding_of(unsigned char info) noexcept {
  switch (ELF64_ST_BIND(info)) {
    case STB_LOCAL:
      return Binding::local;
    case STB_GLOBAL:
      return Binding::global;
    case STB_WEAK:
      return Binding::weak;
    case STB_GNU_UNIQUE:
      return Binding::unique;
    default:
      return Binding::other;
  }
}

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  Result<Elf> read() {
    for (auto stage : {&Reader::header, &Reader::segments, &Reader::sections, &Reader::dynamic, &Reader::symbols}) {
      if (auto done = (this->*stage)(); !done) return fail(std::move(done.error()));
    }
    return std::move(elf_);
  }

 private:
  Outcome header() {
    const auto h = read_at<Elf64_Ehdr>(bytes_, 0);
    if (!h || std::memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
      return fail("plugin_not_a_library",
                  "the file is no shared library (no ELF header); give the .so that sim_add_plugin() built");
    if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_machine != EM_X86_64)
      return fail("plugin_not_a_library",
                  "the library is not for x86-64 Linux (64 bits, little-endian); build it for this machine");
    if (h->e_type != ET_DYN)
      return fail("plugin_not_a_library", "the file is an ELF file but no shared library; link it with -shared");
    if (h->e_phentsize != sizeof(Elf64_Phdr) || h->e_shentsize != sizeof(Elf64_Shdr))
      return damaged("its tables have entries of an unknown size");
    header_ = *h;
    return {};
  }

  Outcome segments() {
    bool stack_seen = false;
    for (std::uint64_t i = 0; i < header_.e_phnum; ++i) {
      const auto p = read_at<Elf64_Phdr>(bytes_, header_.e_phoff + i * sizeof(Elf64_Phdr));
      if (!p) return damaged("its program headers reach past its end");
      // A mapping that reaches past the end of the file would end the process with SIGBUS later.
      if (p->p_type == PT_LOAD && !part(bytes_, p->p_offset, p->p_filesz))
        return damaged("it is cut short (" + std::to_string(bytes_.size()) +
                       " bytes are fewer than its segments need)");
      if (p->p_type == PT_LOAD) loads_.push_back(*p);
      if (p->p_type == PT_INTERP) return fail("plugin_not_a_library", "the file is a program, not a shared library");
      if (p->p_type == PT_TLS) elf_.thread_locals = p->p_memsz != 0;
      if (p->p_type == PT_DYNAMIC) dynamic_ = *p;
      if (p->p_type == PT_GNU_STACK) {
        stack_seen = true;
        elf_.executable_stack = (p->p_flags & PF_X) != 0;
      }
    }
    if (!stack_seen) elf_.executable_stack = true;  // what the dynamic linker assumes
    if (!dynamic_) return damaged("it has no dynamic section");
    return {};
  }

  Outcome sections() {
    const auto names_header = section_header(header_.e_shstrndx);
    if (header_.e_shnum == 0 || !names_header) return damaged("its section headers are missing (do not strip them)");
    const auto names = part(bytes_, names_header->sh_offset, names_header->sh_size);
    if (!names) return damaged("its section names reach past its end");
    for (std::uint32_t i = 0; i < header_.e_shnum; ++i) {
      const auto s = section_header(i);
      if (!s) return damaged("its section headers reach past its end");
      Bytes contents{};
      if (s->sh_type != SHT_NOBITS && s->sh_type != SHT_NULL) {
        const auto inside = part(bytes_, s->sh_offset, s->sh_size);
        if (!inside) return damaged("section " + std::to_string(i) + " reaches past its end");
        contents = *inside;
      }
      elf_.sections.push_back({text_at(*names, s->sh_name), contents});
    }
    return {};
  }

  Outcome dynamic() {
    std::uint64_t strings_address = 0, strings_size = 0;
    std::vector<Elf64_Dyn> entries;
    const std::uint64_t count = dynamic_->p_filesz / sizeof(Elf64_Dyn);
    for (std::uint64_t i = 0; i < count && i < elf_dynamic_entries_max; ++i) {
      const auto d = read_at<Elf64_Dyn>(bytes_, dynamic_->p_offset + i * sizeof(Elf64_Dyn));
      if (!d) return damaged("its dynamic section reaches past its end");
      if (d->d_tag == DT_NULL) break;
      if (d->d_tag == DT_STRTAB) strings_address = d->d_un.d_ptr;
      if (d->d_tag == DT_STRSZ) strings_size = d->d_un.d_val;
      if (d->d_tag == DT_SYMTAB) symbols_address_ = d->d_un.d_ptr;
      entries.push_back(*d);
    }
    const auto strings = mapped(strings_address, strings_size);
    if (!strings) return damaged("its dynamic strings are not in the file");
    for (const auto& d : entries) note_dynamic(d, *strings);
    return {};
  }

  void note_dynamic(const Elf64_Dyn& d, Bytes strings) {
    switch (d.d_tag) {
      case DT_NEEDED:
        elf_.needed.push_back(text_at(strings, d.d_un.d_val));
        break;
      case DT_RPATH:
      case DT_RUNPATH:
        add_search_paths(text_at(strings, d.d_un.d_val));
        break;
      case DT_TEXTREL:
        elf_.text_relocations = true;
        break;
      case DT_FLAGS:
        elf_.text_relocations |= (d.d_un.d_val & DF_TEXTREL) != 0;
        elf_.static_tls |= (d.d_un.d_val & DF_STATIC_TLS) != 0;
        break;
      case DT_FLAGS_1:
        elf_.no_delete |= (d.d_un.d_val & DF_1_NODELETE) != 0;
        break;
      default:
        break;
    }
  }

  void add_search_paths(const std::string& list) {
    std::size_t begin = 0;
    while (begin <= list.size()) {
      const auto end = std::min(list.find(':', begin), list.size());
      if (end > begin) elf_.search_paths.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  Outcome symbols() {
    bool dynamic_seen = false;
    for (std::uint32_t i = 0; i < header_.e_shnum; ++i) {
      const auto s = section_header(i);
      if (!s || (s->sh_type != SHT_DYNSYM && s->sh_type != SHT_SYMTAB)) continue;
      const auto strings_header = section_header(s->sh_link);
      const auto strings =
          strings_header ? part(bytes_, strings_header->sh_offset, strings_header->sh_size) : std::nullopt;
      if (!strings || s->sh_size / sizeof(Elf64_Sym) > elf_symbols_max)
        return damaged("a symbol table is not readable");
      if (s->sh_type == SHT_DYNSYM && s->sh_addr != symbols_address_)
        return damaged("its section headers and its dynamic section name different symbol tables");
      dynamic_seen |= s->sh_type == SHT_DYNSYM;
      read_symbols(*s, *strings);
    }
    if (!dynamic_seen) return damaged("its table of dynamic symbols is missing (do not strip section headers)");
    return {};
  }

  void read_symbols(const Elf64_Shdr& table, Bytes strings) {
    const std::uint64_t count = table.sh_size / sizeof(Elf64_Sym);
    for (std::uint64_t i = 1; i < count; ++i) {  // entry 0 is reserved
      const auto symbol = read_at<Elf64_Sym>(bytes_, table.sh_offset + i * sizeof(Elf64_Sym));
      if (!symbol) return;
      if (table.sh_type == SHT_SYMTAB)
        elf_.sets_fast_math |= symbol->st_shndx != SHN_UNDEF && text_at(strings, symbol->st_name) == "set_fast_math";
      else
        note_dynamic_symbol(*symbol, text_at(strings, symbol->st_name));
    }
  }

  void note_dynamic_symbol(const Elf64_Sym& symbol, std::string name) {
    const auto binding = binding_of(symbol.st_info);
    if (binding == Binding::local || name.empty()) return;
    if (symbol.st_shndx == SHN_UNDEF) {
      elf_.imports.push_back({std::move(name), binding});
      return;
    }
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    const bool version_node = symbol.st_shndx == SHN_ABS && symbol.st_value == 0;
    if (version_node || visibility == STV_HIDDEN || visibility == STV_INTERNAL) return;
    elf_.exports.push_back({std::move(name), binding});
  }

  [[nodiscard]] std::optional<Elf64_Shdr> section_header(std::uint64_t place) const noexcept {
    if (place >= header_.e_shnum) return std::nullopt;
    return read_at<Elf64_Shdr>(bytes_, header_.e_shoff + place * sizeof(Elf64_Shdr));
  }

  // The bytes of the file that would be mapped at a virtual address.
  [[nodiscard]] std::optional<Bytes> mapped(std::uint64_t address, std::uint64_t size) const noexcept {
    for (const auto& load : loads_) {
      if (address < load.p_vaddr || address - load.p_vaddr >= load.p_filesz) continue;
      const std::uint64_t skip = address - load.p_vaddr;
      if (size > load.p_filesz - skip) return std::nullopt;
      return part(bytes_, load.p_offset + skip, size);
    }
    return std::nullopt;
  }

  Bytes bytes_;
  Elf elf_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> loads_;
  std::optional<Elf64_Phdr> dynamic_;
  std::uint64_t symbols_address_ = 0;
};

}  // namespace

std::span<const std::byte> Elf::section(std::string_view name) const noexcept {
  for (const auto& s : sections)
    if (s.name == name) return s.bytes;
  return {};
}

Result<Elf> read_elf(std::span<const std::byte> bytes) { return Reader(bytes).read(); }

}  // namespace simhost::plugin
