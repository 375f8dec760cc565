// Bad and odd HTTP over a real socket: what is answered, and whether anything left over is taken for a request.
#include <gtest/gtest.h>

#include <ostream>

#include "raw_client.hpp"
#include "served.hpp"

namespace simhost::net {
namespace {

using testing::End;
using testing::RawClient;

struct Row {
  const char* name;
  std::string sent;
  std::vector<int> statuses;
  End end;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string get(std::string_view target, std::string_view headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n";
}

std::string post(std::string_view headers, std::string_view body = "") {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + std::string(headers) + "\r\n" +
         std::string(body);
}

std::string many_headers(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "X-" + std::to_string(i) + ": 1\r\n";
  return lines;
}

std::string chunked(std::string_view rest) { return post("Transfer-Encoding: chunked\r\n", rest); }

// The request that a smuggler hides in what we must not read as the next one.
const std::string hidden = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::vector<Row> good_rows() {
  return {
      {"Plain", get("/hello"), {200}, End::open},
      {"Pipelined", get("/hello") + get("/nowhere") + get("/hello"), {200, 404, 200}, End::open},
      {"PipelinedAfterBody", post("Content-Length: 2\r\n", "ab") + get("/hello"), {200, 200}, End::open},
      {"LeadingEmptyLine", "\r\n" + get("/hello"), {200}, End::open},
      {"Http10Closes", "GET /hello HTTP/1.0\r\n\r\n", {200}, End::closed},
      {"Http10KeepAlive", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {200}, End::open},
      {"ConnectionClose", get("/hello", "Connection: close\r\n") + hidden, {200}, End::closed},
      {"AbsoluteTarget", get("http://localhost/hello"), {200}, End::open},
      {"AbsoluteTargetWithoutPath", get("http://localhost"), {404}, End::open},
      {"AbsoluteTargetRulesOverHost", get("http://evil.example/hello"), {421}, End::open},
      {"OptionsOfTheServer", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", {204}, End::open},
      {"QueryWithBrowserMarks", get("/hello?a={b|c}^`'"), {200}, End::open},
      {"LatinOneInAValue", get("/hello", "X-A: caf\xe9\r\n"), {200}, End::open},
      {"EmptyHeaderValue", get("/hello", "X-A:\r\n"), {200}, End::open},
      {"HundredHeaders", get("/hello", many_headers(99)), {200}, End::open},
      {"ZeroLength", post("Content-Length: 0\r\n"), {200}, End::open},
      {"Chunked", chunked("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"), {200}, End::open},
      {"ChunkedUpperCase", post("Transfer-Encoding: Chunked\r\n", "1\r\na\r\n0\r\n\r\n"), {200}, End::open},
      {"ChunkExtension", chunked("3;a=b;c=\"d\"\r\nabc\r\n0\r\n\r\n"), {200}, End::open},
      {"Trailers", chunked("1\r\na\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n") + hidden, {200, 200}, End::open},
      {"RefusedBodyIsReadAway",
       "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" + get("/hello"),
       {404, 200},
       End::open},
      {"GetWithBody", get("/hello", "Content-Length: 3\r\n") + "abc" + hidden, {200, 200}, End::open},
      {"UpgradeToHttp2IsIgnored",
       get("/hello", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"),
       {200},
       End::open},
      {"UnknownMethod", "BREW /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}, End::open},
      {"LowerCaseMethod", "get /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}, End::open},
      {"ExpectContinueOfARefusal",
       "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
       {404},
       End::closed},
  };
}

std::vector<Row> bad_lines() {
  return {
      {"BareLineFeeds", "GET /hello HTTP/1.1\nHost: localhost\n\n", {400}, End::closed},
      {"BareLineFeedInHeaders", "GET /hello HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n", {400}, End::closed},
      {"BareCarriageReturn", get("/hello", "X-A: a\rb\r\n"), {400}, End::closed},
      {"NulInAValue", get("/hello", std::string_view("X-A: a\0b\r\n", 10)), {400}, End::closed},
      {"ControlInAValue",
       get("/hello",
           "X-A: a\x01"
           "b\r\n"),
       {400},
       End::closed},
      {"FoldedHeader", get("/hello", "X-A: a\r\n b\r\n"), {400}, End::closed},
      {"FoldedTransferEncoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), {400}, End::closed},
      {"FirstHeaderFolded", "GET /hello HTTP/1.1\r\n Host: localhost\r\n\r\n", {400}, End::closed},
      {"SpaceBeforeColon", get("/hello", "X-A : 1\r\n"), {400}, End::closed},
      {"SpaceInAName", get("/hello", "X A: 1\r\n"), {400}, End::closed},
      {"NoColon", get("/hello", "X-A\r\n"), {400}, End::closed},
      {"EmptyName", get("/hello", ": 1\r\n"), {400}, End::closed},
      {"HighByteInAName", get("/hello", "X-\xe9: 1\r\n"), {400}, End::closed},
      {"NoVersion", "GET /hello\r\n\r\n", {400}, End::closed},
      {"TwoSpaces", "GET  /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"TabBetween", "GET\t/hello HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"TrailingSpace", "GET /hello HTTP/1.1 \r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"LeadingSpace", " GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"BadMethod", "G@T /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"LowerCaseVersion", "GET /hello http/1.1\r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"Version12", "GET /hello HTTP/1.2\r\nHost: localhost\r\n\r\n", {505}, End::closed},
      {"Version2", "GET /hello HTTP/2.0\r\nHost: localhost\r\n\r\n", {505}, End::closed},
      {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}, End::closed},
      {"TwoEmptyLinesFirst", "\r\n\r\n" + get("/hello"), {400}, End::closed},
      {"TlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), {400}, End::closed},
  };
}

std::vector<Row> bad_targets() {
  std::vector<Row> rows = {
      {"NotAPath", get("hello"), {400}, End::closed},
      {"Authority", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}, End::closed},
      {"StarOfGet", get("*"), {400}, End::closed},
      {"Fragment", get("/hello#a"), {400}, End::closed},
      {"Backslash", get("/hello\\a"), {400}, End::closed},
      {"RawUtf8", get("/h\xc3\xa9llo"), {400}, End::closed},
      {"Quote", get("/hello\""), {400}, End::closed},
      {"Angle", get("/<hello>"), {400}, End::closed},
      {"BrokenEscape", get("/hello%2"), {400}, End::closed},
      {"BadEscape", get("/hello%zz"), {400}, End::closed},
      {"Delete", get("/hello\x7f"), {400}, End::closed},
      {"UserInAbsoluteTarget", get("http://user@localhost/hello"), {400}, End::closed},
      {"AbsoluteTargetWithoutHost", get("http:///hello"), {400}, End::closed},
      {"TooLong", get("/" + std::string(9000, 'a')), {414}, End::closed},
      {"TooLongWithoutEnd", "GET /" + std::string(9000, 'a'), {414}, End::closed},
      {"LongEnough", get("/" + std::string(8000, 'a')), {404}, End::open},
  };
  return rows;
}

std::vector<Row> bad_heads() {
  return {
      {"NoHost", "GET /hello HTTP/1.1\r\n\r\n", {400}, End::closed},
      {"TwoHosts", get("/hello", "Host: localhost\r\n"), {400}, End::closed},
      {"TwoOtherHosts", get("/hello", "Host: evil.example\r\n"), {400}, End::closed},
      {"EmptyHost", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", {400}, End::closed},
      {"HostWithPath", "GET /hello HTTP/1.1\r\nHost: localhost/a\r\n\r\n", {400}, End::closed},
      {"HostList", "GET /hello HTTP/1.1\r\nHost: localhost, localhost\r\n\r\n", {400}, End::closed},
      {"HostWithUser", "GET /hello HTTP/1.1\r\nHost: a@localhost\r\n\r\n", {400}, End::closed},
      {"ForeignHost", "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", {421}, End::open},
      {"TwoAuthorizations",
       get("/hello", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"),
       {400},
       End::closed},
      {"TwoContentTypes", post("Content-Type: application/json\r\nContent-Length: 0\r\n"), {400}, End::closed},
      {"TwoOrigins", get("/hello", "Origin: http://localhost\r\nOrigin: http://evil.example\r\n"), {400}, End::closed},
      {"OtherExpectation", get("/hello", "Expect: 200-ok\r\n"), {417}, End::closed},
      {"TooManyHeaders", get("/hello", many_headers(101)), {431}, End::closed},
      {"HeadersTooLarge", get("/hello", "X-A: " + std::string(17000, 'a') + "\r\n"), {431}, End::closed},
      {"HeadersTooLargeWithoutEnd", "GET /hello HTTP/1.1\r\nX-A: " + std::string(17000, 'a'), {431}, End::closed},
  };
}

std::vector<Row> bad_framing() {
  const std::string both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
  return {
      {"LengthAndChunked", post(both, "0\r\n\r\n" + hidden), {400}, End::closed},
      {"ChunkedAndLength",
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + hidden),
       {400},
       End::closed},
      {"TwoLengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "a" + hidden), {400}, End::closed},
      {"TwoEqualLengths", post("Content-Length: 1\r\nContent-Length: 1\r\n", "a" + hidden), {400}, End::closed},
      {"LengthList", post("Content-Length: 1, 1\r\n", "a" + hidden), {400}, End::closed},
      {"NegativeLength", post("Content-Length: -1\r\n", hidden), {400}, End::closed},
      {"SignedLength", post("Content-Length: +1\r\n", "a" + hidden), {400}, End::closed},
      {"HexLength", post("Content-Length: 0x1\r\n", "a" + hidden), {400}, End::closed},
      {"EmptyLength", post("Content-Length:\r\n", hidden), {400}, End::closed},
      {"SplitLength", post("Content-Length: 1 1\r\n", hidden), {400}, End::closed},
      {"HugeLength", post("Content-Length: 99999999999999999999\r\n", hidden), {413}, End::closed},
      {"TooLongBody", post("Content-Length: 1048577\r\n"), {413}, End::closed},
      {"Gzip", post("Transfer-Encoding: gzip\r\n", hidden), {400}, End::closed},
      {"GzipWithLength", post("Transfer-Encoding: gzip\r\nContent-Length: 1\r\n", "a" + hidden), {400}, End::closed},
      {"GzipChunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + hidden), {501}, End::closed},
      {"ChunkedIdentity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + hidden), {400}, End::closed},
      {"ChunkedChunked", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n" + hidden), {400}, End::closed},
      {"TwoTransferEncodings",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n" + hidden),
       {400},
       End::closed},
      {"NearlyChunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + hidden), {400}, End::closed},
      {"QuotedChunked", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n" + hidden), {400}, End::closed},
      {"VerticalTabChunked",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n" + hidden),
       {400},
       End::closed},
      {"EmptyTransferEncoding", post("Transfer-Encoding:\r\n", hidden), {400}, End::closed},
      {"ChunkedOnHttp10",
       "POST /echo HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n" +
           hidden,
       {400},
       End::closed},
      {"GetWithHugeBody", get("/hello", "Connection: close\r\nContent-Length: 99999999\r\n"), {413}, End::closed},
  };
}

std::vector<Row> bad_chunks() {
  return {
      {"NoSize", chunked("\r\nabc\r\n0\r\n\r\n"), {400}, End::closed},
      {"NoHex", chunked("g\r\na\r\n0\r\n\r\n"), {400}, End::closed},
      {"HexPrefix", chunked("0x1\r\na\r\n0\r\n\r\n"), {400}, End::closed},
      {"NegativeSize", chunked("-1\r\na\r\n0\r\n\r\n"), {400}, End::closed},
      {"OverflowingSize", chunked("10000000000000001\r\na\r\n0\r\n\r\n"), {400}, End::closed},
      {"HugeSize", chunked("fffffffffffffff0\r\na\r\n0\r\n\r\n"), {413}, End::closed},
      {"TooLongInAll",
       chunked("100000\r\n" + std::string(0x100000, 'a') + "\r\n1\r\na\r\n0\r\n\r\n"),
       {413},
       End::closed},
      {"DataLongerThanSize", chunked("1\r\nabc\r\n0\r\n\r\n" + hidden), {400}, End::closed},
      {"BareLineFeedAfterSize", chunked("1\na\r\n0\r\n\r\n"), {400}, End::closed},
      {"LongExtension", chunked("1;" + std::string(300, 'a') + "\r\na\r\n0\r\n\r\n"), {400}, End::closed},
      {"EndlessExtension", chunked("1;" + std::string(20000, 'a')), {431}, End::closed},
      {"LongTrailers", chunked("0\r\nX-T: " + std::string(4100, 'a') + "\r\n\r\n"), {431}, End::closed},
      {"EndlessTrailers", chunked("0\r\nX-T: " + std::string(20000, 'a')), {431}, End::closed},
      {"LengthAsTrailer", chunked("0\r\nContent-Length: 5\r\n\r\n" + hidden), {400}, End::closed},
      {"TransferEncodingAsTrailer", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n" + hidden), {400}, End::closed},
  };
}

std::vector<Row> all_rows() {
  std::vector<Row> all;
  for (const auto& rows : {good_rows(), bad_lines(), bad_targets(), bad_heads(), bad_framing(), bad_chunks()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

class Framing : public testing::Served, public ::testing::WithParamInterface<Row> {
 protected:
  void SetUp() override { serve(); }

  // Statuses in order, and whether the connection still answers.
  static void expect(const Row& row, RawClient& client) {
    for (const int status : row.statuses) {
      const auto response = client.response();
      ASSERT_TRUE(response.has_value()) << "no answer";
      EXPECT_EQ(response->status, status) << response->body;
      EXPECT_NE(response->header("Date"), "");
      if (status >= 400) {
        EXPECT_EQ(response->header("Content-Type"), "application/problem+json");
      }
    }
    if (row.end == End::closed) {
      EXPECT_EQ(client.ending(), End::closed);
      EXPECT_EQ(client.bytes(1), "") << "something left over was answered";
      return;
    }
    const auto probe = client.ask(get("/hello"));
    ASSERT_TRUE(probe.has_value()) << "the connection is dead";
    EXPECT_EQ(probe->body, "{\"hello\":true}");
  }
};

TEST_P(Framing, IsAnsweredAsWritten) {
  RawClient client(port_);
  client.send(GetParam().sent);
  expect(GetParam(), client);
}

TEST_P(Framing, IsAnsweredTheSameInSmallPieces) {
  RawClient client(port_);
  // The server may answer and close half-way; what is sent after that is lost, as it should be.
  const std::string_view sent = GetParam().sent;
  const std::size_t piece = std::max<std::size_t>(7, sent.size() / 1000);
  for (std::size_t at = 0; at < sent.size(); at += piece) {
    if (!client.send(sent.substr(at, piece))) break;
  }
  expect(GetParam(), client);
}

INSTANTIATE_TEST_SUITE_P(Table, Framing, ::testing::ValuesIn(all_rows()),
                         [](const ::testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace simhost::net
