// Answers from files and from what makes its bytes on the way.
#include <api/http/content.hpp>

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <api/http/etag.hpp>
#include <api/http/message.hpp>
#include <api/http/range.hpp>
#include <api/http/url.hpp>

namespace simhost::http {
namespace {

class File {
 public:
  explicit File(const std::filesystem::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  File(File&& from) noexcept : descriptor_(std::exchange(from.descriptor_, -1)) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  // Of an ordinary file; nothing for anything else.
  [[nodiscard]] std::optional<struct stat> status() const {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return status;
  }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

class FileSource final : public Source {
 public:
  FileSource(File file, FileRange part) : file_(std::move(file)), at_(part.first), left_(part.bytes) {}

  Outcome next(std::string& out, std::size_t wanted) override {
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, left_));
    const std::size_t before = out.size();
    out.resize(before + bytes);
    std::size_t got = 0;
    while (got < bytes) {
      const ssize_t piece =
          ::pread(file_.descriptor(), out.data() + before + got, bytes - got, static_cast<off_t>(at_ + got));
      if (piece < 0 && errno == EINTR) continue;
      if (piece <= 0) return fail("internal", piece == 0 ? "the file has become shorter" : "the file cannot be read");
      got += static_cast<std::size_t>(piece);
    }
    at_ += bytes;
    left_ -= bytes;
    return {};
  }

 private:
  File file_;
  std::uint64_t at_, left_;
};

class MadeSource final : public Source {
 public:
  explicit MadeSource(NextBytes next) : next_(std::move(next)) {}
  Outcome next(std::string& out, std::size_t wanted) override { return next_(out, wanted); }

 private:
  NextBytes next_;
};

std::string tag_of(const struct stat& status) {
  return etag_of(std::to_string(status.st_ino) + "/" + std::to_string(status.st_size) + "/" +
                 std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec));
}

// RFC 6266: the plain name for all, the encoded one where the plain cannot hold it.
std::string disposition(std::string_view name) {
  std::string plain;
  for (const char c : name) plain += (c >= ' ' && c < 0x7f && c != '"' && c != '\\') ? c : '_';
  std::string out = "attachment; filename=\"" + plain + "\"";
  return plain == name ? out : out + "; filename*=UTF-8''" + percent_encode(name);
}

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

Response answer_file(const Request& request, const FileAnswer& file) {
  File opened(file.path);
  const auto status = opened.status();
  if (!status) return answer_error({"not_found", "the file is not there any more"});
  const auto size = static_cast<std::uint64_t>(status->st_size);
  const std::string etag = file.etag.empty() ? tag_of(*status) : file.etag;
  Response response;
  response.set_header("ETag", etag);
  response.set_header("Accept-Ranges", "bytes");
  response.set_header("Cache-Control", "no-cache");
  if (is_known(request, etag)) {
    response.status = 304;
    return response;
  }
  const WantedPart wanted = wanted_part(request, size, etag);
  if (std::holds_alternative<UnsatisfiableRange>(wanted)) {
    response = answer_error({"range_not_satisfiable", "the file has " + number(size) + " bytes"});
    response.set_header("Content-Range", "bytes */" + number(size));
    return response;
  }
  const auto* range = std::get_if<FileRange>(&wanted);
  const FileRange part = range != nullptr ? *range : FileRange{0, size};
  if (range != nullptr) {
    response.status = 206;
    response.set_header("Content-Range",
                        "bytes " + number(part.first) + "-" + number(part.first + part.bytes - 1) + "/" + number(size));
  }
  if (!file.download_name.empty()) response.set_header("Content-Disposition", disposition(file.download_name));
  response.media_type = file.media_type;
  response.body = Content{std::make_shared<FileSource>(std::move(opened), part), part.bytes};
  return response;
}

Response answer_bytes(NextBytes next, std::string media_type, std::string_view download_name) {
  Response response;
  response.media_type = std::move(media_type);
  if (!download_name.empty()) response.set_header("Content-Disposition", disposition(download_name));
  response.body = Content{std::make_shared<MadeSource>(std::move(next)), std::nullopt};
  return response;
}

}  // namespace simhost::http
