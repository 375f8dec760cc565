// A recording as a curve shows it: equal buckets of time with the smallest, the largest and the last value of each.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include <host/record/reader.hpp>

namespace simhost::record {

inline constexpr std::size_t preview_points_max = 10'000;

struct PreviewRequest {
  std::vector<std::size_t> columns;  // places in About::columns
  std::uint32_t lane = 0;
  std::optional<double> from_s, to_s;  // absent: the recording's own
  std::size_t points = 500;
  std::shared_ptr<std::atomic<int>> cancelled;  // 1: nobody waits for it any more
};

// {"time_s":[start of each bucket],"fields":{"name":{"min":[],"max":[],"last":[]}}}; buckets without a row are left
// out. What is no number in all of a bucket is null.
Result<Value> preview(Reader& reader, const PreviewRequest& request);

}  // namespace simhost::record
