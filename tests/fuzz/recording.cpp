// The index document of a recording: any JSON is refused, or read; what was read can be shown, played and kept again.
#include <host/base/json.hpp>
#include <host/playback/model.hpp>
#include <host/record/info.hpp>

#include <tests/fuzz/expect.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace simhost;
  const auto document = parse_json(fuzz::text_of(data, size));
  if (!document) return 0;
  const auto info = record::read_kept(*document);
  if (!info) {
    fuzz::expect(!info.error().code.empty() && !info.error().detail.empty(), "a refusal has a code and a reason");
    return 0;
  }
  const auto kept = to_json(record::keep(*info));
  const auto again = record::read_kept(*parse_json(kept));
  fuzz::expect(again.has_value(), "what we keep we can read");
  fuzz::expect(to_json(record::keep(*again)) == kept, "a recording survives being kept");
  static_cast<void>(to_json(record::show(*info)));
  const auto& about = *info->about;
  fuzz::expect(about.row_ns() >= about.step_ns && about.step_ns > 0, "time goes on in a recording");
  fuzz::expect(!about.lanes.empty(), "a recording is of lanes");
  const auto model = playback::make_model(about, nullptr);
  fuzz::expect(model->descriptor.variables.size() == playback::starts_of(about).size(), "every column is a variable");
  return 0;
}
