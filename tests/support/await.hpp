// Turns an answer that comes by callback into a value, within a bounded time.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>

#include <host/base/error.hpp>

namespace simhost::support {

// ask(done) starts the request. Throws when no answer comes within 20 s.
template <class T, class Ask>
Result<T> await(Ask&& ask) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto answer = promise->get_future();
  ask([promise](Result<T> result) { promise->set_value(std::move(result)); });
  if (answer.wait_for(std::chrono::seconds(20)) != std::future_status::ready) throw std::runtime_error("no answer");
  return answer.get();
}

}  // namespace simhost::support
