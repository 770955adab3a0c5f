#include "k8s/properties.h"

#include <gtest/gtest.h>

#include <random>

namespace ballast::k8s {
namespace {

struct Case {
  const char* name;
  const char* text;
  std::map<std::string, std::string> want;
};

const Case kCases[] = {
    {"OnePerLine", "a=1\nb=2\n", {{"a", "1"}, {"b", "2"}}},
    {"SeparatedByColonOrBlank",
     "a:1\nb 2\nc\t=\t3\nd = 4",
     {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}},
    {"CommentsAndBlankLines", "# a=1\n  ! b=2\n\n \t\nc=3", {{"c", "3"}}},
    {"TheLastOfEqualKeysCounts", "a=1\na=2\n", {{"a", "2"}}},
    {"EscapedSeparators", "a\\=b\\:c\\ d=x\\=y\n", {{"a=b:c d", "x=y"}}},
    {"UnescapedSeparatorsInValues", "a=b=c:d #e\n", {{"a", "b=c:d #e"}}},
    {"ContinuedLine", "a=one\\\n    two\\\n\tthree\nb=4\n", {{"a", "onetwothree"}, {"b", "4"}}},
    {"TwoBackslashesDoNotContinue", "a=one\\\\\nb=2\n", {{"a", "one\\"}, {"b", "2"}}},
    {"ACommentDoesNotContinue", "# one\\\na=1\n", {{"a", "1"}}},
    {"BackslashAtTheEndOfTheFile", "a=1\\", {{"a", "1"}}},
    {"NamedEscapes", "a=x\\ty\\nz\\q\n", {{"a", "x\ty\nzq"}}},
    {"UnicodeEscapes", "a=\\u00e9\\ud83d\\ude00\n", {{"a", "é😀"}}},
    {"HalfASurrogatePair", "a=x\\ud83dy\n", {{"a", "x\xEF\xBF\xBDy"}}},
    {"CarriageReturns", "a=1\r\nb=2\rc=3", {{"a", "1"}, {"b", "2"}, {"c", "3"}}},
    {"TrailingBlanksAreTrimmedAsSparkDoes", "a= 1 \t\n", {{"a", "1"}}},
    {"KeyWithoutValue", "a\nb=\n", {{"a", ""}, {"b", ""}}},
    {"EmptyKey", "=1\n", {{"", "1"}}},
    {"Empty", "", {}},
};

TEST(Properties, ReadAsJavaReadsThem) {
  for (const Case& c : kCases) {
    const auto read = Properties::Parse(c.text);
    ASSERT_TRUE(read.ok()) << c.name;
    EXPECT_EQ(read->ToConf().ToMap(), c.want) << c.name;
    EXPECT_EQ(read->Print(), c.text) << c.name;
  }
}

TEST(Properties, ABrokenEscapeNamesItsLine) {
  for (const char* text : {"a=1\nb=\\u12\n", "a=1\n\\u12g4=2\n", "#\nb=\\u"}) {
    const auto read = Properties::Parse(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().where, "line 2") << text;
    EXPECT_EQ(read.error().what, "a \\u escape needs four hexadecimal digits, as in \\u00e9");
  }
}

TEST(Properties, AnAddedLineStandsAlone) {
  const std::pair<const char*, const char*> kAdded[] = {
      {"", "k=v\n"},
      {"a=1", "a=1\nk=v\n"},
      {"a=1\n", "a=1\nk=v\n"},
      {"a=1\\", "a=1\nk=v\n"},
      {"a=1\\\n", "a=1\nk=v\n"},
      {"a=1\\\\", "a=1\\\\\nk=v\n"},
      {"a=1\\\n\\\n", "a=1\nk=v\n"},
      {"a=1\\\r\\\n", "a=1\nk=v\n"},
      {"a=1\\\r  \\\n", "a=1\\\r  \nk=v\n"},
      {"# a\\", "# a\\\nk=v\n"},
  };
  for (const auto& [text, want] : kAdded) {
    auto file = *Properties::Parse(text);
    file.Set("k", "v");
    EXPECT_EQ(file.Print(), want) << text;
  }
}

TEST(Properties, AChangeTouchesOnlyItsOwnLine) {
  auto file = *Properties::Parse(
      "#Java properties\n#Fri\nz: 1\nspark.executor.memory=28g\n\ny = \\\n  2\nx=3");
  file.Set("spark.executor.memory", "7g");
  file.Set("new key", " a=b");
  file.Remove("x");
  EXPECT_EQ(file.Print(),
            "#Java properties\n#Fri\nz: 1\nspark.executor.memory=7g\n\ny = \\\n  2\nnew\\ key=\\ "
            "a\\=b\n");
}

TEST(Properties, WhatIsPrintedReadsBack) {
  std::mt19937 random(7);
  const std::string alphabet = " \t\n\r\f=:#!\\abc\xC3\xA9u0";
  for (int round = 0; round < 2000; ++round) {
    auto word = [&] {
      std::string text;
      for (size_t n = random() % 8; n > 0; --n) text += alphabet[random() % alphabet.size()];
      return text;
    };
    const std::string key = word();
    const std::string value = word();
    Properties file;
    file.Set(key, value);
    const auto read = Properties::Parse(file.Print());
    ASSERT_TRUE(read.ok()) << file.Print();
    // Spark trims what it reads, so blanks at the ends of a value do not survive.
    const size_t first = value.find_first_not_of(" \t\n\r\f");
    const size_t last = value.find_last_not_of(" \t\n\r\f");
    const std::string trimmed =
        first == std::string::npos ? "" : value.substr(first, last - first + 1);
    EXPECT_EQ(read->Get(key), trimmed) << file.Print();
  }
}

}  // namespace
}  // namespace ballast::k8s
