// CSV files of recordings: any text is refused with its line, or read; what was read comes back equal after writing it.
#include <host/record/csv.hpp>

#include <tests/fuzz/expect_part.hpp>
#include <tests/fuzz/scratch_file.hpp>

namespace {

using namespace simhost;

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const record::Rows& a, const record::Rows& b) {
  bool equal = a.tick == b.tick && a.lane == b.lane && a.values.size() == b.values.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i) {
    equal = same(a.time_s[i], b.time_s[i]);
    for (std::size_t c = 0; equal && c < a.values.size(); ++c) equal = same(a.values[c][i], b.values[c][i]);
  }
  return equal;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto about = fuzz::small_about(record::Format::csv);
  const auto rows = fuzz::read_part(fuzz::scratch_file("part.csv", fuzz::text_of(data, size)), about);
  if (!rows) return 0;
  const auto path = fuzz::scratch_file("again.csv", "");
  auto writer = record::create_csv(path, about);
  fuzz::expect(writer && (*writer)->write(*rows) && (*writer)->finish(), "what we read we can write");
  const auto again = fuzz::read_part(path, about);
  fuzz::expect(again.has_value(), "what we write we can read");
  fuzz::expect(same(*again, *rows), "rows survive writing and reading");
  return 0;
}
