#include "webhook/text/line_diff.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace ballast::webhook {
namespace {

std::string Diff(std::string_view before, std::string_view after) {
  return LineDiff(before, after, "old", "new", Paint(false));
}

struct DiffCase {
  const char* name;
  const char* before;
  const char* after;
  const char* want;
};

TEST(LineDiff, IsAUnifiedDiff) {
  const DiffCase cases[] = {
      {"Equal", "a\nb\n", "a\nb\n", ""},
      {"OneLineReplaced", "a\nb\nc\n", "a\nx\nc\n",
       "--- old\n+++ new\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
      {"IntoNothing", "", "a\nb\n", "--- old\n+++ new\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
      {"ToNothing", "a\n", "", "--- old\n+++ new\n@@ -1,1 +0,0 @@\n-a\n"},
      {"ThreeLinesOfContext", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
       "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
      // Six equal lines between two changes are shown, seven cut the hunk in two.
      {"OneHunk", "a\n1\n2\n3\n4\n5\n6\nb\n", "x\n1\n2\n3\n4\n5\n6\ny\n",
       "--- old\n+++ new\n@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n"},
      {"TwoHunks", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
       "--- old\n+++ new\n@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n "
       "7\n-b\n+y\n"},
      {"TheFewestLines", "a\nb\nc\nd\n", "b\nc\nd\ne\n",
       "--- old\n+++ new\n@@ -1,4 +1,4 @@\n-a\n b\n c\n d\n+e\n"},
  };
  for (const DiffCase& test : cases)
    EXPECT_EQ(Diff(test.before, test.after), test.want) << test.name;
}

TEST(LineDiff, ColoursWhatWentAndWhatCame) {
  const std::string text = LineDiff("a\n", "b\n", "old", "new", Paint(true));
  EXPECT_NE(text.find("\x1b[31m-a\x1b[0m\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[32m+b\x1b[0m\n"), std::string::npos) << text;
}

// What `patch` does with a unified diff; a line of context that is not there fails the test.
std::string Apply(const std::string& before, const std::string& diff) {
  std::vector<std::string> lines;
  std::istringstream old_text(before);
  for (std::string line; std::getline(old_text, line);) lines.push_back(line);
  std::istringstream text(diff);
  std::string after;
  size_t next = 0;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("--- ") || line.starts_with("+++ ")) continue;
    if (line.starts_with("@@ -")) {
      const size_t first = std::stoul(line.substr(4));
      const size_t count = std::stoul(line.substr(line.find(',') + 1));
      while (next + 1 < first + (count == 0 ? 1 : 0)) after += lines.at(next++) + "\n";
    } else if (line[0] == '+') {
      after += line.substr(1) + "\n";
    } else {
      EXPECT_EQ(lines.at(next), line.substr(1)) << diff;
      if (line[0] == ' ') after += lines.at(next) + "\n";
      ++next;
    }
  }
  while (next < lines.size()) after += lines[next++] + "\n";
  return after;
}

TEST(LineDiff, AppliedToTheOldTextGivesTheNewOne) {
  std::mt19937 random(11);
  const auto text = [&] {
    std::string lines;
    for (auto n = random() % 30; n > 0; --n) {
      lines += static_cast<char>('a' + random() % 4);
      lines += '\n';
    }
    return lines;
  };
  for (int round = 0; round < 2000; ++round) {
    const std::string before = text();
    const std::string after = text();
    ASSERT_EQ(Apply(before, Diff(before, after)), after) << before << "--\n" << after;
  }
}

TEST(LineDiff, TextsTooLongToCompareAreShownAsReplaced) {
  std::string before, after;
  for (int i = 0; i < 12'000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  EXPECT_TRUE(Diff(before, after).starts_with("--- old\n+++ new\n@@ -1,12000 +1,12000 @@\n-a0\n"));
  EXPECT_EQ(Apply(before, Diff(before, after)), after);
}

}  // namespace
}  // namespace ballast::webhook
