// What every store promises, held against each of them.
#include <host/store/store.hpp>

#include <gmock/gmock.h>

#include <tests/unit/store/stores.hpp>

namespace simhost::store {
namespace {

using testing::ElementsAre;

class AnyStore : public testing::TestWithParam<StoreMaker> {
 protected:
  std::unique_ptr<OpenStore> opened = GetParam().make();
  [[nodiscard]] Store& store() const { return opened->store(); }

  std::vector<std::string> keys(std::string_view kind) {
    std::vector<std::string> keys;
    const auto documents = store().load(kind).value();
    for (const auto& document : documents) keys.push_back(document.key);
    return keys;
  }
  void settle() { EXPECT_TRUE(wait_committed(store())); }
};

TEST_P(AnyStore, GivesDocumentsBackInTheOrderOfTheirCreation) {
  store().put("rule", "b", Value::object({{"above", 80.5}}));
  store().put("rule", "a", Value::object({{"text", "grüße \" \\ \u0001"}, {"n", 1}}));
  settle();
  store().put("rule", "c", Value(Object{}));
  store().put("rule", "b", Value::object({{"above", 81.25}}));
  settle();
  const auto rules = store().load("rule").value();
  ASSERT_THAT(keys("rule"), ElementsAre("b", "a", "c"));
  EXPECT_EQ(rules[0].value, Value::object({{"above", 81.25}}));
  EXPECT_EQ(rules[1].value, Value::object({{"text", "grüße \" \\ \u0001"}, {"n", 1}}));
}

TEST_P(AnyStore, KeepsKindsApart) {
  store().put("rule", "a", Value(1));
  store().put("schedule", "a", Value(2));
  store().erase("rule", "a");
  settle();
  EXPECT_THAT(keys("rule"), ElementsAre());
  EXPECT_THAT(keys("schedule"), ElementsAre("a"));
  EXPECT_THAT(keys("never"), ElementsAre());
}

TEST_P(AnyStore, TakesADocumentMadeAgainAsTheNewest) {
  store().put("rule", "a", Value(1));
  store().put("rule", "b", Value(2));
  settle();
  store().erase("rule", "a");
  store().put("rule", "a", Value(3));
  settle();
  EXPECT_THAT(keys("rule"), ElementsAre("b", "a"));
}

TEST_P(AnyStore, CutsAJournalAtAKey) {
  for (const char* key : {"0001", "0002", "0003"}) store().put("journal/x", key, Value(1));
  store().put("journal/y", "0001", Value(1));
  store().write(std::move(Changes().erase_up_to("journal/x", "0002").put("journal/x", "0004", Value(4))));
  settle();
  EXPECT_THAT(keys("journal/x"), ElementsAre("0003", "0004"));
  EXPECT_THAT(keys("journal/y"), ElementsAre("0001"));
}

TEST_P(AnyStore, KeepsBlobsByteForByte) {
  std::string bytes;
  for (int i = 0; i < 70'000; ++i) bytes += static_cast<char>(i * 7);
  store().put_blob("lanes", "x", bytes);
  store().put_blob("lanes", "empty", "");
  store().put("lanes", "x", Value("a document of the same key"));
  settle();
  EXPECT_EQ(store().load_blob("lanes", "x").value(), bytes);
  EXPECT_EQ(store().load_blob("lanes", "empty").value(), "");
  EXPECT_EQ(store().load_blob("lanes", "y").value(), std::nullopt);
  store().erase_blob("lanes", "x");
  settle();
  EXPECT_EQ(store().load_blob("lanes", "x").value(), std::nullopt);
  EXPECT_THAT(keys("lanes"), ElementsAre("x"));
}

TEST_P(AnyStore, ForgetsAWholeKind) {
  store().put("journal/x", "1", Value(1));
  store().put_blob("journal/x", "1", "bytes");
  store().put("journal/xy", "1", Value(1));
  store().write(std::move(Changes().erase_kind("journal/x")));
  settle();
  EXPECT_THAT(keys("journal/x"), ElementsAre());
  EXPECT_EQ(store().load_blob("journal/x", "1").value(), std::nullopt);
  EXPECT_THAT(keys("journal/xy"), ElementsAre("1"));
}

TEST_P(AnyStore, ShowsWhatIsQueued) {
  store().put("rule", "a", Value(1));
  store().put_blob("lanes", "a", "bytes");
  EXPECT_THAT(keys("rule"), ElementsAre("a"));
  EXPECT_EQ(store().load_blob("lanes", "a").value(), "bytes");
}

TEST_P(AnyStore, SaysCommittedAtOnceWhenNothingWaits) {
  settle();
  bool called = false;
  store().committed([&](const Outcome& outcome) { called = outcome.has_value(); });
  EXPECT_TRUE(called);
  EXPECT_TRUE(store().health());
}

TEST_P(AnyStore, HasItAllAfterARestart) {
  store().put("rule", "b", Value(1));
  store().put("rule", "a", Value(2));
  store().put_blob("lanes", "x", std::string("\0\xff", 2));
  settle();
  store().put("rule", "unsettled", Value(3));  // an end of the host writes what waits
  opened->open_again();
  EXPECT_THAT(keys("rule"), ElementsAre("b", "a", "unsettled"));
  EXPECT_EQ(store().load_blob("lanes", "x").value(), std::string("\0\xff", 2));
  store().put("rule", "last", Value(4));
  settle();
  EXPECT_THAT(keys("rule"), ElementsAre("b", "a", "unsettled", "last"));
}

TEST_P(AnyStore, KeepsWhatIsTakenDownOnceItIsSealed) {
  store().put("rule", "a", Value(1));
  store().seal();
  store().erase("rule", "a");
  store().put("rule", "b", Value(1));
  settle();
  EXPECT_THAT(keys("rule"), ElementsAre("a"));
}

INSTANTIATE_TEST_SUITE_P(Stores, AnyStore, testing::ValuesIn(store_makers()),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace simhost::store
