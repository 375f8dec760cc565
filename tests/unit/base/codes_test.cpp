// The table of error codes: complete, unique, and the status of an error.
#include <host/base/codes.hpp>

#include <algorithm>
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

}  // namespace
}  // namespace simhost
