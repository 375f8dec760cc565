/// Text, parsed input and sinks of the host as C++ sees them.
#pragma once

#include <sim/ext/values.h>
#include <sim/cpp/version.hpp>

#include <span>
#include <string>
#include <string_view>

namespace sim::inline sdk_v1_0 {

inline std::string_view view_of(sim_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, static_cast<std::size_t>(text.size));
}
inline sim_text text_of(std::string_view view) noexcept { return {view.data(), view.size()}; }

/// The table of a host extension, or NULL where this host has none.
template <class Table>
const Table* extension(const sim_host* host, const char* id) noexcept {
  return static_cast<const Table*>(host->get_extension(host, id));
}

/// Where messages go: to a client, to all of a stream, or into the body of an error.
class Sink {
 public:
  explicit Sink(const sim_sink* sink) noexcept : sink_(sink) {}
  sim_status text(std::string_view message) const noexcept {
    return sink_->message(sink_->context, SIM_TEXT, message.data(), message.size());
  }
  sim_status binary(std::span<const std::byte> message) const noexcept {
    return sink_->message(sink_->context, SIM_BINARY, message.data(), message.size());
  }
  sim_status close(std::uint32_t code, const char* reason) const noexcept {
    return sink_->close(sink_->context, code, reason);
  }

 private:
  const sim_sink* sink_;
};

/// A sink that appends to a string, for host functions that hand out text.
class StringSink {
 public:
  StringSink() noexcept : sink_{sizeof(sim_sink), 0, this, &message, &close} {}
  StringSink(const StringSink&) = delete;
  StringSink& operator=(const StringSink&) = delete;
  const sim_sink* get() const noexcept { return &sink_; }
  std::string text;

 private:
  static int32_t message(void* self, uint32_t, const void* data, uint64_t size) noexcept {
    try {
      static_cast<StringSink*>(self)->text.append(static_cast<const char*>(data), static_cast<std::size_t>(size));
      return SIM_OK;
    } catch (...) {
      return SIM_ERROR;
    }
  }
  static int32_t close(void*, uint32_t, const char*) noexcept { return SIM_OK; }
  sim_sink sink_;
};

/// Parsed input: JSON or MessagePack, one shape for both. Valid as long as the call that brought it. What is absent
/// reads as null, and a null reads as 0, false, "" and no members.
class Value {
 public:
  Value(const sim_values* api, const sim_value* value) noexcept : api_(api), value_(value) {}

  bool exists() const noexcept { return value_ != nullptr; }
  std::uint32_t kind() const noexcept { return api_ == nullptr ? std::uint32_t{SIM_NULL} : api_->kind(value_); }
  bool is_null() const noexcept { return kind() == SIM_NULL; }
  bool is_number() const noexcept { return kind() == SIM_NUMBER || kind() == SIM_INT; }
  bool is_integer() const noexcept { return kind() == SIM_INT; }
  bool is_boolean() const noexcept { return kind() == SIM_BOOL; }
  bool is_text() const noexcept { return kind() == SIM_STRING; }
  bool is_array() const noexcept { return kind() == SIM_ARRAY; }
  bool is_object() const noexcept { return kind() == SIM_OBJECT; }

  double number(double otherwise = 0) const noexcept { return is_number() ? api_->number(value_) : otherwise; }
  std::int64_t integer(std::int64_t otherwise = 0) const noexcept {
    return is_integer() ? api_->integer(value_) : otherwise;
  }
  bool boolean(bool otherwise = false) const noexcept { return is_boolean() ? api_->boolean(value_) != 0 : otherwise; }
  std::string_view text(std::string_view otherwise = {}) const noexcept {
    return is_text() ? view_of(api_->text(value_)) : otherwise;
  }

  std::uint64_t size() const noexcept { return api_ == nullptr ? 0 : api_->count(value_); }
  Value item(std::uint64_t place) const noexcept {
    return {api_, api_ == nullptr ? nullptr : api_->item(value_, place)};
  }
  std::string_view key(std::uint64_t place) const noexcept {
    return api_ == nullptr ? std::string_view() : view_of(api_->key(value_, place));
  }
  Value operator[](const char* name) const noexcept {
    return {api_, api_ == nullptr ? nullptr : api_->find(value_, name)};
  }
  /// It, written as JSON.
  std::string json() const {
    if (api_ == nullptr) return "null";
    StringSink sink;
    api_->json(value_, sink.get());
    return std::move(sink.text);
  }

 private:
  const sim_values* api_;
  const sim_value* value_;
};

}  // namespace sim::inline sdk_v1_0
