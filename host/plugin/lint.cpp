// The rules a plugin library is held against before it is opened.
#include <host/plugin/lint.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <sim/plugin.h>
#include <host/plugin/words.hpp>

namespace simhost::plugin {
namespace {

constexpr std::array system_libraries = {"libc.so.6",       "libm.so.6",  "libstdc++.so.6", "libgcc_s.so.1",
                                         "libpthread.so.0", "libdl.so.2", "librt.so.1",     "ld-linux-x86-64.so.2"};
// With any version at their end; they come with a build under a sanitizer.
constexpr std::array sanitizer_libraries = {"libasan.so.", "libubsan.so.", "libtsan.so.", "liblsan.so."};

struct Suspect {
  std::string_view symbol, does;
};
constexpr std::array suspects = {
    Suspect{"pthread_create", "starts threads"},
    Suspect{"thrd_create", "starts threads"},
    Suspect{"_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE", "starts threads"},
    Suspect{"fork", "forks the host"},
    Suspect{"vfork", "forks the host"},
    Suspect{"clone", "starts threads or processes"},
    Suspect{"system", "runs programs"},
    Suspect{"popen", "runs programs"},
    Suspect{"posix_spawn", "runs programs"},
    Suspect{"execve", "replaces the host by another program"},
    Suspect{"execv", "replaces the host by another program"},
    Suspect{"execvp", "replaces the host by another program"},
    Suspect{"execl", "replaces the host by another program"},
    Suspect{"exit", "ends the host"},
    Suspect{"_exit", "ends the host"},
    Suspect{"quick_exit", "ends the host"},
    Suspect{"kill", "sends signals"},
    Suspect{"signal", "changes signal handlers"},
    Suspect{"sigaction", "changes signal handlers"},
    Suspect{"setlocale", "changes the host's locale"},
    Suspect{"chdir", "changes the host's working folder"},
    Suspect{"dlopen", "loads further libraries"},
    Suspect{"atexit", "leaves code behind that runs after it is gone"},
};

std::string readable(const std::string& symbol) {
  if (!symbol.starts_with("_Z")) return symbol;  // the demangler takes a plain "a" for a type
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> plain(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && plain ? std::string(plain.get()) : symbol;
}

std::vector<std::string> names_where(const std::vector<ElfSymbol>& symbols, auto&& wanted) {
  std::vector<std::string> names;
  for (const auto& symbol : symbols)
    if (wanted(symbol)) names.push_back(readable(symbol.name));
  return names;
}

class Lint {
 public:
  Lint(const Elf& elf, const LintOptions& options) : elf_(elf), options_(options) {}

  std::vector<Finding> run() {
    check_exports();
    check_unloading();
    check_image();
    check_libraries();
    check_imports();
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return std::move(findings_);
  }

 private:
  void refuse(std::string rule, std::string text) {
    findings_.push_back({std::move(rule), Severity::refuse, std::move(text)});
  }
  void warn(std::string rule, std::string text) {
    findings_.push_back({std::move(rule), Severity::warn, std::move(text)});
  }

  void check_exports() {
    const auto is_entry = [](const ElfSymbol& s) { return s.name == SIM_ENTRY_SYMBOL; };
    if (std::none_of(elf_.exports.begin(), elf_.exports.end(), is_entry))
      refuse("no_entry", "does not export " SIM_ENTRY_SYMBOL
                         "; end the plugin with SIM_PLUGIN(...) or define the function with SIM_EXPORT and C linkage");
    const auto extra =
        names_where(elf_.exports, [&](const ElfSymbol& s) { return !is_entry(s) && s.binding != Binding::unique; });
    if (!extra.empty())
      refuse("extra_exports", "exports " + counted(extra.size(), "symbol") + " besides " SIM_ENTRY_SYMBOL ": " +
                                  listed(extra) +
                                  "; two versions loaded side by side would share them; build with sim_add_plugin(), "
                                  "whose version script hides them");
  }

  void check_unloading() {
    const auto unique = names_where(elf_.exports, [](const ElfSymbol& s) { return s.binding == Binding::unique; });
    if (!unique.empty())
      refuse("unique_symbols", "has " + counted(unique.size(), "unique symbol") + ": " + listed(unique) +
                                   "; the library could never be unloaded; build with sim_add_plugin(), which sets "
                                   "-fno-gnu-unique and hides them");
    const auto has_import = [&](std::string_view name) {
      return std::any_of(elf_.imports.begin(), elf_.imports.end(), [&](const ElfSymbol& s) { return s.name == name; });
    };
    if (has_import("__cxa_thread_atexit") || has_import("__cxa_thread_atexit_impl"))
      refuse("thread_local_destructor",
             "has a thread_local with a destructor (__cxa_thread_atexit); the library would stay loaded as long as any "
             "thread that touched it lives; keep the value in the instance or make it trivially destructible");
    if (elf_.no_delete)
      refuse("no_delete", "is marked never to be unloaded (NODELETE); leave out the linker option -z nodelete");
    if (elf_.static_tls)
      refuse("static_tls",
             "needs static thread-local storage, of which a process has little; leave out "
             "-ftls-model=initial-exec and local-exec, and thread_local altogether if you can");
    else if (elf_.thread_locals)
      warn("thread_locals", "has thread_local variables; steps and requests run on any thread, so keep nothing there");
  }

  void check_image() {
    if (elf_.text_relocations)
      refuse("text_relocations", "would have its code changed while loading (TEXTREL); compile with -fPIC");
    if (elf_.executable_stack)
      refuse(
          "executable_stack",
          "asks for an executable stack; link with -z noexecstack, and give assembler files a .note.GNU-stack section");
    if (elf_.sets_fast_math)
      refuse("fast_math",
             "is linked with -ffast-math, whose start-up code changes the arithmetic of the whole host "
             "(set_fast_math); leave -ffast-math, -Ofast and -funsafe-math-optimizations out of the link");
    std::vector<std::string> outside;
    for (const auto& path : elf_.search_paths)
      if (!path.starts_with("$ORIGIN") && !path.starts_with("${ORIGIN}")) outside.push_back(path);
    if (!outside.empty())
      refuse("search_path", "looks for libraries in " + listed(outside) +
                                "; link without -rpath (CMake: set SKIP_BUILD_RPATH, or BUILD_WITH_INSTALL_RPATH)");
  }

  void check_libraries() {
    std::vector<std::string> strange;
    for (const auto& name : elf_.needed)
      if (!is_allowed(name)) strange.push_back(name);
    if (!strange.empty())
      refuse("needed_libraries",
             "needs " + listed(strange) +
                 ", which the host does not vouch for; link it statically, or allow it in the setting "
                 "plugins.allowed_libraries");
  }

  [[nodiscard]] bool is_allowed(const std::string& name) const {
    const auto starts = [&](const char* prefix) { return name.starts_with(prefix); };
    return std::find(system_libraries.begin(), system_libraries.end(), name) != system_libraries.end() ||
           std::any_of(sanitizer_libraries.begin(), sanitizer_libraries.end(), starts) ||
           std::find(options_.allowed_libraries.begin(), options_.allowed_libraries.end(), name) !=
               options_.allowed_libraries.end();
  }

  void check_imports() {
    for (const auto& symbol : elf_.imports)
      for (const auto& suspect : suspects)
        if (symbol.name == suspect.symbol)
          warn("import_" + (symbol.name.starts_with("_Z") ? std::string("thread") : symbol.name),
               "calls " + readable(symbol.name) + ", which " + std::string(suspect.does) +
                   "; use the host's services (sim.jobs, sim.log, sim.config) instead");
  }

  const Elf& elf_;
  const LintOptions& options_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint(const Elf& elf, const LintOptions& options) { return Lint(elf, options).run(); }

Outcome verdict(const std::vector<Finding>& findings) {
  Error error{"plugin_bad_symbols", ""};
  for (const auto& finding : findings) {
    if (finding.severity != Severity::refuse) continue;
    error.detail += (error.detail.empty() ? "the plugin " : "; it also ") + finding.text;
    error.errors.push_back({"", error.code, finding.text});
  }
  if (error.errors.empty()) return {};
  return fail(std::move(error));
}

}  // namespace simhost::plugin
