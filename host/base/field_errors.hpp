// Collecting faulty fields, all of them up to the bound, and making one error of them by the rules of the API.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>

namespace simhost {

using FieldErrors = std::vector<FieldError>;

// Where the faulty parts stood: those of a body make 422, those of a query 400.
enum class Place : std::uint8_t { body, query };

// Adds while fewer than limits::listed_errors are there; what is beyond is not worth the work.
void add_error(FieldErrors& errors, FieldError error);
[[nodiscard]] bool is_full(const FieldErrors& errors) noexcept;

// The value as JSON when that is short, else empty: what FieldError::input carries.
std::string quoted_input(const Value& value);

void add_missing(FieldErrors& errors, std::string_view parent, std::string_view key);
// needed: "a number", "an object", ...
void add_wrong_type(FieldErrors& errors, std::string pointer, std::string_view needed, const Value& value);
void add_unknown_key(FieldErrors& errors, std::string_view parent, std::string_view key,
                     std::span<const std::string_view> known);

// One error for all of them: the code and status of the only one, else validation_failed. errors is not empty.
Error validation_failed(FieldErrors errors, Place place = Place::body);

}  // namespace simhost
