// The administrator's token: made at the first start, kept in a file only the host's user can read.
#pragma once

#include <string>

#include <host/base/error.hpp>

namespace simhost::cli {

// <state_dir>/token.
std::string token_path(const std::string& state_dir);
// Reads it, or makes folder and file (0600) first. 256 bits as hex. An error says what to mend.
Result<std::string> read_or_make_token(const std::string& state_dir);

}  // namespace simhost::cli
