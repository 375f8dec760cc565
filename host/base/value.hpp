// A JSON-shaped value: what a request carries in and an answer carries out, whatever the encoding on the wire.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace simhost {

class Value;
struct Member;
using Array = std::vector<Value>;
using Object = std::vector<Member>;  // members in the order they came or were added

class Value {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, number, string, array, object };

  Value() noexcept;
  Value(std::nullptr_t) noexcept;
  Value(bool v) noexcept;
  Value(int v) noexcept;
  Value(unsigned v) noexcept;
  Value(std::int64_t v) noexcept;
  Value(std::uint64_t v) noexcept;
  Value(double v) noexcept;
  Value(const char* v);
  Value(std::string_view v);
  Value(std::string v) noexcept;
  Value(Array v) noexcept;
  Value(Object v) noexcept;

  static Value object(std::initializer_list<Member> members);
  static Value array();

  [[nodiscard]] Kind kind() const noexcept { return static_cast<Kind>(data_.index()); }
  [[nodiscard]] bool is_null() const noexcept { return kind() == Kind::null; }
  [[nodiscard]] bool is_bool() const noexcept { return kind() == Kind::boolean; }
  [[nodiscard]] bool is_integer() const noexcept { return kind() == Kind::integer; }
  [[nodiscard]] bool is_number() const noexcept { return is_integer() || kind() == Kind::number; }
  [[nodiscard]] bool is_string() const noexcept { return kind() == Kind::string; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == Kind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind() == Kind::object; }

  // Readers demand the kind they name (checked with SIM_CHECK in value.cpp); number() also takes an integer.
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] const std::string& string() const;
  [[nodiscard]] const Array& items() const;
  [[nodiscard]] const Object& members() const;
  [[nodiscard]] Array& items();
  [[nodiscard]] Object& members();

  // The member of that name, or nullptr; also nullptr when this is no object.
  [[nodiscard]] const Value* find(std::string_view key) const noexcept;
  // Adds or replaces a member (of an object; null becomes one), returns *this.
  Value& set(std::string_view key, Value value);
  void push(Value value);  // of an array; null becomes one

  // Structural equality; 1 and 1.0 differ in kind but compare equal as numbers.
  friend bool operator==(const Value& a, const Value& b) noexcept;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct Member {
  std::string key;
  Value value;
};

// Here, where Member is complete: a vector of it cannot be made or ended before.
inline Value::Value() noexcept = default;
inline Value::Value(std::nullptr_t) noexcept {}
inline Value::Value(bool v) noexcept : data_(v) {}
inline Value::Value(int v) noexcept : data_(std::int64_t{v}) {}
inline Value::Value(unsigned v) noexcept : data_(std::int64_t{v}) {}
inline Value::Value(std::int64_t v) noexcept : data_(v) {}
inline Value::Value(std::uint64_t v) noexcept : data_(static_cast<std::int64_t>(v)) {}
inline Value::Value(double v) noexcept : data_(v) {}
inline Value::Value(const char* v) : data_(std::string(v)) {}
inline Value::Value(std::string_view v) : data_(std::string(v)) {}
inline Value::Value(std::string v) noexcept : data_(std::move(v)) {}
inline Value::Value(Array v) noexcept : data_(std::move(v)) {}
inline Value::Value(Object v) noexcept : data_(std::move(v)) {}
inline Value Value::array() { return Value(Array{}); }

}  // namespace simhost
