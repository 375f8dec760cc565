// From bytes to a request: the guard first, then the library's parser, which frames the body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <api/http/message.hpp>
#include <api/net/request_guard.hpp>
#include <api/net/settings.hpp>

namespace simhost::net {

class RequestReader {
 public:
  enum class Step : std::uint8_t { more, header, done };
  struct Progress {
    Step step = Step::more;
    std::size_t used = 0;  // bytes that need not be shown again
  };

  explicit RequestReader(const Settings& settings);
  ~RequestReader();

  // The next request goes into this one, which is empty.
  void reset(http::Request* request);
  // bytes: all that have come and were not used. header comes once, when the header is complete and the request's
  // method, target, path, headers and authority are set; done when the body is in raw_body: all of
  // it, or of one that goes to a file what nobody has taken out meanwhile. Errors are final.
  Result<Progress> feed(std::string_view bytes);
  // After header: how long the body may be. Error: payload_too_large when it is announced to be longer.
  Outcome limit_body(std::size_t body_max);
  // Bytes of the body are thrown away from here on.
  void discard_body() noexcept;

  [[nodiscard]] const HeadFacts& facts() const noexcept { return guard_.facts(); }
  [[nodiscard]] bool keeps_alive() const;
  [[nodiscard]] bool has_header() const noexcept { return has_header_; }

 private:
  class Parser;
  void note_line(std::string_view bytes);
  Result<Progress> feed_header(std::string_view bytes);
  Result<Progress> feed_body(std::string_view bytes);

  const Settings& settings_;
  RequestGuard guard_;
  std::unique_ptr<Parser> parser_;
  http::Request* request_ = nullptr;
  bool has_header_ = false;
  bool forgave_line_ = false;
};

}  // namespace simhost::net
