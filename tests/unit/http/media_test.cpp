// Negotiation and bodies.
#include <api/http/media.hpp>

#include <gtest/gtest.h>

#include <host/base/msgpack.hpp>

namespace simhost::http {
namespace {

Request with(Pairs headers, std::string body = {}) {
  Request request;
  request.method = "POST";
  request.headers = std::move(headers);
  request.raw_body = std::move(body);
  return request;
}

TEST(MediaType, IsTakenApart) {
  EXPECT_EQ(parse_media_type("Application/JSON; charset=\"UTF-8\"").name, "application/json");
  EXPECT_EQ(parse_media_type("application/json;a=b; CharSet=utf-8").charset, "utf-8");
  for (const char* text : {"", "json", "/", "a/", "a b/c"}) EXPECT_EQ(parse_media_type(text).name, "") << text;
}

TEST(Accept, GivesTheMostSpecificRangeTheWord) {
  EXPECT_EQ(accept_weight("text/*;q=0.3, text/html;q=0.7, */*;q=0.1", "text/html"), 0.7);
  EXPECT_EQ(accept_weight("text/*;q=0.3, text/html;q=0.7, */*;q=0.1", "text/plain"), 0.3);
  EXPECT_EQ(accept_weight("text/*;q=0.3, */*;q=0.1", "image/png"), 0.1);
  EXPECT_EQ(accept_weight("text/html", "image/png"), 0.0);
  EXPECT_EQ(accept_weight("application/json;q=0, */*", "application/json"), 0.0);
  EXPECT_EQ(accept_weight("", "a/b"), 1.0);
}

TEST(Accept, DecidesBetweenJsonAndMessagePack) {
  EXPECT_EQ(negotiate(with({})), Format::json);
  EXPECT_EQ(negotiate(with({{"accept", "*/*"}})), Format::json);
  EXPECT_EQ(negotiate(with({{"accept", "application/msgpack"}})), Format::msgpack);
  EXPECT_EQ(negotiate(with({{"accept", "application/msgpack;q=0.5, application/json"}})), Format::json);
  EXPECT_EQ(negotiate(with({{"accept", "application/json;q=0.5"}, {"accept", "application/msgpack"}})),
            Format::msgpack);
  EXPECT_EQ(negotiate(with({{"accept", "text/html,application/xhtml+xml,*/*;q=0.8"}})), Format::json);
  const auto refused = negotiate(with({{"accept", "image/png"}}));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "not_acceptable");
}

struct BodyCase {
  Pairs headers;
  std::string body;
  std::string error;  // empty: taken
};

TEST(Body, IsReadByItsContentType) {
  const std::string msgpack = to_msgpack(Value::object({{"a", 1}}));
  const std::vector<BodyCase> cases = {
      {{{"content-type", "application/json"}}, "{\"a\":1}", ""},
      {{{"content-type", "application/json; charset=UTF-8"}}, "{\"a\":1}", ""},
      {{{"content-type", "application/merge-patch+json"}}, "{\"a\":1}", ""},
      {{{"content-type", "application/msgpack"}}, msgpack, ""},
      {{{"content-type", "application/json"}, {"content-encoding", "identity"}}, "{\"a\":1}", ""},
      {{{"content-type", "application/json"}}, "{\"a\":", "invalid_json"},
      {{{"content-type", "application/json"}}, "{\"a\":1,\"a\":2}", "duplicate_key"},
      {{{"content-type", "application/msgpack"}}, "\xc1", "invalid_msgpack"},
      {{{"content-type", "text/plain"}}, "{\"a\":1}", "unsupported_media_type"},
      {{{"content-type", "application/x-www-form-urlencoded"}}, "a=1", "unsupported_media_type"},
      {{}, "{\"a\":1}", "unsupported_media_type"},
      {{{"content-type", "application/json; charset=latin-1"}}, "{\"a\":1}", "unsupported_media_type"},
      {{{"content-type", "application/json"}, {"content-encoding", "gzip"}}, "{\"a\":1}", "unsupported_media_type"},
  };
  for (const BodyCase& row : cases) {
    Request request = with(row.headers, row.body);
    const Outcome outcome = read_body(request, {});
    EXPECT_EQ(outcome ? "" : outcome.error().code, row.error) << row.body << ::testing::PrintToString(row.headers);
    EXPECT_EQ(request.has_body, row.error.empty());
    if (request.has_body) {
      EXPECT_EQ(request.body, Value::object({{"a", 1}}));
    }
  }
}

TEST(Body, StaysRawForOtherTypesTheRouteTakes) {
  Request request = with({{"content-type", "application/octet-stream"}},
                         "\x7f"
                         "ELF");
  EXPECT_TRUE(read_body(request, {"application/octet-stream"}).has_value());
  EXPECT_FALSE(request.has_body);
  Request empty = with({{"content-type", "application/json"}});
  EXPECT_TRUE(read_body(empty, {}).has_value());
  EXPECT_FALSE(empty.has_body);
}

TEST(Body, IsWrittenInTheFormatAgreedButErrorsStayJson) {
  Response response = answer(200, Value::object({{"a", 1}}));
  encode_body(response, Format::msgpack);
  EXPECT_EQ(response.media_type, "application/msgpack");
  EXPECT_EQ(std::get<std::string>(response.body), to_msgpack(Value::object({{"a", 1}})));
  Response problem = answer(400, Value::object({{"a", 1}}));
  problem.media_type = "application/problem+json";
  encode_body(problem, Format::msgpack);
  EXPECT_EQ(problem.media_type, "application/problem+json");
  EXPECT_EQ(std::get<std::string>(problem.body), "{\"a\":1}");
}

}  // namespace
}  // namespace simhost::http
