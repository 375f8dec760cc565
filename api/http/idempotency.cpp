// Keeping, repeating and forgetting first answers.
#include <api/http/idempotency.hpp>

#include <algorithm>

#include <api/http/etag.hpp>
#include <host/base/codes.hpp>
#include <host/base/json.hpp>
#include <host/base/utf8.hpp>

namespace simhost::http {
namespace {

constexpr std::int64_t kept_ns = std::int64_t{limits::idempotency_key_h} * 3600 * 1'000'000'000;

std::size_t size_of(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
  const auto* value = std::get_if<Value>(&response.body);
  return value != nullptr ? to_json(*value).size() : 0;
}

// An error keeps its parts, so that the listener renders it for whoever asks again.
Value show(const Error& error) {
  Array fields;
  for (const FieldError& field : error.errors) {
    Value shown = Value::object({{"pointer", field.pointer}, {"code", field.code}, {"detail", field.detail}});
    if (field.min) shown.set("min", *field.min);
    if (field.max) shown.set("max", *field.max);
    fields.push_back(std::move(shown.set("input", field.input)));
  }
  return Value::object({{"code", error.code},
                        {"detail", error.detail},
                        {"status", error.status},
                        {"retry_after_s", error.retry_after_s},
                        {"errors", std::move(fields)}});
}

Error read_error(const Value& document) {
  const auto text = [](const Value& from, std::string_view key) {
    const Value* value = from.find(key);
    return value != nullptr && value->is_string() ? value->string() : std::string();
  };
  const auto whole = [](const Value& from, std::string_view key) {
    const Value* value = from.find(key);
    return value != nullptr && value->is_integer() ? static_cast<int>(value->integer()) : 0;
  };
  Error error{text(document, "code"), text(document, "detail")};
  error.status = whole(document, "status");
  error.retry_after_s = whole(document, "retry_after_s");
  const Value* fields = document.find("errors");
  if (fields == nullptr || !fields->is_array()) return error;
  for (const Value& from : fields->items()) {
    FieldError field{text(from, "pointer"), text(from, "code"), text(from, "detail"), {}, {}, text(from, "input")};
    if (const Value* min = from.find("min"); min != nullptr && min->is_number()) field.min = min->number();
    if (const Value* max = from.find("max"); max != nullptr && max->is_number()) field.max = max->number();
    error.errors.push_back(std::move(field));
  }
  return error;
}

Value show(const Response& response) {
  Array headers;
  for (const auto& [name, value] : response.headers) headers.push_back(Array{Value(name), Value(value)});
  Value out = Value::object(
      {{"status", response.status}, {"headers", std::move(headers)}, {"media_type", response.media_type}});
  if (const auto* value = std::get_if<Value>(&response.body)) out.set("value", *value);
  if (const auto* text = std::get_if<std::string>(&response.body)) out.set("text", *text);
  if (response.error) out.set("error", show(*response.error));
  return out;
}

// What another version wrote may lack anything.
std::optional<Response> read_response(const Value& document) {
  const Value *status = document.find("status"), *type = document.find("media_type");
  if (status == nullptr || !status->is_integer() || type == nullptr || !type->is_string()) return std::nullopt;
  Response response;
  response.status = static_cast<int>(status->integer());
  response.media_type = type->string();
  if (const Value* headers = document.find("headers"); headers != nullptr && headers->is_array())
    for (const Value& pair : headers->items())
      if (pair.is_array() && pair.items().size() == 2 && pair.items()[0].is_string() && pair.items()[1].is_string())
        response.headers.emplace_back(pair.items()[0].string(), pair.items()[1].string());
  if (const Value* value = document.find("value")) response.body = *value;
  if (const Value* text = document.find("text"); text != nullptr && text->is_string()) response.body = text->string();
  if (const Value* error = document.find("error")) response.error = read_error(*error);
  return response;
}

bool can_be_written(const Response& response) {
  const auto* text = std::get_if<std::string>(&response.body);
  return text == nullptr || is_utf8(*text);
}

}  // namespace

IdempotencyKeys::IdempotencyKeys(const Clock& clock, AnswerKeeper keeper, IdempotencyLimits limits)
    : clock_(clock), keeper_(std::move(keeper)), limits_(limits) {}

void IdempotencyKeys::recall(const std::vector<std::pair<std::string, Value>>& documents) {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, document] : documents) {
    const Value *print = document.find("print"), *at = document.find("at_wall_ns"), *kept = document.find("answer");
    auto response = kept != nullptr ? read_response(*kept) : std::nullopt;
    if (!response || print == nullptr || !print->is_string() || at == nullptr || !at->is_integer()) continue;
    const std::size_t bytes = size_of(*response);
    entries_[key] = {print->string(), at->integer(), false, bytes, std::move(*response)};
    finished_.emplace_back(key, at->integer());
    bytes_ += bytes;
  }
  make_room(clock_.wall_ns());
}

