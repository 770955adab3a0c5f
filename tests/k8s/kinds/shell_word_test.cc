#include "k8s/kinds/shell_word.h"

#include <gtest/gtest.h>

namespace ballast::k8s {
namespace {

struct Row {
  const char* written;
  const char* text;  // null: no word of its own
};

// As bash 5.2 takes `--conf key=WRITTEN`.
const Row kRows[] = {
    {"", ""},
    {"28g", "28g"},
    {"-XX:+UseG1GC", "-XX:+UseG1GC"},
    {"'-Da=1 -Db=2'", "-Da=1 -Db=2"},
    {"\"-Da=1 -Db=2\"", "-Da=1 -Db=2"},
    {"-Da=1\\ -Db=2", "-Da=1 -Db=2"},
    {"a'b'\"c\"d", "abcd"},
    {"\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d"},
    {"'a\\b'", "a\\b"},
    {"it'\\''s", nullptr},
    {"'it'\\''s'", "it's"},
    {"{{EXECUTOR_ID}}", "{{EXECUTOR_ID}}"},
    {"a{b,c}", nullptr},
    {"{1..3}", nullptr},
    {"'{b,c}'", "{b,c}"},
    {"-Da=1 -Db=2", nullptr},
    {" 8g", nullptr},
    {"8g\n", nullptr},
    {"jdbc:x?a=b&c=d", nullptr},
    {"a;b", nullptr},
    {"$HOME/x", nullptr},
    {"\"$HOME/x\"", nullptr},
    {"'$HOME/x'", "$HOME/x"},
    {"`id`", nullptr},
    {"'open", nullptr},
    {"\"open", nullptr},
    {"open\\", nullptr},
    {"a\\\nb", nullptr},
    {"(a)", nullptr},
    {"a>b", nullptr},
};

TEST(ShellWord, IsWhatTheShellLeavesOfAText) {
  for (const Row& row : kRows) {
    const ShellWord word = ReadShellWord(row.written);
    EXPECT_EQ(word.whole, row.text != nullptr) << row.written;
    EXPECT_EQ(word.text, row.text == nullptr ? row.written : row.text) << row.written;
  }
}

TEST(ShellWord, WhatIsQuotedIsReadBack) {
  EXPECT_EQ(QuoteForShell("28g"), "28g");
  EXPECT_EQ(QuoteForShell("-Da=1 -Db=2"), "'-Da=1 -Db=2'");
  EXPECT_EQ(QuoteForShell("it's"), "'it'\\''s'");
  for (const Row& row : kRows) {
    const ShellWord back = ReadShellWord(QuoteForShell(row.written));
    EXPECT_TRUE(back.whole) << row.written;
    EXPECT_EQ(back.text, row.written);
  }
}

}  // namespace
}  // namespace ballast::k8s
