#include "webhook/server/http_framing.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace ballast::webhook {
namespace {

using namespace std::chrono_literals;

TEST(HttpFraming, ReadsLengthExpectationTargetAndTimeout) {
  const std::string head =
      "POST /mutate?a=b&timeout=5s HTTP/1.1\r\nhost: x\r\nCONTENT-LENGTH: \t42 \r\n"
      "Expect: 100-Continue\r\n\r\n";
  const Framing framing = ReadFraming(head, {});
  EXPECT_EQ(framing.refuse, 0) << framing.reason;
  EXPECT_EQ(framing.target, "/mutate?a=b&timeout=5s");
  EXPECT_EQ(framing.content_length, 42U);
  EXPECT_TRUE(framing.expects_continue);
  EXPECT_EQ(framing.timeout, 5s);
}

struct FramingCase {
  const char* name;
  std::string lines;  // after "POST / HTTP/1.1\r\n"
  int refuse;
};

TEST(HttpFraming, RefusesWhatCanBeReadInTwoWays) {
  FramingLimits limits;
  limits.max_body_bytes = 100;
  limits.max_header_lines = 2;
  for (const FramingCase& row : {
           FramingCase{"AtTheCap", "Content-Length: 100\r\n", 0},
           FramingCase{"OverTheCap", "Content-Length: 101\r\n", 413},
           FramingCase{"LeadingZeros", "Content-Length: 007\r\n", 0},
           FramingCase{"PlusSign", "Content-Length: +7\r\n", 400},
           FramingCase{"Hexadecimal", "Content-Length: 0x7\r\n", 400},
           FramingCase{"List", "Content-Length: 7, 7\r\n", 400},
           FramingCase{"Empty", "Content-Length:\r\n", 400},
           FramingCase{"Twice", "Content-Length: 7\r\nContent-Length: 7\r\n", 400},
           FramingCase{"Chunked", "transfer-encoding: chunked\r\n", 411},
           FramingCase{"ChunkedAndLength", "Content-Length: 7\r\nTransfer-Encoding: identity\r\n",
                       411},
           FramingCase{"SpaceBeforeColon", "Content-Length : 7\r\n", 400},
           FramingCase{"Folded", "Content-Length: 7\r\n folded\r\n", 400},
           FramingCase{"BareLineFeed", "A: b\nContent-Length: 7\r\n", 400},
           FramingCase{"NullByte", std::string("A: \0b\r\n", 7), 400},
           FramingCase{"NoColon", "hello\r\n", 400},
           FramingCase{"NoName", ": hello\r\n", 400},
           FramingCase{"TwoLines", "A: b\r\nContent-Length: 7\r\n", 0},
           FramingCase{"ThreeLines", "A: b\r\nC: d\r\nContent-Length: 7\r\n", 431},
           FramingCase{"NoLength", "A: b\r\n", 411},
       }) {
    EXPECT_EQ(ReadFraming("POST / HTTP/1.1\r\n" + row.lines + "\r\n", limits).refuse, row.refuse)
        << row.name;
  }
}

struct CloseCase {
  const char* name;
  const char* lines;  // after "GET / HTTP/1.1\r\n"
  bool closes;
};

TEST(HttpFraming, KnowsWhetherTheClientClosesHoweverItIsWritten) {
  for (const CloseCase& row : {
           CloseCase{"NotSaid", "A: close\r\n", false},
           CloseCase{"Plain", "Connection: close\r\n", true},
           CloseCase{"AnyCase", "CONNECTION: Close\r\n", true},
           CloseCase{"InAList", "Connection: foo, close\r\n", true},
           CloseCase{"FirstInAList", "Connection: close\t,foo\r\n", true},
           CloseCase{"OnAnotherLine", "Connection: close\r\nConnection: foo\r\n", true},
           CloseCase{"EmptyItems", "Connection: ,,close\r\n", true},
           CloseCase{"KeepAlive", "Connection: keep-alive\r\n", false},
           CloseCase{"PartOfAWord", "Connection: closed, not-close\r\n", false},
           CloseCase{"Empty", "Connection:\r\n", false},
       }) {
    const Framing framing = ReadFraming("GET / HTTP/1.1\r\n" + std::string(row.lines) + "\r\n", {});
    EXPECT_EQ(framing.refuse, 0) << row.name;
    EXPECT_EQ(framing.closes, row.closes) << row.name;
  }
}

TEST(HttpFraming, IgnoresTheExpectationOfHttp10) {
  const std::string lines = "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n";
  EXPECT_TRUE(ReadFraming("POST / HTTP/1.1\r\n" + lines, {}).expects_continue);
  const Framing old = ReadFraming("POST / HTTP/1.0\r\n" + lines, {});
  EXPECT_EQ(old.refuse, 0);
  EXPECT_FALSE(old.expects_continue);
}

TEST(HttpFraming, FindsTheEndOfTheHeadHoweverItArrives) {
  const std::string text = "GET / HTTP/1.1\r\nA: b\r\n\r\nbody\r\n\r\n";
  const size_t end = text.find("body");
  for (size_t searched = 0; searched <= end; ++searched) {
    const std::string_view part = std::string_view(text).substr(0, searched);
    EXPECT_EQ(FindHeadEnd(part, 0), searched == end ? end : std::string_view::npos) << searched;
    if (searched == end) continue;
    EXPECT_EQ(FindHeadEnd(text, searched), end) << searched;
  }
}

struct DurationCase {
  const char* text;
  std::chrono::nanoseconds want;  // 0: none
};

TEST(ParseGoDuration, ReadsWhatGoPrints) {
  for (const DurationCase& row : {
           DurationCase{"5s", 5s},
           DurationCase{"1m30s", 90s},
           DurationCase{"500ms", 500ms},
           DurationCase{"1.5s", 1500ms},
           DurationCase{"1h0m0s", 3600s},
           DurationCase{"999999h", 24h},
           DurationCase{"1ns", 1ns},
           DurationCase{"0s", 0s},
           DurationCase{"-5s", 0s},
           DurationCase{"5", 0s},
           DurationCase{"s", 0s},
           DurationCase{"5 s", 0s},
           DurationCase{"5d", 0s},
           DurationCase{"1e3s", 0s},
           DurationCase{"nan", 0s},
           DurationCase{"", 0s},
       }) {
    EXPECT_EQ(ParseGoDuration(row.text).value_or(0ns), row.want) << row.text;
  }
}

}  // namespace
}  // namespace ballast::webhook
