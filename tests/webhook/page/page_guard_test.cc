// Who may ask for the page: its own page and people, not other sites, whatever they call
// themselves.
#include "webhook/page/page_guard.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace ballast::webhook {
namespace {

TEST(PageGuard, OnlyNamesOfLoopback) {
  for (const char* host : {"localhost", "localhost:8081", "LocalHost:1", "127.0.0.1",
                           "127.0.0.1:8081", "127.8.9.10:65535", "[::1]", "[::1]:8081"}) {
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  }
  for (const char* host : {"",
                           "evil.example",
                           "evil.example:8081",
                           "localhost.evil.example",
                           "127.0.0.1.evil.example",
                           "128.0.0.1",
                           "127.0.0",
                           "127.0.0.1.1",
                           "127.0.0.256",
                           "127.0.0.0001",
                           "127.0.0.",
                           "0.0.0.0",
                           "[::2]",
                           "[::1",
                           "::1",
                           "localhost:",
                           "localhost:0",
                           "localhost:65536",
                           "localhost:80a",
                           "localhost:80:80",
                           "127.0.0.1@evil.example",
                           "localhost/",
                           " localhost"}) {
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
  }
}

struct Case {
  std::string name;
  PageRequestHeaders headers;
  std::string want;  // a part of the refusal; empty: it is answered
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

constexpr const char* kHere = "localhost:8081";
constexpr const char* kOwn = "http://localhost:8081";

const Case kCases[] = {
    {"ByHand", {"GET", kHere, "", "none", "navigate"}, ""},
    {"ByCurl", {"GET", kHere, "", "", ""}, ""},
    {"ItsOwnScript", {"GET", kHere, "", "same-origin", "cors"}, ""},
    {"ALinkFromElsewhere", {"GET", kHere, "", "cross-site", "navigate"}, ""},
    {"AnImageElsewhere", {"GET", kHere, "", "cross-site", "no-cors"}, "another site may not read"},
    {"AnotherPortReads", {"GET", kHere, "", "same-site", "cors"}, "another site may not read"},
    {"ReboundName", {"GET", "evil.example:8081", "", "same-origin", "cors"}, "for localhost alone"},
    {"NoHost", {"GET", "", "", "", ""}, "for localhost alone"},
    {"ItsOwnForm", {"POST", kHere, kOwn, "same-origin", "navigate"}, ""},
    {"CurlPosts", {"POST", kHere, "", "", ""}, ""},
    {"AFormElsewhere",
     {"POST", kHere, "https://evil.example", "cross-site", "navigate"},
     "another site may not send"},
    {"AFormElsewhereOfAnOldBrowser",
     {"POST", kHere, "https://evil.example", "", ""},
     "another origin may not send"},
    {"AnotherPortPosts",
     {"POST", kHere, "http://localhost:3000", "same-site", "cors"},
     "another site may not send"},
    {"ASandboxedFrame", {"POST", kHere, "null", "", ""}, "another origin may not send"},
    {"TheSameNameByTls",
     {"POST", kHere, "https://localhost:8081", "", ""},
     "another origin may not send"},
    {"ABrowserWithoutOrigin",
     {"POST", kHere, "", "same-origin", "cors"},
     "the request names no origin"},
    {"ReboundPost",
     {"POST", "evil.example:8081", "http://evil.example:8081", "same-origin", "cors"},
     "for localhost alone"},
};

class PageGuard : public testing::TestWithParam<Case> {};

TEST_P(PageGuard, Answers) {
  const std::string why(WhyRefused(GetParam().headers));
  if (GetParam().want.empty()) {
    EXPECT_EQ(why, "");
  } else {
    EXPECT_NE(why.find(GetParam().want), std::string::npos) << why;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, PageGuard, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ballast::webhook
