// JSON: any bytes are refused or read, and what was read comes back equal after writing it.
#include <host/base/json.hpp>

#include <tests/fuzz/expect.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace simhost;
  const auto value = parse_json(fuzz::text_of(data, size));
  if (!value) {
    fuzz::expect(!value.error().code.empty() && !value.error().detail.empty(), "a refusal has a code and a reason");
    return 0;
  }
  const auto again = parse_json(to_json(*value));
  fuzz::expect(again.has_value(), "what we write we can read");
  fuzz::expect(*again == *value, "a value survives writing and reading");
  return 0;
}
