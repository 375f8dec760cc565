// Parquet files of recordings: what stands in them, told to and by the module that writes and reads them.
#pragma once

#include <host/record/part.hpp>

namespace simhost::record {

Result<std::unique_ptr<PartWriter>> create_parquet(const std::filesystem::path& path, const About& about,
                                                   std::span<const Gap> gaps);
Result<std::unique_ptr<Part>> open_parquet(const std::filesystem::path& path);

}  // namespace simhost::record
