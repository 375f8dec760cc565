// Plain HTML made on the server: no script, nothing fetched.
#pragma once

#include <string>
#include <string_view>

#include <host/base/value.hpp>

namespace simhost::routes {

std::string escape_html(std::string_view text);
std::string html_page(std::string_view title, std::string_view body);
// An OpenAPI document as a page: operations by tag, with parameters, body and answers.
std::string html_api(const Value& openapi);

}  // namespace simhost::routes
