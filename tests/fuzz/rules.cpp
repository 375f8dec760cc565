// Rules and alerts as a store keeps them: any JSON is refused with its faults named, or read; what was read keeps
// equal.
#include <host/base/json.hpp>
#include <host/rules/alert.hpp>

#include <tests/fuzz/expect.hpp>

namespace {

using namespace simhost;

// of: document to value, show: value to document.
template <class Of, class Keep>
void try_document(const Value& document, Of of, Keep keep) {
  const auto value = of(document);
  if (!value) {
    fuzz::expect(!value.error().errors.empty(), "a refusal names its faults");
    return;
  }
  const auto kept = to_json(keep(*value));
  const auto again = of(*parse_json(kept));
  fuzz::expect(again.has_value(), "what we keep we can read");
  fuzz::expect(to_json(keep(*again)) == kept, "a document survives being kept");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = parse_json(fuzz::text_of(data, size));
  if (!document) return 0;
  try_document(*document, rules::rule_of, [](const rules::Rule& rule) { return rules::to_document(rule); });
  try_document(*document, rules::alert_of, [](const rules::Alert& alert) { return rules::to_document(alert); });
  return 0;
}
