// The table of error codes: complete, unique, and the status of an error.
#include <host/base/codes.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

namespace simhost {
namespace {

TEST(Codes, AreUniqueSnakeCaseWordsWithSentences) {
  std::set<std::string_view> seen;
  for (const CodeInfo& info : all_codes()) {
    EXPECT_TRUE(seen.insert(info.code).second) << info.code;
    EXPECT_EQ(info.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << info.code;
    EXPECT_TRUE(info.status >= 400 && info.status < 600) << info.code;
    EXPECT_FALSE(info.title.empty() || info.title.back() == '.') << info.code;
    EXPECT_EQ(info.sentence.back(), '.') << info.code;
  }
}

// The codes and statuses the wire contract names.
TEST(Codes, HoldTheStatusesOfTheContract) {
  const std::pair<std::string_view, int> cases[] = {
      {"invalid_json", 400},
      {"invalid_msgpack", 400},
      {"duplicate_key", 400},
      {"too_deep", 400},
      {"unauthorized", 401},
      {"forbidden", 403},
      {"origin_not_allowed", 403},
      {"not_found", 404},
      {"method_not_allowed", 405},
      {"not_acceptable", 406},
      {"wrong_state", 409},
      {"name_taken", 409},
      {"in_use", 409},
      {"tick_passed", 409},
      {"precondition_failed", 412},
      {"payload_too_large", 413},
      {"uri_too_long", 414},
      {"unsupported_media_type", 415},
      {"expectation_failed", 417},
      {"host_not_allowed", 421},
      {"validation_failed", 422},
      {"unknown_key", 422},
      {"missing", 422},
      {"wrong_type", 422},
      {"value_out_of_range", 422},
      {"not_writable", 422},
      {"idempotency_key_reused", 422},
      {"confirm_required", 428},
      {"rate_limited", 429},
      {"header_too_large", 431},
      {"limit_reached", 503},
      {"inbox_full", 503},
      {"draining", 503},
      {"disk_full", 507},
  };
  for (const auto& [code, status] : cases) {
    const CodeInfo* info = find_code(code);
    ASSERT_NE(info, nullptr) << code;
    EXPECT_EQ(info->status, status) << code;
  }
}

TEST(Codes, GiveAnErrorItsStatusUnlessItHasOneOfItsOwn) {
  EXPECT_EQ(status_of(Error{.code = "not_found", .detail = ""}), 404);
  EXPECT_EQ(status_of(Error{.code = "limit_reached", .detail = "", .status = 422}), 422);
  EXPECT_EQ(status_of(Error{.code = "no_such_code", .detail = ""}), 500);
}

TEST(Codes, FillAPageWithOneSectionEach) {
  const std::string page = error_page();
  const auto sections = std::count(page.begin(), page.end(), '\n');
  EXPECT_GT(sections, static_cast<long>(3 * all_codes().size()));
  for (const CodeInfo& info : all_codes()) {
    EXPECT_NE(page.find("\n## " + std::string(info.code) + "\n"), std::string::npos) << info.code;
  }
}

// The words that stand directly behind `before` in a text: `fail("not_found"` gives not_found.
std::vector<std::string> words_behind(std::string_view before, std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = text.find(before); at != std::string_view::npos; at = text.find(before, at)) {
    at += before.size();
    const std::size_t end = std::min(text.find('"', at), text.size());
    words.emplace_back(text.substr(at, end - at));
  }
  return words;
}

// The source is read for the ways in which an error is made, so no code comes into use without its row.
TEST(Codes, HoldEveryCodeTheSourceMakesErrorsWith) {
  std::size_t found = 0;
  for (const char* house : {"/host", "/api"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(std::string(SIM_SOURCE_FOLDER) + house)) {
      if (file.path().extension() != ".cpp" && file.path().extension() != ".hpp") continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      for (const char* before : {"fail(\"", ".code = \"", "Error{\""}) {
        for (const std::string& code : words_behind(before, text)) {
          ++found;
          EXPECT_NE(find_code(code), nullptr) << code << " in " << file.path();
        }
      }
    }
  }
  EXPECT_GT(found, 50U);
}

}  // namespace
}  // namespace simhost
