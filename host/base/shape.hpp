// A reader for the objects of requests: takes what it knows by type and range, and collects every fault with its place.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/field_errors.hpp>
#include <host/base/value.hpp>

namespace simhost {

struct NumberRule {
  std::optional<double> min{};
  std::optional<double> max{};
  std::optional<double> above{};  // exclusive
};

struct IntegerRule {
  std::int64_t min = INT64_MIN;
  std::int64_t max = INT64_MAX;
};

struct TextRule {
  std::size_t min_chars = 0;
  std::size_t max_chars = 4096;
};

// Each adds a fault and gives nothing where the value is not as it must be. pointer: where the value stands.
std::optional<double> read_number(const Value& value, const NumberRule& rule, std::string_view pointer,
                                  FieldErrors& errors);
std::optional<std::int64_t> read_integer(const Value& value, const IntegerRule& rule, std::string_view pointer,
                                         FieldErrors& errors);
std::optional<bool> read_boolean(const Value& value, std::string_view pointer, FieldErrors& errors);
std::optional<std::string> read_text(const Value& value, const TextRule& rule, std::string_view pointer,
                                     FieldErrors& errors);
std::optional<std::string> read_name(const Value& value, std::string_view pointer, FieldErrors& errors);
// The place of the value in choices.
std::optional<std::size_t> read_choice(const Value& value, std::span<const std::string_view> choices,
                                       std::string_view pointer, FieldErrors& errors);

// Reads one object. A key that is absent gives nothing and no fault, unless require() named it. Every key that was
// asked for is known; finish() makes a fault of each other one. Value, key texts and errors must outlive the reader.
//
//   ObjectReader r(body, "", errors);
//   r.require("model");
//   const auto model = r.text("model");
//   if (const Value* pace = r.object("pace")) { ObjectReader p(*pace, r.pointer("pace"), errors); ... p.finish(); }
//   r.finish();
//   if (!errors.empty()) return fail(validation_failed(std::move(errors)));
class ObjectReader {
 public:
  // A value that is no object is a fault at its pointer; nothing is read of it then.
  ObjectReader(const Value& value, std::string pointer, FieldErrors& errors);

  void require(std::string_view key);
  [[nodiscard]] bool has(std::string_view key);      // also when null
  [[nodiscard]] bool is_null(std::string_view key);  // given, and null: ask first where null has a meaning
  [[nodiscard]] const Value* any(std::string_view key);

  std::optional<double> number(std::string_view key, const NumberRule& rule = {});
  std::optional<std::int64_t> integer(std::string_view key, const IntegerRule& rule = {});
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::string> text(std::string_view key, const TextRule& rule = {});
  std::optional<std::string> name(std::string_view key);  // the rule of names.hpp
  std::optional<std::size_t> choice(std::string_view key, std::span<const std::string_view> choices);
  std::optional<std::size_t> choice(std::string_view key, std::initializer_list<std::string_view> choices) {
    return choice(key, std::span(choices.begin(), choices.size()));
  }
  const Value* object(std::string_view key);
  const Value* array(std::string_view key, std::size_t max_items);

  // A fault of the caller's own at a key of this object ("": the object itself).
  void refuse(std::string_view key, std::string code, std::string detail);
  void refuse_at(FieldError error);  // with a pointer of its own
  [[nodiscard]] std::string pointer(std::string_view key) const;

  // Unknown keys become faults. Call it last.
  void finish();
  // Whether this reader found no fault.
  [[nodiscard]] bool ok() const noexcept { return errors_.size() == errors_before_ && !is_full(errors_); }

 private:
  const Value& value_;
  std::string pointer_;
  FieldErrors& errors_;
  std::size_t errors_before_;
  std::vector<std::string_view> known_;
};

}  // namespace simhost
