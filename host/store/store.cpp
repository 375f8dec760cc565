// Changes as lists, and the short forms of a write.
#include <host/store/store.hpp>

#include <host/base/json.hpp>

namespace simhost::store {

Changes& Changes::put(std::string_view kind, std::string_view key, const Value& value) {
  list_.push_back({What::put, std::string(kind), std::string(key), to_json(value)});
  return *this;
}

Changes& Changes::erase(std::string_view kind, std::string_view key) {
  list_.push_back({What::erase, std::string(kind), std::string(key), {}});
  return *this;
}

Changes& Changes::erase_up_to(std::string_view kind, std::string_view key) {
  list_.push_back({What::erase_up_to, std::string(kind), std::string(key), {}});
  return *this;
}

Changes& Changes::erase_kind(std::string_view kind) {
  list_.push_back({What::erase_kind, std::string(kind), {}, {}});
  return *this;
}

Changes& Changes::put_blob(std::string_view kind, std::string_view key, std::string bytes) {
  list_.push_back({What::put_blob, std::string(kind), std::string(key), std::move(bytes)});
  return *this;
}

Changes& Changes::erase_blob(std::string_view kind, std::string_view key) {
  list_.push_back({What::erase_blob, std::string(kind), std::string(key), {}});
  return *this;
}

bool Store::put(std::string_view kind, std::string_view key, const Value& value) {
  return write(std::move(Changes().put(kind, key, value)));
}
bool Store::erase(std::string_view kind, std::string_view key) { return write(std::move(Changes().erase(kind, key))); }
bool Store::put_blob(std::string_view kind, std::string_view key, std::string bytes) {
  return write(std::move(Changes().put_blob(kind, key, std::move(bytes))));
}
bool Store::erase_blob(std::string_view kind, std::string_view key) {
  return write(std::move(Changes().erase_blob(kind, key)));
}

}  // namespace simhost::store
