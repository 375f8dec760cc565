// Reading sources one after the other.
#include <api/net/source_reader.hpp>

#include <exception>
#include <utility>

namespace simhost::net {

void SourceReader::read(std::shared_ptr<http::Source> source, std::size_t wanted_bytes, Then then) {
  thread_.post([source = std::move(source), wanted_bytes, then = std::move(then)] {
    std::string bytes;
    Outcome read;
    try {
      read = source->next(bytes, wanted_bytes);
    } catch (const std::exception& exception) {
      read = fail("internal", std::string("a body could not be made: ") + exception.what());
    }
    then(read ? Result<std::string>(std::move(bytes)) : Result<std::string>(fail(std::move(read.error()))));
  });
}

}  // namespace simhost::net
