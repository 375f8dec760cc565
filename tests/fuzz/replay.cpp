// Feeds the files of a corpus to a fuzz program that was built without libFuzzer.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <tests/fuzz/expect.hpp>

namespace {

std::vector<char> read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Each input as it is and cut short at every byte: a parser's worst case is often the end that comes too early.
void feed(const std::vector<char>& bytes) {
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::vector<char> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(exact.data()), exact.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      feed(read(entry.path()));
      ++inputs;
    }
  std::printf("%zu inputs\n", inputs);
  return inputs == 0 ? 1 : 0;
}
