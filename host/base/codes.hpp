// Every stable error code with its HTTP status, title and sentence: one table, from which docs/errors.md is made.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost {

struct CodeInfo {
  std::string_view code;
  int status;
  std::string_view title;
  std::string_view sentence;
};

// In the order of the table: by status, then as people would look for them.
std::span<const CodeInfo> all_codes() noexcept;
const CodeInfo* find_code(std::string_view code) noexcept;

// The error's own status, else that of its code; 500 for a code that is in no row.
int status_of(const Error& error) noexcept;

// The text of docs/errors.md.
std::string error_page();

}  // namespace simhost
