// Opens the module that knows Arrow.
#include <host/record/parquet_module.hpp>

#include <atomic>
#include <cstring>
#include <mutex>

#include <dlfcn.h>

namespace simhost::record {

namespace {

tl::unexpected<Error> unsupported(const std::string& why) {
  return fail("unsupported", std::string("Parquet files can be neither written nor read, because ") + why +
                                 "; install the host whole (" + parquet_library +
                                 " and Arrow lie in lib/simhost beside its bin), or record with \"format\": \"csv\"");
}

}  // namespace

Result<const ParquetModule*> open_parquet_module(const char* library) {
  // Local: no plugin sees Arrow. Never closed: Arrow has threads of its own.
  void* opened = ::dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (opened == nullptr) return unsupported(::dlerror());
  const auto* module = static_cast<const ParquetModule*>(::dlsym(opened, parquet_symbol));
  if (module == nullptr) return unsupported(std::string(library) + " is another library");
  if (std::strcmp(module->version, SIMHOST_VERSION) != 0)
    return unsupported(std::string(library) + " is of simhost " + module->version + ", this is " SIMHOST_VERSION);
  return module;
}

Result<const ParquetModule*> parquet_module() {
  static std::atomic<const ParquetModule*> known{nullptr};
  static std::mutex opening;
  if (const auto* module = known.load()) return module;
  const std::lock_guard lock(opening);
  if (const auto* module = known.load()) return module;
  auto opened = open_parquet_module(parquet_library);
  if (opened) known.store(*opened);
  return opened;
}

}  // namespace simhost::record
