// The only place where the library's HTTP parser is instantiated. It writes straight into a Request.
#include <api/net/request_reader.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include <api/http/url.hpp>

namespace simhost::net {
namespace {

namespace beast = boost::beast;
using ErrorCode = beast::error_code;

constexpr std::size_t shown_path_bytes = 1 << 10;     // of a request that is refused
constexpr std::size_t body_reserve_bytes = 64 << 10;  // ahead of the bytes, so that an announced length costs nothing

class BodyParser final : public beast::http::basic_parser<true> {
 public:
  BodyParser(const Settings& settings, http::Request& request) : settings_(settings), request_(request) {
    eager(false);
    header_limit(static_cast<std::uint32_t>(settings.header_bytes + settings.target_bytes));
    body_limit(boost::none);
  }

  void discard() noexcept { discards_ = true; }
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

 private:
  void on_request_impl(beast::http::verb /*verb*/, beast::string_view method, beast::string_view target,
                       int /*version*/, ErrorCode& ec) override {
    request_.method.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
    ec = {};
  }
  void on_response_impl(int /*status*/, beast::string_view /*reason*/, int /*version*/, ErrorCode& ec) override {
    ec = beast::http::error::bad_status;
  }
  void on_field_impl(beast::http::field /*field*/, beast::string_view name, beast::string_view value,
                     ErrorCode& ec) override {
    ec = {};
    if (is_header_done()) return count_trailer(name.size() + value.size(), ec);
    request_.headers.emplace_back(http::to_lower({name.data(), name.size()}), std::string(value.data(), value.size()));
  }
  void on_header_impl(ErrorCode& ec) override { ec = {}; }
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, ErrorCode& ec) override {
    ec = {};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(length.value_or(0), body_reserve_bytes));
    if (!discards_ && request_.file == nullptr) request_.raw_body.reserve(wanted);
  }
  std::size_t on_body_impl(beast::string_view body, ErrorCode& ec) override {
    ec = {};
    if (discards_) return body.size();
    request_.raw_body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view extensions, ErrorCode& ec) override {
    ec = {};
    if (extensions.size() <= settings_.chunk_extension_bytes) return;
    error_ = Error{"invalid_request", "a chunk extension is too long"};
    ec = beast::http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, beast::string_view body, ErrorCode& ec) override {
    return on_body_impl(body, ec);
  }
  void on_finish_impl(ErrorCode& ec) override { ec = {}; }

  // Trailers are dropped, and bounded on the way.
  void count_trailer(std::size_t size, ErrorCode& ec) {
    trailer_bytes_ += size;
    if (trailer_bytes_ <= settings_.trailer_bytes && ++trailers_ <= settings_.header_fields) return;
    error_ = Error{"header_too_large", "the trailers are too long"};
    ec = beast::http::error::header_limit;
  }

  const Settings& settings_;
  http::Request& request_;
  std::size_t trailer_bytes_ = 0;
  std::size_t trailers_ = 0;
  bool discards_ = false;
  std::optional<Error> error_;
};

Error too_large() { return {"payload_too_large", "the body is longer than this path takes"}; }

// Splits the target, and lets an absolute one replace the Host header, as RFC 9112 3.2.2 asks.
void set_place(http::Request& request) {
  std::string_view target = request.target;
  if (const std::string* host = request.header("host"); host != nullptr) request.authority = *host;
  if (target.front() != '/' && target != "*") {
    target.remove_prefix(target.find("://") + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    request.authority = std::string(target.substr(0, end));
    target.remove_prefix(end);
  }
  request.path = std::string(http::split_target(target).path);
  if (request.path.empty()) request.path = "/";
}

}  // namespace

class RequestReader::Parser {
 public:
  std::optional<BodyParser> of_request;
};

RequestReader::RequestReader(const Settings& settings)
    : settings_(settings), guard_(settings), parser_(std::make_unique<Parser>()) {}
RequestReader::~RequestReader() = default;

void RequestReader::reset(http::Request* request) {
  request_ = request;
  has_header_ = false;
  forgave_line_ = false;
  guard_.reset();
  parser_->of_request.emplace(settings_, *request);
}

Result<RequestReader::Progress> RequestReader::feed(std::string_view bytes) {
  return has_header_ ? feed_body(bytes) : feed_header(bytes);
}

Result<RequestReader::Progress> RequestReader::feed_header(std::string_view bytes) {
  // One empty line ahead of a request is forgiven (RFC 9112 2.2).
  if (!forgave_line_ && bytes.starts_with("\r\n")) {
    forgave_line_ = true;
    return Progress{Step::more, 2};
  }
  auto scanned = guard_.scan(bytes);
  if (!scanned) {
    note_line(bytes);
    return fail(std::move(scanned.error()));
  }
  if (*scanned == 0) return Progress{};
  ErrorCode ec;
  const std::size_t used = parser_->of_request->put(boost::asio::buffer(bytes.data(), *scanned), ec);
  if (ec || used != *scanned || !parser_->of_request->is_header_done()) {
    return fail("invalid_request", "the header cannot be read: " + ec.message());
  }
  has_header_ = true;
  set_place(*request_);
  return Progress{Step::header, used};
}

// What a refusal may say of a header that cannot be read as a whole.
void RequestReader::note_line(std::string_view bytes) {
  std::string_view line = bytes.substr(0, bytes.find_first_of("\r\n"));
  const std::size_t blank = std::min(line.find(' '), line.size());
  if (!http::is_token(line.substr(0, blank))) return;
  request_->method = std::string(line.substr(0, blank));
  line.remove_prefix(std::min(blank + 1, line.size()));
  const std::string_view path = line.substr(0, line.find_first_of(" ?"));
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (path.starts_with('/') && plain && path.size() <= shown_path_bytes) request_->path = std::string(path);
}

Outcome RequestReader::limit_body(std::size_t body_max) {
  if (facts().content_length.value_or(0) > body_max) return fail(too_large());
  parser_->of_request->body_limit(body_max);
  return {};
}

void RequestReader::discard_body() noexcept { parser_->of_request->discard(); }

bool RequestReader::keeps_alive() const { return parser_->of_request->keep_alive(); }

Result<RequestReader::Progress> RequestReader::feed_body(std::string_view bytes) {
  BodyParser& parser = *parser_->of_request;
  Progress progress;
  while (!parser.is_done() && progress.used < bytes.size()) {
    ErrorCode ec;
    const std::string_view rest = bytes.substr(progress.used);
    progress.used += parser.put(boost::asio::buffer(rest.data(), rest.size()), ec);
    if (ec == beast::http::error::need_more) break;
    if (!ec) continue;
    if (parser.error()) return fail(Error(*parser.error()));
    if (ec == beast::http::error::body_limit) return fail(too_large());
    return fail("invalid_request", "the body cannot be read: " + ec.message());
  }
  // What the parser leaves are chunk headers and trailers without their end.
  const std::size_t left = bytes.size() - progress.used;
  if (!parser.is_done() && left > settings_.trailer_bytes + settings_.chunk_extension_bytes) {
    return fail("header_too_large", "a chunk header or the trailers are too long");
  }
  if (parser.is_done()) progress.step = Step::done;
  return progress;
}

}  // namespace simhost::net