Result<IdempotencyKeys::Begun> IdempotencyKeys::begin(const std::string& key, std::string_view print) {
  const std::int64_t now_ns = clock_.wall_ns();
  const std::lock_guard lock(mutex_);
  make_room(now_ns);
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= limits_.keys) return fail("limit_reached", "all Idempotency-Keys are in work");
    entries_.emplace(key, Entry{std::string(print), now_ns});
    return std::make_shared<Turn>(shared_from_this(), key);
  }
  if (found->second.print != print)
    return fail("idempotency_key_reused", "this Idempotency-Key was used for another request; take a new one");
  if (found->second.in_work)
    return fail("idempotency_key_in_work", "the first request with this Idempotency-Key has no answer yet");
  return found->second.response;
}

IdempotencyKeys::Turn::~Turn() {
  if (!finished_) keys_->forget(key_);
}

void IdempotencyKeys::Turn::finish(const Response& response) {
  if (keys_->keep(key_, response)) finished_ = true;
}

// False: it is not one to keep.
bool IdempotencyKeys::keep(const std::string& key, const Response& response) {
  const int status = response.error ? status_of(*response.error) : response.status;
  const std::size_t bytes = size_of(response);
  if (status >= 500 || bytes > limits_.body_bytes || std::holds_alternative<Content>(response.body)) return false;
  Value document;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[key];
    entry.in_work = false;
    entry.response = response;
    entry.bytes = bytes;
    bytes_ += bytes;
    finished_.emplace_back(key, entry.at_wall_ns);
    if (keeper_.put && can_be_written(response))
      document = Value::object({{"print", entry.print}, {"at_wall_ns", entry.at_wall_ns}, {"answer", show(response)}});
  }
  if (!document.is_null()) keeper_.put(key, document);
  return true;
}

void IdempotencyKeys::forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  entries_.erase(key);
}

void IdempotencyKeys::drop(Entries::iterator entry) {
  bytes_ -= entry->second.bytes;
  if (keeper_.erase) keeper_.erase(entry->first);
  entries_.erase(entry);
}

void IdempotencyKeys::make_room(std::int64_t now_ns) {
  while (!finished_.empty()) {
    const auto& [key, at_ns] = finished_.front();
    if (now_ns - at_ns < kept_ns && entries_.size() < limits_.keys && bytes_ <= limits_.bytes) return;
    const auto found = entries_.find(key);
    if (found != entries_.end()) drop(found);
    finished_.pop_front();
  }
}

std::size_t IdempotencyKeys::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

Result<std::optional<std::string>> idempotency_key(const Request& request) {
  const std::string* key = request.header("idempotency-key");
  if (key == nullptr || request.method != "POST") return std::optional<std::string>();
  const auto count = std::count_if(request.headers.begin(), request.headers.end(),
                                   [](const auto& header) { return header.first == "idempotency-key"; });
  const bool plain = std::all_of(key->begin(), key->end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (count == 1 && plain && !key->empty() && key->size() <= limits::idempotency_key_bytes) return *key;
  return fail("invalid_header", "an Idempotency-Key is one text of 1 to " +
                                    std::to_string(limits::idempotency_key_bytes) + " visible ASCII characters");
}

std::string request_print(const Request& request) {
  const std::string* type = request.header("content-type");
  const auto& file = request.file;
  const std::string body = file != nullptr ? std::to_string(file->hash()) + '/' + std::to_string(file->bytes())
                                           : etag_of(request.raw_body) + std::to_string(request.raw_body.size());
  return etag_of(request.target) + etag_of(type != nullptr ? *type : std::string()) + body;
}

}  // namespace simhost::http
