// The texts of the faults that every reader of requests finds, and the error that lists them.
#include <host/base/field_errors.hpp>

#include <host/base/check.hpp>
#include <host/base/codes.hpp>
#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>

namespace simhost {
namespace {

// Takes what a value would need as JSON from the bytes left; false as soon as they do not do.
bool fits(const Value& value, std::size_t& bytes_left) {
  const auto take = [&bytes_left](std::size_t bytes) {
    if (bytes > bytes_left) return false;
    bytes_left -= bytes;
    return true;
  };
  if (value.is_string()) return take(value.string().size() + 2);
  if (value.is_array()) {
    for (const Value& item : value.items()) {
      if (!take(1) || !fits(item, bytes_left)) return false;
    }
    return take(2);
  }
  if (value.is_object()) {
    for (const Member& member : value.members()) {
      if (!take(member.key.size() + 4) || !fits(member.value, bytes_left)) return false;
    }
  }
  return take(2);
}

std::string several(std::size_t count) {
  const bool more = count >= limits::listed_errors;
  return (more ? std::to_string(count) + " or more" : std::to_string(count)) + " parts of the request are not valid";
}

}  // namespace

void add_error(FieldErrors& errors, FieldError error) {
  if (!is_full(errors)) errors.push_back(std::move(error));
}

bool is_full(const FieldErrors& errors) noexcept { return errors.size() >= limits::listed_errors; }

std::string quoted_input(const Value& value) {
  std::size_t bytes_left = limits::error_input_bytes;
  return fits(value, bytes_left) ? to_json(value) : std::string();
}

void add_missing(FieldErrors& errors, std::string_view parent, std::string_view key) {
  add_error(
      errors,
      {.pointer = child_pointer(parent, key), .code = "missing", .detail = "\"" + std::string(key) + "\" is needed"});
}

void add_wrong_type(FieldErrors& errors, std::string pointer, std::string_view needed, const Value& value) {
  add_error(errors, {.pointer = std::move(pointer),
                     .code = "wrong_type",
                     .detail = std::string(needed) + " is needed",
                     .input = quoted_input(value)});
}

void add_unknown_key(FieldErrors& errors, std::string_view parent, std::string_view key,
                     std::span<const std::string_view> known) {
  if (is_full(errors)) return;
  add_error(
      errors,
      {.pointer = child_pointer(parent, key), .code = "unknown_key", .detail = unknown_name_text("key", key, known)});
}

Error validation_failed(FieldErrors errors, Place place) {
  SIM_CHECK(!errors.empty(), "an error was made of no faults");
  if (errors.size() > limits::listed_errors) errors.resize(limits::listed_errors);
  const bool single = errors.size() == 1;
  Error error{.code = single ? errors.front().code : "validation_failed",
              .detail = single ? errors.front().detail : several(errors.size()),
              .errors = std::move(errors)};
  if (place == Place::query) error.status = 400;
  if (find_code(error.code) == nullptr) error.status = error.status == 0 ? 422 : error.status;
  return error;
}

}  // namespace simhost
