// Access to and comparison of values; a wrong kind asked for is our own bug and stops the program.
#include <host/base/value.hpp>

#include <algorithm>

#include <host/base/check.hpp>

namespace simhost {

Value Value::object(std::initializer_list<Member> members) { return Value(Object(members)); }

bool Value::boolean() const {
  SIM_CHECK(is_bool(), "a boolean was read from another kind of value");
  return *std::get_if<bool>(&data_);
}

std::int64_t Value::integer() const {
  SIM_CHECK(is_integer(), "an integer was read from another kind of value");
  return *std::get_if<std::int64_t>(&data_);
}

double Value::number() const {
  SIM_CHECK(is_number(), "a number was read from another kind of value");
  const auto* whole = std::get_if<std::int64_t>(&data_);
  return whole != nullptr ? static_cast<double>(*whole) : *std::get_if<double>(&data_);
}

const std::string& Value::string() const {
  SIM_CHECK(is_string(), "a text was read from another kind of value");
  return *std::get_if<std::string>(&data_);
}

const Array& Value::items() const {
  SIM_CHECK(is_array(), "an array was read from another kind of value");
  return *std::get_if<Array>(&data_);
}

const Object& Value::members() const {
  SIM_CHECK(is_object(), "an object was read from another kind of value");
  return *std::get_if<Object>(&data_);
}

Array& Value::items() {
  SIM_CHECK(is_array(), "an array was read from another kind of value");
  return *std::get_if<Array>(&data_);
}

Object& Value::members() {
  SIM_CHECK(is_object(), "an object was read from another kind of value");
  return *std::get_if<Object>(&data_);
}

const Value* Value::find(std::string_view key) const noexcept {
  const auto* object = std::get_if<Object>(&data_);
  if (object == nullptr) return nullptr;
  for (const Member& member : *object) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value& Value::set(std::string_view key, Value value) {
  if (is_null()) data_ = Object{};
  for (Member& member : members()) {
    if (member.key != key) continue;
    member.value = std::move(value);
    return *this;
  }
  members().push_back(Member{std::string(key), std::move(value)});
  return *this;
}

void Value::push(Value value) {
  if (is_null()) data_ = Array{};
  items().push_back(std::move(value));
}

namespace {

// The order of members carries no meaning in JSON, so it plays no part in equality.
bool same_members(const Object& a, const Value& b) noexcept {
  return a.size() == b.members().size() && std::all_of(a.begin(), a.end(), [&b](const Member& member) {
           const Value* other = b.find(member.key);
           return other != nullptr && member.value == *other;
         });
}

bool same_number(const Value& a, const Value& b) noexcept {
  if (a.is_integer() && b.is_integer()) return a.integer() == b.integer();
  return a.number() == b.number();
}

}  // namespace

bool operator==(const Value& a, const Value& b) noexcept {
  if (a.is_number() && b.is_number()) return same_number(a, b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::boolean:
      return a.boolean() == b.boolean();
    case Value::Kind::string:
      return a.string() == b.string();
    case Value::Kind::array:
      return a.items() == b.items();
    case Value::Kind::object:
      return same_members(a.members(), b);
    default:
      return true;
  }
}

}  // namespace simhost
