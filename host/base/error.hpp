// What went wrong, as a value: a stable code with its HTTP status, a sentence, and every faulty field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace simhost {

// One faulty field. pointer: RFC 6901 into the body, "" the whole body, "?key" a query key.
struct FieldError {
  std::string pointer;
  std::string code;
  std::string detail;
  std::optional<double> min{};
  std::optional<double> max{};
  std::string input{};  // the offending value as JSON, or empty
};

// An error from outside or from a plugin. code: a row of codes.hpp; status 0: that row's.
struct Error {
  std::string code;
  std::string detail;
  std::vector<FieldError> errors{};
  int status = 0;
  int retry_after_s = 0;  // 0: no Retry-After
};

template <class T>
using Result = tl::expected<T, Error>;
using Outcome = tl::expected<void, Error>;

inline tl::unexpected<Error> fail(std::string code, std::string detail) {
  return tl::unexpected<Error>(Error{std::move(code), std::move(detail)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace simhost
