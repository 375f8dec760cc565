// Input as a file, for what reads by path; one per process.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

#include <tests/support/folder.hpp>

namespace simhost::fuzz {

// The file of that name holds just these bytes until the next call.
inline std::filesystem::path scratch_file(const char* name, std::string_view bytes) {
  static const support::Folder folder;
  const auto path = std::filesystem::path(folder.path()) / name;
  std::filesystem::remove(path);  // a file system may write out one that is cut short and written again, a new one not
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace simhost::fuzz
