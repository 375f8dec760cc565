// The journal of a recording: any bytes are a journal that ends where it ends, or none; rows are whole frames.
#include <host/record/journal.hpp>

#include <cstring>
#include <string>

#include <host/record/crc32c.hpp>

#include <tests/fuzz/expect_part.hpp>
#include <tests/fuzz/scratch_file.hpp>

namespace {

using namespace simhost;

constexpr std::size_t file_head_bytes = 16, guarded_at = 8;

// The same with the checksum of every batch made right, which no random change does.
std::string signed_again(std::string bytes) {
  for (std::size_t at = file_head_bytes; at + guarded_at <= bytes.size();) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at, sizeof length);
    if (length > bytes.size() - at - guarded_at) break;
    const auto crc = record::crc32c(std::string_view(bytes).substr(at + guarded_at, length));
    std::memcpy(bytes.data() + at + sizeof length, &crc, sizeof crc);
    at += guarded_at + length;
  }
  return bytes;
}

void try_journal(std::string_view bytes) {
  const auto about = fuzz::small_about(record::Format::parquet);
  const auto rows = fuzz::read_part(fuzz::scratch_file("0.journal", bytes), about);
  fuzz::expect(!rows || rows->size() % about.lanes.size() == 0, "a tick has a row of every lane");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  try_journal(text);
  try_journal(signed_again(std::string(text)));
  return 0;
}
