// Heads of responses as bytes.
#include <api/net/response_head.hpp>

#include <gtest/gtest.h>

namespace simhost::net {
namespace {

std::string head_of(const http::Response& response, HeadFrame frame = {"D", Persistence::keep, 1}) {
  std::string out;
  append_head(out, response, frame);
  return out;
}

http::Response text(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(ResponseHead, HasStatusDateTypeAndLength) {
  EXPECT_EQ(head_of(text(200, "abc")),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n");
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  http::Response response;
  response.status = 204;
  EXPECT_EQ(head_of(response), "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
  response.status = 304;
  EXPECT_EQ(head_of(response), "HTTP/1.1 304 Not Modified\r\nDate: D\r\n\r\n");
  response.status = 202;
  EXPECT_EQ(head_of(response), "HTTP/1.1 202 Accepted\r\nDate: D\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, SaysWhetherTheConnectionStays) {
  EXPECT_NE(head_of(text(200, ""), {"D", Persistence::close, 1}).find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_NE(head_of(text(200, ""), {"D", Persistence::keep, 0}).find("\r\nConnection: keep-alive\r\n"),
            std::string::npos);
  EXPECT_EQ(head_of(text(200, "")).find("Connection"), std::string::npos);
}

TEST(ResponseHead, LeavesOutHeadersThatWouldBreakTheMessage) {
  http::Response response = text(200, "");
  response.headers = {{"X-Good", "1"},
                      {"X-Split", "a\r\nSet-Cookie: b"},
                      {"X Bad", "1"},
                      {"", "1"},
                      {"X-Nul", {"\0", 1}},
                      {"Content-Length", "7"},
                      {"Transfer-Encoding", "chunked"},
                      {"connection", "none"}};
  EXPECT_EQ(head_of(response),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: application/json\r\nContent-Length: 0\r\nX-Good: 1\r\n\r\n");
}

TEST(ResponseHead, WritesDatesOfRfc9110) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace simhost::net
