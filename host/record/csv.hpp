// CSV files of recordings: a line of names, then a line per row; metadata stand in the recording, not in the file.
#pragma once

#include <host/record/part.hpp>

namespace simhost::record {

Result<std::unique_ptr<PartWriter>> create_csv(const std::filesystem::path& path, const About& about);
Result<std::unique_ptr<Part>> open_csv(const std::filesystem::path& path, const About& about);

}  // namespace simhost::record
