// Sessions, journal entries and checkpoints as a store keeps them: any bytes are refused, or read and kept again.
#include <host/base/json.hpp>
#include <host/session/kept_session.hpp>
#include <host/session/pack.hpp>

#include <sodium.h>

#include <tests/fuzz/expect.hpp>

namespace {

using namespace simhost;

void try_checkpoint(std::string_view bytes) {
  const auto checkpoint = session::unpack(bytes);
  if (!checkpoint) {
    fuzz::expect(!checkpoint.error().code.empty(), "a refusal has a code");
    return;
  }
  const auto again = session::unpack(session::pack(*checkpoint));
  fuzz::expect(again.has_value(), "what we pack we can unpack");
  fuzz::expect(session::pack(*again) == session::pack(*checkpoint), "a checkpoint survives being packed");
}

// The same with its sum made right, which no random change does.
std::string signed_again(std::string_view body) {
  std::string sum(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(sum.data()), sum.size(),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size(), nullptr, 0);
  return std::string(body) + sum;
}

void try_documents(const Value& document) {
  const auto kept = session::kept_session_of("01kqsession00000", document);
  if (kept) {
    const auto text = to_json(session::to_document(*kept));
    const auto again = session::kept_session_of(kept->id, *parse_json(text));
    fuzz::expect(again.has_value(), "what we keep we can read");
    fuzz::expect(to_json(session::to_document(*again)) == text, "a session survives being kept");
  }
  const auto entry = session::kept_entry_of(document);
  static_cast<void>(session::to_document(session::write_of(entry.entry.detail)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  try_checkpoint(text);
  try_checkpoint(signed_again(text));
  if (const auto document = parse_json(text)) try_documents(*document);
  return 0;
}
