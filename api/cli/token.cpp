// Making and reading the token file.
#include <api/cli/token.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace simhost::cli {

namespace {

constexpr std::size_t token_bytes = 32;

std::string random_token() {
  std::array<unsigned char, token_bytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string text(2 * token_bytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

tl::unexpected<Error> unusable(const std::string& path, std::string_view why) {
  return fail("internal", path + ": " + std::string(why) + "; mend it, or name another state_dir");
}

// O_EXCL: of two hosts that start at once, one makes the file and the other reads it.
Outcome make_file(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    if (errno == EEXIST) return {};
    return unusable(path, std::strerror(errno));
  }
  const std::string text = random_token() + "\n";
  const bool whole = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  if (!whole) return unusable(path, "could not be written");
  return {};
}

}  // namespace

std::string token_path(const std::string& state_dir) { return state_dir + "/token"; }

Result<std::string> read_or_make_token(const std::string& state_dir) {
  std::error_code error;
  std::filesystem::create_directories(state_dir, error);
  if (error) return unusable(state_dir, error.message());
  const auto path = token_path(state_dir);
  if (auto made = make_file(path); !made) return fail(made.error());
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return unusable(path, "is no regular file");
  if ((facts.st_mode & 077) != 0) return unusable(path, "can be read by others; chmod 600 it");
  std::ifstream in(path);
  std::string token;
  in >> token;
  if (token.size() < 2 * token_bytes) return unusable(path, "holds no token; delete it to get a new one");
  return token;
}

}  // namespace simhost::cli
