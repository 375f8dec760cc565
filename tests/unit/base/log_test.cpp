// Log lines: their text, their level, and that no input begins a line of its own.
#include <host/base/log.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace simhost {
namespace {

TEST(Log, WritesPairsAndQuotesWhatHoldsBlanks) {
  EXPECT_EQ(log_text("net", "listening", {{"host", "127.0.0.1"}, {"port", 8080}, {"tls", false}, {"load", 0.5}}),
            "net: listening host=127.0.0.1 port=8080 tls=false load=0.5");
  EXPECT_EQ(log_text("net", "no", {{"why", "in use"}, {"empty", ""}}), "net: no why=\"in use\" empty=\"\"");
}

TEST(Log, EscapesControlCharactersAndBadBytes) {
  EXPECT_EQ(log_text("net", "a\nb", {{"path", "/x\n2026 error"}}), "net: a b path=\"/x\\n2026 error\"");
  EXPECT_EQ(log_text("net", "m", {{"path", "a\xff\xfe z\xff"}}), "net: m path=\"a?? z?\"");
}

TEST(Log, DropsLinesBelowItsLevel) {
  std::vector<std::string> lines;
  set_log_sink([&lines](LogLevel, std::string_view line) { lines.emplace_back(line); });
  log_debug("base", "quiet");
  log_info("base", "loud", {{"n", 1}});
  set_log_level(LogLevel::error);
  log_warning("base", "quiet");
  log_error("base", "bad");
  set_log_level(LogLevel::info);
  set_log_sink({});
  EXPECT_EQ(lines, (std::vector<std::string>{"base: loud n=1", "base: bad"}));
}

}  // namespace
}  // namespace simhost
