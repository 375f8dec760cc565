// RFC 6901 pointers: how an error names a place in a body.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace simhost {

// parent + "/" + name with ~ and / escaped.
std::string child_pointer(std::string_view parent, std::string_view name);
std::string child_pointer(std::string_view parent, std::size_t index);

}  // namespace simhost
