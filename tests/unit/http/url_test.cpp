// Percent decoding, queries and lists.
#include <api/http/url.hpp>

#include <gtest/gtest.h>

namespace simhost::http {
namespace {

TEST(PercentDecode, ReadsEscapesInBothCases) {
  EXPECT_EQ(percent_decode("a%2Fb%2fc%C3%A4"), "a/b/cä");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("a+b", Plus::space), "a b");
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, RefusesBrokenEscapesNulAndBadUtf8) {
  for (const char* text : {"%", "%2", "%2g", "%G0", "a%", "%00", "%ff", "%C3%28"}) {
    EXPECT_FALSE(percent_decode(text).has_value()) << text;
  }
}

TEST(PercentEncode, IsTheInverse) {
  const std::string text = "a b/c?d=é~-._";
  EXPECT_EQ(percent_encode(text), "a%20b%2Fc%3Fd%3D%C3%A9~-._");
  EXPECT_EQ(percent_decode(percent_encode(text)), text);
}

TEST(Query, KeepsOrderAndDoubledKeys) {
  const auto pairs = parse_query("b=1&a=2&b=3&flag&x=a%3Db+c&&=v");
  ASSERT_TRUE(pairs.has_value());
  const Pairs expected = {{"b", "1"}, {"a", "2"}, {"b", "3"}, {"flag", ""}, {"x", "a=b c"}, {"", "v"}};
  EXPECT_EQ(*pairs, expected);
}

TEST(Query, RefusesWhatCannotBeDecoded) {
  for (const char* text : {"a=%zz", "%=1", "a=%ff", "a=1&b=%00"}) {
    const auto pairs = parse_query(text);
    ASSERT_FALSE(pairs.has_value()) << text;
    EXPECT_EQ(pairs.error().code, "invalid_query");
  }
}

TEST(Target, IsSplitAtTheFirstQuestionMark) {
  EXPECT_EQ(split_target("/a?b?c").path, "/a");
  EXPECT_EQ(split_target("/a?b?c").query, "b?c");
  EXPECT_EQ(split_target("/a").query, "");
}

TEST(List, SplitsAtCommasOutsideQuotes) {
  const std::vector<std::string_view> expected = {"a", "\"b, c\"", "d"};
  EXPECT_EQ(list_members(" a , \"b, c\",, d\t"), expected);
  EXPECT_EQ(list_members("\"a\\\",b\", c").size(), 2U);
  EXPECT_TRUE(list_members(" , ,").empty());
  EXPECT_TRUE(list_holds("keep-alive, Upgrade", "upgrade"));
  EXPECT_FALSE(list_holds("upgraded", "upgrade"));
}

TEST(Token, HoldsNoSeparators) {
  EXPECT_TRUE(is_token("X-Request-Id"));
  for (const char* text : {"", "a b", "a:b", "a(", "a\x80", "a\n"}) EXPECT_FALSE(is_token(text)) << text;
}

}  // namespace
}  // namespace simhost::http
