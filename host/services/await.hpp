// Waits, a bounded time, for an answer that comes by callback: how host functions of [io] block.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <host/base/error.hpp>
#include <host/session/registry.hpp>

namespace simhost::services {

// start is given the callback; error timed_out when it was not called in time (a late answer is dropped).
template <class T, class Start>
Result<T> await(int timeout_ms, Start&& start) {
  struct Slot {
    std::mutex mutex;
    std::condition_variable came;
    std::optional<Result<T>> answer;
  };
  const auto slot = std::make_shared<Slot>();
  std::forward<Start>(start)([slot](Result<T> answer) {
    const std::lock_guard lock(slot->mutex);
    slot->answer.emplace(std::move(answer));
    slot->came.notify_one();
  });
  std::unique_lock lock(slot->mutex);
  if (!slot->came.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return slot->answer.has_value(); }))
    return fail(Error{"timed_out", "the session did not answer in time", {}, 0, 1});
  return std::move(*slot->answer);
}

}  // namespace simhost::services
