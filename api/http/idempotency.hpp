// First answers by Idempotency-Key: who repeats a request gets the answer again and nothing happens twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <api/http/message.hpp>
#include <host/base/clock.hpp>
#include <host/base/limits.hpp>

namespace simhost::http {

// Where answers are kept beyond the process; both may be empty. [any] They must not block.
struct AnswerKeeper {
  std::function<void(const std::string& key, const Value& document)> put{};
  std::function<void(const std::string& key)> erase{};
};

struct IdempotencyLimits {
  std::size_t keys = limits::idempotency_keys;
  std::size_t bytes = 64 << 20;      // of all bodies kept; the oldest go first
  std::size_t body_bytes = 1 << 20;  // of one; a longer answer is not kept
};

// Answers below 500 are kept for a day: an error of the host is worth another try with the same key. Thread-safe;
// lives in a shared_ptr.
class IdempotencyKeys : public std::enable_shared_from_this<IdempotencyKeys> {
 public:
  explicit IdempotencyKeys(const Clock& clock = system_clock(), AnswerKeeper keeper = {},
                           IdempotencyLimits limits = {});

  // Documents that put was given in an earlier process, the oldest first.
  void recall(const std::vector<std::pair<std::string, Value>>& documents);

  // A request in work. Without finish() its key is free again when this goes.
  class Turn {
   public:
    Turn(std::shared_ptr<IdempotencyKeys> keys, std::string key) : keys_(std::move(keys)), key_(std::move(key)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();
    void finish(const Response& response);

   private:
    std::shared_ptr<IdempotencyKeys> keys_;
    std::string key_;
    bool finished_ = false;
  };
  using Begun = std::variant<std::shared_ptr<Turn>, Response>;
  // key: of caller and path as well. print: of everything that makes two requests the same. Gives the turn of a first
  // request, or the answer of one that was finished. Errors: idempotency_key_reused, idempotency_key_in_work,
  // limit_reached (all keys are in work).
  Result<Begun> begin(const std::string& key, std::string_view print);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    std::string print;
    std::int64_t at_wall_ns = 0;
    bool in_work = true;
    std::size_t bytes = 0;
    Response response{};
  };
  using Entries = std::unordered_map<std::string, Entry>;
  bool keep(const std::string& key, const Response& response);
  void forget(const std::string& key);
  void drop(Entries::iterator entry);
  void make_room(std::int64_t now_ns);

  const Clock& clock_;
  const AnswerKeeper keeper_;
  const IdempotencyLimits limits_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::deque<std::pair<std::string, std::int64_t>> finished_;  // key and time, the oldest first
  std::size_t bytes_ = 0;
};

// The header, checked; nothing where there is none or the request is no POST. Error: invalid_header.
Result<std::optional<std::string>> idempotency_key(const Request& request);
// Of target, content type and body.
std::string request_print(const Request& request);

}  // namespace simhost::http
