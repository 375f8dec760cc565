// Content negotiation and the reading and writing of bodies.
#include <api/http/media.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

#include <api/http/url.hpp>
#include <host/base/json.hpp>
#include <host/base/msgpack.hpp>

namespace simhost::http {
namespace {

std::vector<std::string_view> split_parameters(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(';');
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// 2: the type itself, 1: its family, 0: anything, -1: something else.
int specificity(std::string_view range, std::string_view media_type) {
  if (range == "*/*") return 0;
  if (equal_ignoring_case(range, media_type)) return 2;
  const std::string_view family = media_type.substr(0, media_type.find('/') + 1);
  return range.ends_with("/*") && equal_ignoring_case(range.substr(0, range.size() - 1), family) ? 1 : -1;
}

double weight_of(const std::vector<std::string_view>& parts) {
  for (const std::string_view part : parts) {
    if (part.size() < 3 || (part[0] != 'q' && part[0] != 'Q') || part[1] != '=') continue;
    double weight = 0;
    const auto read = std::from_chars(part.data() + 2, part.data() + part.size(), weight);
    return read.ec == std::errc() ? std::clamp(weight, 0.0, 1.0) : 0.0;
  }
  return 1.0;
}

// All Accept headers of a request as one list; empty: none was sent.
std::string accept_of(const Request& request) {
  std::string all;
  for (const auto& [name, value] : request.headers) {
    if (name != "accept") continue;
    if (!all.empty()) all += ',';
    all += value;
  }
  return all;
}

bool is_msgpack(std::string_view name) {
  return name == msgpack_type || name == "application/x-msgpack" || name == "application/vnd.msgpack";
}

bool is_json(std::string_view name) {
  return name == json_type || (name.starts_with("application/") && name.ends_with("+json"));
}

}  // namespace

MediaType parse_media_type(std::string_view text) {
  MediaType type;
  const auto parts = split_parameters(text);
  const std::size_t slash = parts.front().find('/');
  if (slash == std::string_view::npos || !is_token(parts.front().substr(0, slash)) ||
      !is_token(parts.front().substr(slash + 1))) {
    return type;
  }
  type.name = to_lower(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(parts[i].substr(0, equals), "charset")) continue;
    std::string_view value = parts[i].substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    type.charset = to_lower(value);
  }
  return type;
}

double accept_weight(std::string_view accept, std::string_view media_type) {
  if (trim(accept).empty()) return 1.0;
  int best = -1;
  double weight = 0.0;
  for (const std::string_view member : list_members(accept)) {
    const auto parts = split_parameters(member);
    const int rank = specificity(parts.front(), media_type);
    if (rank <= best) continue;
    best = rank;
    weight = weight_of(parts);
  }
  return weight;
}

Result<Format> negotiate(const Request& request) {
  const std::string accept = accept_of(request);
  if (accept.empty()) return Format::json;
  const double json = std::max(accept_weight(accept, json_type), accept_weight(accept, "application/problem+json"));
  const double msgpack = std::max(accept_weight(accept, msgpack_type), accept_weight(accept, "application/x-msgpack"));
  if (json <= 0 && msgpack <= 0) {
    return fail("not_acceptable", "this path gives application/json and application/msgpack, not " + accept);
  }
  return msgpack > json ? Format::msgpack : Format::json;
}

bool accepts_any(const Request& request, const std::vector<std::string>& media_types) {
  const std::string accept = accept_of(request);
  return std::any_of(media_types.begin(), media_types.end(),
                     [&](const std::string& type) { return accept_weight(accept, parse_media_type(type).name) > 0; });
}

Outcome check_body_headers(const Request& request, const std::vector<std::string>& consumes) {
  const std::string* coding = request.header("content-encoding");
  if (coding != nullptr && !equal_ignoring_case(*coding, "identity")) {
    return fail("unsupported_media_type", "content coding " + *coding + " is not taken; send the body plain");
  }
  const std::string* header = request.header("content-type");
  const MediaType type = parse_media_type(header != nullptr ? std::string_view(*header) : std::string_view());
  if (std::find(consumes.begin(), consumes.end(), type.name) != consumes.end()) return {};
  std::string taken = "application/json or application/msgpack";
  for (const std::string& other : consumes) taken += " or " + other;
  if (header == nullptr) return fail("unsupported_media_type", "the body needs a Content-Type: " + taken);
  if (!is_json(type.name) && !is_msgpack(type.name)) {
    return fail("unsupported_media_type", "content type " + *header + " is not taken; send " + taken);
  }
  if (!type.charset.empty() && type.charset != "utf-8" && type.charset != "utf8") {
    return fail("unsupported_media_type", "charset " + type.charset + " is not taken; JSON is UTF-8");
  }
  return {};
}

bool sends_one_of(const Request& request, const std::vector<std::string>& media_types) {
  const std::string* header = request.header("content-type");
  if (header == nullptr) return false;
  return std::find(media_types.begin(), media_types.end(), parse_media_type(*header).name) != media_types.end();
}

Outcome read_body(Request& request, const std::vector<std::string>& consumes) {
  if (request.raw_body.empty()) return {};
  if (auto checked = check_body_headers(request, consumes); !checked) return checked;
  const MediaType type = parse_media_type(*request.header("content-type"));
  if (!is_json(type.name) && !is_msgpack(type.name)) return {};
  auto value = is_json(type.name) ? parse_json(request.raw_body) : parse_msgpack(request.raw_body);
  if (!value) return fail(std::move(value.error()));
  request.body = std::move(*value);
  request.has_body = true;
  return {};
}

void encode_body(Response& response, Format format) {
  const Value* value = std::get_if<Value>(&response.body);
  if (value == nullptr) return;
  const bool binary = format == Format::msgpack && response.media_type == json_type;
  std::string bytes = binary ? to_msgpack(*value) : to_json(*value);
  if (binary) response.media_type = msgpack_type;
  response.body = std::move(bytes);
}

}  // namespace simhost::http
