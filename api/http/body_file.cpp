// Writing a body to disk.
#include <api/http/body_file.hpp>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <api/http/etag.hpp>

namespace simhost::http {
namespace {

tl::unexpected<Error> failed(const std::string& what) {
  const int reason = errno;
  return fail(reason == ENOSPC || reason == EDQUOT ? "disk_full" : "internal",
              what + ": " + std::generic_category().message(reason));
}

}  // namespace

Result<std::shared_ptr<BodyFile>> BodyFile::make(const std::filesystem::path& folder) {
  std::string name = (folder / ".upload-XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return failed("a file for the body cannot be made");
  return std::shared_ptr<BodyFile>(new BodyFile(name, descriptor));
}

BodyFile::BodyFile(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor), hash_(hash_of("")) {}

BodyFile::~BodyFile() {
  ::close(descriptor_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Outcome BodyFile::append(std::string_view bytes) {
  hash_ = hash_of(bytes, hash_);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("the body cannot be written");
    bytes_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace simhost::http
