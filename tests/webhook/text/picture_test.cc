#include "webhook/text/picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

std::string LinesOf(const std::string& picture) {
  const size_t begin = picture.find("<text y=");
  return begin == std::string::npos ? "" : picture.substr(begin, picture.find("</g>") - begin);
}

TEST(Picture, PlacesEveryRunByItsColumn) {
  // A column is 8.4 wide, the margin 18.
  EXPECT_EQ(LinesOf(PictureOf("a  bc\n\n  d\n", "t")),
            "<text y=\"52\"><tspan x=\"18\">a</tspan><tspan x=\"43\">bc</tspan></text>\n"
            "<text y=\"90\"><tspan x=\"34\">d</tspan></text>\n");
}

TEST(Picture, ColoursAsTheTerminalDoes) {
  const Paint paint(true);
  EXPECT_EQ(LinesOf(PictureOf("x " + paint(Colour::kRed, "no") + " y", "t")),
            "<text y=\"52\"><tspan x=\"18\">x </tspan>"
            "<tspan x=\"34\" fill=\"#ff7b72\">no</tspan><tspan x=\"51\"> y</tspan></text>\n");
  for (const Colour colour :
       {Colour::kGreen, Colour::kYellow, Colour::kBlue, Colour::kBold, Colour::kFaint}) {
    EXPECT_NE(PictureOf(paint(colour, "x"), "t").find("<tspan x=\"18\" fill="), std::string::npos);
  }
}

TEST(Picture, CountsCharactersNotBytes) {
  EXPECT_EQ(LinesOf(PictureOf("░░  x", "t")),
            "<text y=\"52\"><tspan x=\"18\">░░</tspan><tspan x=\"51\">x</tspan></text>\n");
}

TEST(Picture, IsOneWellFormedDocument) {
  const std::string picture = PictureOf("if a < b && c > d\n", "check -f <job> & \"more\"");
  EXPECT_TRUE(
      picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"178\" "
                          "height=\"89\" viewBox=\"0 0 178 89\" role=\"img\">\n"))
      << picture.substr(0, 120);
  EXPECT_TRUE(picture.ends_with("</g>\n</svg>\n"));
  EXPECT_NE(picture.find("if a &lt; b &amp;&amp; c &gt; d"), std::string::npos);
  EXPECT_NE(picture.find("check -f &lt;job&gt; &amp; "), std::string::npos);
  EXPECT_EQ(picture.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(picture.begin(), picture.end(), '<'),
            std::count(picture.begin(), picture.end(), '>'));
}

// A sequence that never ends, at the very end of the text too.
TEST(Picture, TakesWhatNoTerminalWouldSend) {
  for (const char* text : {"\x1b", "\x1b[", "a\x1b[3", "\x1b[31m", "m", ""}) {
    EXPECT_TRUE(PictureOf(text, "t").ends_with("</svg>\n")) << text;
  }
}

}  // namespace
}  // namespace ballast::webhook
