// Bodies of answers that are made or read piece by piece, so that a long one never lies in memory as a whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::http {

struct Request;
struct Response;

// Gives the bytes of one answer, in order. Calls come from the server's reading thread, one at a time, each only when
// the client has taken what came before; the source goes with the answer, also when the client leaves early.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  // Appends about wanted bytes to out, more or fewer as it suits; nothing: the end. An error before the first byte is
  // answered as one, a later one cuts the connection, so that nobody takes the half for the whole.
  virtual Outcome next(std::string& out, std::size_t wanted) = 0;
};

// A body of a Response. bytes: its length where it is known, else it goes out in chunks.
struct Content {
  std::shared_ptr<Source> source;
  std::optional<std::uint64_t> bytes{};
};

// A file on disk as an answer.
struct FileAnswer {
  std::filesystem::path path;
  std::string media_type;
  std::string download_name{};  // the name it is to be saved under; empty: shown where it is
  std::string etag{};           // quoted; empty: made from size and time of the file
};

// 200, or 206, 304 and 416 where the headers ask for them (one range; of several, the whole is given). Opens the file
// at once, so that it may be removed afterwards. Errors: not_found, internal.
Response answer_file(const Request& request, const FileAnswer& file);

// An answer whose bytes are made while it is sent.
using NextBytes = std::function<Outcome(std::string& out, std::size_t wanted)>;
Response answer_bytes(NextBytes next, std::string media_type, std::string_view download_name = {});

}  // namespace simhost::http
