// MessagePack in and out: the shortest forms, round trips, and headers that lie about what follows.
#include <host/base/msgpack.hpp>

#include <gtest/gtest.h>

#include <host/base/json.hpp>

namespace simhost {
namespace {

std::string bytes(std::initializer_list<unsigned> list) {
  std::string out;
  for (const unsigned byte : list) out += static_cast<char>(byte);
  return out;
}

std::string code_of(std::string_view packed) {
  const Result<Value> value = parse_msgpack(packed);
  return value ? "accepted" : value.error().code;
}

struct Form {
  Value value;
  std::string packed;
};

// The forms are those of the MessagePack specification.
TEST(Msgpack, WritesTheShortestFormAndReadsItBack) {
  const Form forms[] = {
      {Value(nullptr), bytes({0xC0})},
      {Value(false), bytes({0xC2})},
      {Value(true), bytes({0xC3})},
      {Value(0), bytes({0x00})},
      {Value(127), bytes({0x7F})},
      {Value(128), bytes({0xCC, 0x80})},
      {Value(256), bytes({0xCD, 0x01, 0x00})},
      {Value(65536), bytes({0xCE, 0x00, 0x01, 0x00, 0x00})},
      {Value(std::int64_t{1} << 32), bytes({0xCF, 0, 0, 0, 1, 0, 0, 0, 0})},
      {Value(-1), bytes({0xFF})},
      {Value(-32), bytes({0xE0})},
      {Value(-33), bytes({0xD0, 0xDF})},
      {Value(-129), bytes({0xD1, 0xFF, 0x7F})},
      {Value(-32769), bytes({0xD2, 0xFF, 0xFF, 0x7F, 0xFF})},
      {Value(INT64_MIN), bytes({0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0})},
      {Value(1.5), bytes({0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0})},
      {Value("a"), bytes({0xA1, 0x61})},
      {Value(Array{Value(1)}), bytes({0x91, 0x01})},
      {Value::object({{"a", Value(1)}}), bytes({0x81, 0xA1, 0x61, 0x01})},
  };
  for (const Form& form : forms) {
    EXPECT_EQ(to_msgpack(form.value), form.packed) << to_json(form.value);
    const auto read = parse_msgpack(form.packed);
    ASSERT_TRUE(read) << to_json(form.value);
    EXPECT_EQ(read->kind(), form.value.kind()) << to_json(form.value);
    EXPECT_EQ(*read, form.value) << to_json(form.value);
  }
}

TEST(Msgpack, ReadsFormsItDoesNotWrite) {
  EXPECT_EQ(parse_msgpack(bytes({0xCA, 0x3F, 0xC0, 0, 0})).value(), Value(1.5));
  EXPECT_EQ(parse_msgpack(bytes({0xD3, 0, 0, 0, 0, 0, 0, 0, 5})).value(), Value(5));
  EXPECT_EQ(parse_msgpack(bytes({0xDD, 0, 0, 0, 1, 0x07})).value(), Value(Array{Value(7)}));
  EXPECT_EQ(parse_msgpack(bytes({0xDF, 0, 0, 0, 1, 0xD9, 1, 0x61, 0x07})).value(), Value::object({{"a", Value(7)}}));
  const auto huge = parse_msgpack(bytes({0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
  ASSERT_TRUE(huge);
  EXPECT_EQ(huge->kind(), Value::Kind::number);
  EXPECT_EQ(huge->number(), 18446744073709551615.0);
}

TEST(Msgpack, KeepsTextsListsAndMapsOfEverySizeClass) {
  Value value;
  for (const std::size_t size : {15U, 16U, 31U, 32U, 255U, 256U, 65535U, 65536U}) {
    value.set("text" + std::to_string(size), Value(std::string(size, 'x')));
    value.set("list" + std::to_string(size), Value(Array(size, Value(1))));
  }
  Object many;
  for (int i = 0; i < 70'000; ++i) many.push_back(Member{"k" + std::to_string(i), Value(i)});
  const std::string packed = to_msgpack(value);
  EXPECT_EQ(parse_msgpack(packed).value(), value);
  const auto read = parse_msgpack(to_msgpack(Value(many)));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->members().size(), many.size());
  EXPECT_EQ(read->members().back().key, "k69999");
  EXPECT_EQ(read->members().back().value, Value(69'999));
}

TEST(Msgpack, RefusesEveryTruncation) {
  const auto value = parse_json(R"({"name":"dyno-1","lanes":300,"values":[1.5,-70000,null,true],"o":{"k":"v"}})");
  const std::string packed = to_msgpack(value.value());
  ASSERT_EQ(code_of(packed), "accepted");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(code_of(std::string_view(packed).substr(0, size)), "invalid_msgpack") << size;
  }
}

TEST(Msgpack, RefusesWhatIsNoSingleValueOfItsKinds) {
  const std::string cases[] = {
      bytes({0xC1}),                                // never used
      bytes({0xC4, 0x01, 0x00}),                    // bin 8
      bytes({0xC7, 0x01, 0x00, 0x00}),              // ext 8
      bytes({0xD4, 0x01, 0x00}),                    // fixext 1
      bytes({0x81, 0x01, 0x02}),                    // a key that is no text
      bytes({0x81, 0x91, 0x01, 0x02}),              //
      bytes({0x01, 0x02}),                          // two values
      bytes({0xA1, 0xFF}),                          // no UTF-8
      bytes({0x81, 0xA1, 0xFF, 0x01}),              // in a key
      bytes({0xCA, 0x7F, 0xC0, 0x00, 0x00}),        // NaN
      bytes({0xCB, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0}),  // infinity
  };
  for (const std::string& packed : cases) {
    EXPECT_EQ(code_of(packed), "invalid_msgpack") << testing::PrintToString(packed);
  }
}

TEST(Msgpack, BelievesNoHeaderThatAnnouncesMoreThanThereIs) {
  const std::string cases[] = {
      bytes({0xDD, 0xFF, 0xFF, 0xFF, 0xFF}),
      bytes({0xDF, 0xFF, 0xFF, 0xFF, 0xFF}),
      bytes({0xDB, 0xFF, 0xFF, 0xFF, 0xFF}),
      bytes({0xDC, 0xFF, 0xFF, 0x01}),
      bytes({0xDE, 0x00, 0x02, 0xA1, 0x61, 0x01}),
      bytes({0xD9, 0x05, 0x61}),
      bytes({0x8F}),
      bytes({0x9F, 0x01}),
  };
  for (const std::string& packed : cases) {
    EXPECT_EQ(code_of(packed), "invalid_msgpack") << testing::PrintToString(packed);
  }
}

TEST(Msgpack, AllowsThirtyTwoLevelsAndNoMore) {
  const std::string levels(31, '\x91');
  EXPECT_EQ(code_of(levels + '\x90'), "accepted");
  EXPECT_EQ(code_of(levels + '\x91' + '\x90'), "too_deep");
  EXPECT_EQ(code_of(std::string(200'000, '\x91')), "too_deep");
}

TEST(Msgpack, NamesTheDuplicateKey) {
  const auto value = parse_msgpack(bytes({0x81, 0xA1, 0x6F, 0x92, 0x00, 0x82, 0xA1, 0x61, 0x01, 0xA1, 0x61, 0x02}));
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, "duplicate_key");
  EXPECT_EQ(value.error().errors.at(0).pointer, "/o/1/a");
  EXPECT_NE(value.error().detail.find("byte 9"), std::string::npos) << value.error().detail;
}

TEST(Msgpack, FindsDuplicatesAmongManyKeys) {
  Object many;
  for (int i = 0; i < 1000; ++i) many.push_back(Member{"k" + std::to_string(i), Value(i)});
  EXPECT_EQ(code_of(to_msgpack(Value(many))), "accepted");
  many.push_back(Member{"k500", Value(1)});
  EXPECT_EQ(code_of(to_msgpack(Value(many))), "duplicate_key");
}

}  // namespace
}  // namespace simhost
