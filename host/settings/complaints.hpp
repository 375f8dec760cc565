// What is wrong with the text of a setting, as a sentence, or "" when nothing is.
#pragma once

#include <string_view>

namespace simhost::settings {

std::string_view host_complaint(std::string_view text);
std::string_view origin_complaint(std::string_view text);
std::string_view store_complaint(std::string_view text);
std::string_view text_complaint(std::string_view text);
std::string_view library_complaint(std::string_view text);

}  // namespace simhost::settings
