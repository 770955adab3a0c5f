// The two cutters of streams: whatever the pieces are in which bytes come, the same comes out.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "k8s/api/line_splitter.h"
#include "k8s/api/list_splitter.h"

namespace ballast::k8s {
namespace {

struct Cut {
  bool good = true;
  std::vector<std::string> parts;
  std::string rest;
  bool over = false;      // a bound
  bool complete = false;  // of a list
};

Cut CutList(const std::string& text, size_t piece, size_t largest = 1000) {
  Cut cut;
  ListSplitter splitter(largest, [&](std::string_view item) {
    cut.parts.emplace_back(item);
    return true;
  });
  for (size_t at = 0; at < text.size() && cut.good; at += piece) {
    cut.good = splitter.Feed(std::string_view(text).substr(at, piece));
  }
  cut.rest = splitter.rest();
  cut.over = splitter.too_large();
  cut.complete = splitter.complete();
  return cut;
}

struct ListCase {
  std::string name;
  std::string text;
  std::vector<std::string> items;
  std::string rest;
};
void PrintTo(const ListCase& list, std::ostream* out) { *out << list.name; }

const ListCase kLists[] = {
    {"Empty", R"({"items":[],"metadata":{}})", {}, R"({"items":[],"metadata":{}})"},
    {"Two",
     R"({"kind":"NodeList","items":[{"a":1}, {"b":[{}]}],"metadata":{"continue":"x"}})",
     {R"({"a":1})", R"({"b":[{}]})"},
     R"({"kind":"NodeList","items":[],"metadata":{"continue":"x"}})"},
    {"MarksInTexts",
     R"({"items":[{"a":"}]\"{\\"}],"b":"\"items\":["})",
     {R"({"a":"}]\"{\\"})"},
     R"({"items":[],"b":"\"items\":["})"},
    {"ItemsFurtherIn",
     R"({"metadata":{"items":[{"a":1}]},"items":[{"items":[1]}]})",
     {R"({"items":[1]})"},
     R"({"metadata":{"items":[{"a":1}]},"items":[]})"},
    {"ItemsThatAreNoList", R"({"items":{"a":1}})", {}, R"({"items":{"a":1}})"},
    {"SpacedOut",
     "{ \"items\" : [ {\"a\":1} ,\n {\"b\":2} ] }\n",
     {R"({"a":1})", R"({"b":2})"},
     "{ \"items\" : [] }\n"},
    // Handed on, so that whoever parses it refuses it.
    {"ItemsThatAreNoObjects", R"({"items":[1,"two"]})", {R"(1,"two")"}, R"({"items":[]})"},
};

class ListSplitterTest : public testing::TestWithParam<ListCase> {};

TEST_P(ListSplitterTest, CutsTheSameWhateverThePieces) {
  for (size_t piece = 1; piece <= GetParam().text.size(); ++piece) {
    const Cut cut = CutList(GetParam().text, piece);
    EXPECT_TRUE(cut.good);
    EXPECT_TRUE(cut.complete);
    EXPECT_EQ(cut.parts, GetParam().items) << "in pieces of " << piece;
    EXPECT_EQ(cut.rest, GetParam().rest) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(Lists, ListSplitterTest, testing::ValuesIn(kLists),
                         [](const auto& tested) { return tested.param.name; });

TEST(ListSplitterBounds, AnObjectAtTheBoundAndOneOverIt) {
  const std::string object = R"({"a":")" + std::string(92, 'x') + R"("})";
  ASSERT_EQ(object.size(), 100u);
  const std::string list = R"({"items":[)" + object + "]}";
  EXPECT_TRUE(CutList(list, 7, 100).good);
  const Cut over = CutList(list, 7, 99);
  EXPECT_FALSE(over.good);
  EXPECT_TRUE(over.over);
}

TEST(ListSplitterBounds, WhatStandsBesideTheItemsIsBoundedToo) {
  EXPECT_TRUE(CutList(R"({"a":")" + std::string(100'000, 'x') + R"("})", 1000, 1 << 20).over);
}

TEST(ListSplitterBounds, WhatEndsTooSoonIsNotComplete) {
  EXPECT_FALSE(CutList(R"({"items":[{"a":1},{"b")", 3).complete);
  EXPECT_FALSE(CutList("", 3).complete);
  EXPECT_FALSE(CutList("]", 3).good);
}

TEST(ListSplitterBounds, TheReaderMayEndIt) {
  int seen = 0;
  ListSplitter splitter(100, [&](std::string_view) { return ++seen < 2; });
  EXPECT_FALSE(splitter.Feed(R"({"items":[{},{},{}]})"));
  EXPECT_EQ(seen, 2);
}

TEST(LineSplitterTest, CutsTheSameWhateverThePieces) {
  const std::string text = "one\n\nthree\nfour";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    std::vector<std::string> lines;
    LineSplitter splitter(100, [&](std::string_view line) {
      lines.emplace_back(line);
      return true;
    });
    for (size_t at = 0; at < text.size(); at += piece) {
      EXPECT_TRUE(splitter.Feed(std::string_view(text).substr(at, piece)));
    }
    EXPECT_EQ(lines, (std::vector<std::string>{"one", "three"}));
  }
}

TEST(LineSplitterTest, ALineAtTheBoundAndOneOverIt) {
  const auto feed = [](size_t length, size_t piece) {
    LineSplitter splitter(100, [](std::string_view) { return true; });
    const std::string text = std::string(length, 'x') + "\n";
    bool good = true;
    for (size_t at = 0; at < text.size() && good; at += piece) {
      good = splitter.Feed(std::string_view(text).substr(at, piece));
    }
    return good && !splitter.too_long();
  };
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{1000}}) {
    EXPECT_TRUE(feed(100, piece));
    EXPECT_FALSE(feed(101, piece));
  }
}

}  // namespace
}  // namespace ballast::k8s
