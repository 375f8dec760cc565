// Values: reading, changing and comparing them.
#include <host/base/value.hpp>

#include <gtest/gtest.h>

namespace simhost {
namespace {

TEST(Value, ComparesNumbersByValueAndObjectsWithoutOrder) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_FALSE(Value(1) == Value(true));
  EXPECT_FALSE(Value(std::int64_t{9007199254740993}) == Value(std::int64_t{9007199254740992}));
  EXPECT_EQ(Value::object({{"a", 1}, {"b", 2}}), Value::object({{"b", 2}, {"a", 1}}));
  EXPECT_FALSE(Value::object({{"a", 1}}) == Value::object({{"a", 1}, {"b", 2}}));
  EXPECT_FALSE(Value::object({{"a", 1}}) == Value::object({{"a", 2}}));
  EXPECT_FALSE(Value(Array{1, 2}) == Value(Array{2, 1}));
  EXPECT_EQ(Value(), Value(nullptr));
}

TEST(Value, SetsReplacesAndFindsMembers) {
  Value value;
  value.set("a", 1).set("b", "x").set("a", 2);
  ASSERT_NE(value.find("a"), nullptr);
  EXPECT_EQ(value.find("a")->integer(), 2);
  EXPECT_EQ(value.members().size(), 2U);
  EXPECT_EQ(value.find("c"), nullptr);
  EXPECT_EQ(Value(3).find("a"), nullptr);
  Value list;
  list.push(1);
  list.push("y");
  EXPECT_EQ(list.items().size(), 2U);
}

TEST(ValueDeathTest, StopsTheProgramWhenReadAsAnotherKind) {
  EXPECT_DEATH(static_cast<void>(Value("x").number()), "another kind");
  EXPECT_DEATH(static_cast<void>(Value(1).string()), "another kind");
}

}  // namespace
}  // namespace simhost
