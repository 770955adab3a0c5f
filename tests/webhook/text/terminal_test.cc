#include "webhook/text/terminal.h"

#include <gtest/gtest.h>

#include <limits>

namespace ballast::webhook {
namespace {

TEST(Terminal, ATableAlignsWhatIsSeen) {
  const Paint paint(true);
  Table table({Table::Align::kLeft, Table::Align::kRight});
  table.Add({paint(Colour::kRed, "heap"), "28,672"});
  table.Add({"réserve", "300"});
  table.Add({"x"});
  EXPECT_EQ(table.Print("| "), "| \x1b[31mheap\x1b[0m     28,672\n| réserve     300\n| x\n");
}

TEST(Terminal, WithoutColoursNoSequenceIsWritten) {
  EXPECT_EQ(Paint(false)(Colour::kRed, "no"), "no");
}

// What others wrote moves no cursor and hides nothing.
TEST(Terminal, ControlCharactersAreShownAndNotObeyed) {
  struct Case {
    std::string_view text;
    std::string_view want;
  };
  const std::string red = Paint(true)(Colour::kRed, "name");
  for (const Case& c : {Case{"a\x1b[2Jb", "a\\u001b[2Jb"}, Case{"a\rb\bc", "a\\u000db\\u0008c"},
                        Case{"\x7f", "\\u007f"}, Case{"\u009b31m", "\\u009b31m"},
                        Case{"one\n\ttwo é → ░", "one\n\ttwo é → ░"}, Case{"\xc2", "\xc2"},
                        Case{std::string_view("\0x", 2), "\\u0000x"}}) {
    EXPECT_EQ(Harmless(c.text, true), c.want);
    EXPECT_EQ(Harmless(c.text, false), c.want);
  }
  EXPECT_EQ(Harmless(red, true), red);
  EXPECT_EQ(Harmless(red, false), "\\u001b[31mname\\u001b[0m");
}

TEST(Terminal, ABarIsHeldBetweenEmptyAndFull) {
  struct Case {
    double share;
    const char* want;
  };
  for (const Case& c :
       {Case{0, "░░░░"}, Case{0.5, "██░░"}, Case{1, "████"}, Case{7, "████"}, Case{-1, "░░░░"},
        Case{std::numeric_limits<double>::quiet_NaN(), "░░░░"}, Case{0.28, "█▏░░"}}) {
    EXPECT_EQ(Bar(c.share, 4), c.want) << c.share;
  }
}

TEST(Terminal, NumbersForPeople) {
  EXPECT_EQ(HumanMebibytes(384), "384 MiB");
  EXPECT_EQ(HumanMebibytes(1023.5), "1023.5 MiB");
  EXPECT_EQ(HumanMebibytes(1024), "1 GiB");
  EXPECT_EQ(HumanMebibytes(31539), "30.8 GiB");
  EXPECT_EQ(HumanMebibytes(10.08 * 1024 * 1024), "10.08 TiB");
  EXPECT_EQ(HumanCores(4000), "4");
  EXPECT_EQ(HumanCores(3500), "3.5");
  EXPECT_EQ(HumanCores(1312000), "1,312");
  EXPECT_EQ(Grouped(-1234567), "-1,234,567");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Percent(0.45), "45 %");
  EXPECT_EQ(Percent(0.9772), "97.7 %");
}

}  // namespace
}  // namespace ballast::webhook
