// Files as answers: whole, in ranges, known already, gone; and bytes that are made on the way.
#include <fstream>

#include <gtest/gtest.h>

#include <api/http/content.hpp>
#include <tests/support/folder.hpp>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using testing::header_of;
using testing::request_of;

class AFile : public ::testing::Test {
 protected:
  AFile() { folder_.write("ten", "0123456789"); }

  Response ask(Pairs headers = {}, std::string method = "GET") {
    return answer_file(*request_of(std::move(method), "/file", std::move(headers)),
                       {folder_.path() + "/ten", "text/plain", name_, etag_});
  }
  // All of the body, in pieces of three bytes.
  static std::string read(const Response& response) {
    const auto* content = std::get_if<Content>(&response.body);
    std::string out;
    for (std::size_t before = 1; content != nullptr && before != 0;) {
      std::string piece;
      EXPECT_TRUE(content->source->next(piece, 3));
      before = piece.size();
      out += piece;
    }
    EXPECT_TRUE(content == nullptr || content->bytes == out.size());
    return out;
  }

  support::Folder folder_;
  std::string name_ = "data.txt", etag_;
};

TEST_F(AFile, IsGivenAsAWhole) {
  const Response response = ask();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(read(response), "0123456789");
  EXPECT_EQ(response.media_type, "text/plain");
  EXPECT_EQ(header_of(response, "Accept-Ranges"), "bytes");
  EXPECT_EQ(header_of(response, "Content-Disposition"), "attachment; filename=\"data.txt\"");
}

TEST_F(AFile, IsGivenInPart) {
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      {"bytes=0-0", {"0", "bytes 0-0/10"}},          {"bytes=3-5", {"345", "bytes 3-5/10"}},
      {"bytes=7-", {"789", "bytes 7-9/10"}},         {"bytes=-4", {"6789", "bytes 6-9/10"}},
      {"bytes=-99", {"0123456789", "bytes 0-9/10"}}, {"BYTES = 8-99999999999999999999", {"89", "bytes 8-9/10"}},
  };
  for (const auto& [range, wanted] : cases) {
    const Response response = ask({{"range", range}});
    EXPECT_EQ(response.status, 206) << range;
    EXPECT_EQ(read(response), wanted.first) << range;
    EXPECT_EQ(header_of(response, "Content-Range"), wanted.second) << range;
  }
}

TEST_F(AFile, IsGivenAsAWholeForARangeThatIsNone) {
  for (const char* range :
       {"bytes=5-3", "bytes=a-b", "bytes", "bytes=", "lines=1-2", "bytes=0-1,4-5", "bytes=--1", "bytes=+1-2"}) {
    EXPECT_EQ(ask({{"range", range}}).status, 200) << range;
  }
  EXPECT_EQ(ask({{"range", "bytes=1-2"}}, "HEAD").status, 200) << "a range is of GET alone";
}

TEST_F(AFile, RefusesARangeBeyondItsEnd) {
  for (const char* range : {"bytes=10-", "bytes=10-20", "bytes=-0"}) {
    const Response response = ask({{"range", range}});
    ASSERT_TRUE(response.error) << range;
    EXPECT_EQ(response.error->code, "range_not_satisfiable");
    EXPECT_EQ(header_of(response, "Content-Range"), "bytes */10");
  }
}

TEST_F(AFile, GoesOnOnlyWithTheVersionItWasBegunWith) {
  const std::string tag = header_of(ask(), "ETag");
  EXPECT_EQ(ask({{"range", "bytes=3-5"}, {"if-range", tag}}).status, 206);
  for (const std::string& other : {std::string("\"other\""), std::string("Tue, 15 Nov 1994 08:12:31 GMT"), "W/" + tag})
    EXPECT_EQ(ask({{"range", "bytes=3-5"}, {"if-range", other}}).status, 200) << other;
  folder_.write("ten", "abcdefghij");
  EXPECT_EQ(ask({{"range", "bytes=3-5"}, {"if-range", tag}}).status, 200);
  EXPECT_NE(header_of(ask(), "ETag"), tag);
}

TEST_F(AFile, IsNotSentToWhoHasIt) {
  etag_ = "\"seven\"";
  EXPECT_EQ(ask({{"if-none-match", "\"seven\""}, {"range", "bytes=1-2"}}).status, 304);
  EXPECT_EQ(ask({{"if-none-match", "\"six\""}}).status, 200);
}

TEST_F(AFile, KeepsItsBytesWhenItIsRemovedMeanwhile) {
  const Response response = ask();
  std::filesystem::remove(folder_.path() + "/ten");
  EXPECT_EQ(read(response), "0123456789");
  EXPECT_EQ(ask().error->code, "not_found");
}

TEST_F(AFile, SaysThatItBecameShorter) {
  const Response response = ask();
  folder_.write("ten", "01");
  std::string piece;
  EXPECT_FALSE(std::get<Content>(response.body).source->next(piece, 10));
}

TEST_F(AFile, IsNoFolder) {
  const Response response = answer_file(*request_of("GET", "/file"), {folder_.path(), "text/plain"});
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, "not_found");
}

TEST_F(AFile, IsSavedUnderAnyName) {
  name_ = "a\"b\r\n\xc3\xa4.txt";
  EXPECT_EQ(header_of(ask(), "Content-Disposition"),
            "attachment; filename=\"a_b____.txt\"; filename*=UTF-8''a%22b%0D%0A%C3%A4.txt");
}

TEST(MadeBytes, AreAskedForPieceByPiece) {
  int pieces = 0;
  const Response response = answer_bytes(
      [&](std::string& out, std::size_t) -> Outcome {
        if (++pieces < 3) out += "x";
        return {};
      },
      "text/csv", "rows.csv");
  const auto& content = std::get<Content>(response.body);
  EXPECT_FALSE(content.bytes);
  EXPECT_EQ(pieces, 0) << "nothing is made before it is asked for";
  std::string out;
  while (content.source->next(out, 100) && pieces < 3) {
  }
  EXPECT_EQ(out, "xx");
}

}  // namespace
}  // namespace simhost::http
