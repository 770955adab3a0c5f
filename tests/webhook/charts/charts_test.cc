#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "webhook/charts/axis.h"
#include "webhook/charts/label.h"
#include "webhook/charts/memory_chart.h"
#include "webhook/charts/parts_chart.h"
#include "webhook/charts/timeline_chart.h"

namespace ballast::webhook {
namespace {

using policy::Bytes;
using policy::Gibibytes;
using policy::Mebibytes;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}
bool Has(const std::string& text, const std::string& part) { return Count(text, part) > 0; }

std::string Labels(policy::ByteSize most) {
  std::string labels;
  for (const auto tick : MemoryTicks(most)) labels += MemoryLabel(tick) + ";";
  return labels;
}
std::string Times(int64_t span) {
  std::string labels;
  for (const int64_t tick : TimeTicks(span)) labels += TimeLabel(tick) + ";";
  return labels;
}

TEST(Axis, NamesFewAndPlainValues) {
  EXPECT_EQ(Labels(Bytes(0)), "0;1 MiB;");
  EXPECT_EQ(Labels(Gibibytes(5)), "0;1 GiB;2 GiB;3 GiB;4 GiB;5 GiB;");
  EXPECT_EQ(Labels(Gibibytes(5) + Bytes(1)), "0;2 GiB;4 GiB;6 GiB;");
  EXPECT_EQ(Labels(Mebibytes(470)), "0;128 MiB;256 MiB;384 MiB;512 MiB;");
  EXPECT_LE(MemoryTicks(Bytes(INT64_MAX)).size(), 6U);
  EXPECT_EQ(Times(0), "0;");
  EXPECT_EQ(Times(8'000), "0;1 s;2 s;3 s;4 s;5 s;6 s;7 s;8 s;");
  EXPECT_EQ(Times(9'000), "0;2 s;4 s;6 s;8 s;");
  EXPECT_EQ(Times(3'600'000), "0;10 min;20 min;30 min;40 min;50 min;1 h;");
  EXPECT_EQ(Times(400'000'000), "0;1 d;2 d;3 d;4 d;");
  EXPECT_LE(TimeTicks(INT64_MAX).size(), 9U);
  EXPECT_EQ(TimeLabel(90'000), "1 min 30 s");
  EXPECT_EQ(TimeLabel(2'500), "2.5 s");
  EXPECT_EQ(TimeLabel(999), "999 ms");
}

TEST(Axis, HoldsValuesInside) {
  const Axis axis{0, 10, 100, 0};
  EXPECT_EQ(axis.At(-5), 100);
  EXPECT_EQ(axis.At(5), 50);
  EXPECT_EQ(axis.At(1e300), 0);
  EXPECT_EQ((Axis{7, 7, 3, 4}.At(7)), 3);
}

TEST(Label, IsCutBetweenCharacters) {
  EXPECT_EQ(Shortened("abcd", 4), "abcd");
  EXPECT_EQ(Shortened("abcde", 4), "abc\xE2\x80\xA6");
  EXPECT_EQ(Shortened("\xC3\xA4\xC3\xB6\xC3\xBC", 2), "\xC3\xA4\xE2\x80\xA6");
  EXPECT_EQ(Shortened("", 1), "");
}

MemoryChart TwoExecutors() {
  return {"Heap",
          Gibibytes(4),
          "spark.executor.memory",
          1000,
          61'000,
          {{"low", {{1000, Gibibytes(1)}, {61'000, Gibibytes(2)}}},
           {"high", {{1000, Gibibytes(2)}, {31'000, Gibibytes(3)}, {61'000, Gibibytes(1)}}}}};
}

TEST(MemoryChartTest, DrawsALineForEachAgainstTheLimit) {
  const std::string html = DrawMemory(TwoExecutors());
  // The whole plot is 4 GiB high and a minute wide; the highest line is the first in the legend.
  EXPECT_TRUE(
      Has(html, "<polyline class=\"line s1\" points=\"84.0,125.0 514.0,71.5 944.0,178.5\"/>"))
      << html;
  EXPECT_TRUE(Has(html, "aria-label=\"Heap over time: at most 3 GiB of 4 GiB\"")) << html;
  EXPECT_TRUE(Has(html, "<line class=\"limit\" x1=\"84.0\" x2=\"944.0\" y1=\"18.0\"")) << html;
  EXPECT_LT(html.find("high, at most 3 GiB</li>"), html.find("low, at most 2 GiB</li>"));
  EXPECT_EQ(Count(html, "<polyline"), 2U);
}

TEST(MemoryChartTest, DrawsEightAndCountsTheOthers) {
  MemoryChart chart = TwoExecutors();
  for (int i = 0; i < 30; ++i) {
    chart.lines.push_back({std::to_string(i), {{1000, Mebibytes(100 + i)}}});
  }
  chart.lines.push_back({"without a sample", {}});
  const std::string html = DrawMemory(chart);
  EXPECT_EQ(Count(html, "<polyline"), 2U);
  EXPECT_EQ(Count(html, "<circle"), 6U);  // one point makes no line
  EXPECT_TRUE(Has(html, "<li>and 24 more with lower peaks</li>")) << html;
  EXPECT_EQ(DrawMemory({}), "");
}

TEST(PartsChartTest, CutsBarsIntoShares) {
  const std::string html =
      DrawParts({"Task time",
                 {"compute", "GC"},
                 {{"all", {3000, 1000}}, {"none", {0, 0}}, {"one", {0, 2000}}}});
  EXPECT_TRUE(Has(html,
                  "<title>compute: 3 s, 75 %</title><rect class=\"s1\" x=\"16.0\" y=\"20.0\" "
                  "width=\"696.0\""))
      << html;
  EXPECT_TRUE(Has(html,
                  "<title>GC: 2 s, 100 %</title><rect class=\"s2\" x=\"16.0\" y=\"88.0\" "
                  "width=\"464.0\""))
      << html;
  EXPECT_TRUE(Has(html, "aria-label=\"Task time, all: compute 75 %, GC 25 %\"")) << html;
  EXPECT_EQ(DrawParts({"Task time", {"compute"}, {{"all", {0}}}}), "");
  EXPECT_EQ(DrawParts({}), "");
}

TEST(TimelineChartTest, GivesLanesToWhatRanAtOnce) {
  const std::string html = DrawTimeline({"Stages",
                                         1000,
                                         11'000,
                                         {{"0: a", 1000, 6000},
                                          {"1: b", 2000, 4000, true},
                                          {"2: c", 4000, 0},
                                          {"3: d", 6000, 6000},
                                          {"4: never submitted", 0, 0}}});
  EXPECT_EQ(Count(html, "y=\"20.0\" width"), 2U) << html;  // 0, then 3
  EXPECT_EQ(Count(html, "y=\"40.0\" width"), 2U) << html;  // 1, then 2
  EXPECT_TRUE(Has(html, "<title>1: b: 2 s, failed</title><rect class=\"failed\"")) << html;
  EXPECT_TRUE(Has(html, "<title>2: c: 7 s, never ended</title><rect class=\"unended\"")) << html;
  EXPECT_TRUE(Has(html, "<li>1 more are not drawn</li>")) << html;
  EXPECT_TRUE(Has(html, "width=\"1.5\"")) << html;  // even nothing is seen
  EXPECT_EQ(DrawTimeline({}), "");
}

TEST(TimelineChartTest, IsBounded) {
  TimelineChart chart{"Stages", 1, 100'000, {}};
  for (int i = 0; i < 5000; ++i) chart.bars.push_back({"s", 1 + i, 50'000, false});
  const std::string html = DrawTimeline(chart);
  EXPECT_EQ(Count(html, "<rect"), 24U);
  EXPECT_LT(html.size(), 20'000U);
}

// Names come from whoever wrote the job.
TEST(Charts, EscapeEveryName) {
  const std::string evil = "<script>alert(1)</script>\"'&";
  MemoryChart memory = TwoExecutors();
  memory.title = memory.limit_name = evil;
  for (MemoryLine& line : memory.lines) line.name = evil;
  for (const std::string& html :
       {DrawMemory(memory), DrawParts({evil, {evil}, {{evil, {5}}}}),
        DrawTimeline({evil, 1, 90'000, {{evil, 1, 80'000}, {evil, 1, 90'000, true}}})}) {
    EXPECT_FALSE(Has(html, "<script")) << html;
    EXPECT_FALSE(Has(html, "\"'&")) << html;
    EXPECT_TRUE(Has(html, "&lt;script&gt;")) << html;
  }
}

}  // namespace
}  // namespace ballast::webhook
