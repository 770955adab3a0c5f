#include "webhook/server/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

// A pipe whose text is read at the end.
struct Pipe {
  Pipe() { EXPECT_EQ(pipe2(ends.data(), O_NONBLOCK), 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  std::string Read() const {
    std::string text;
    std::array<char, 65536> chunk;
    ssize_t got = 0;
    while ((got = read(ends[0], chunk.data(), chunk.size())) > 0) {
      text.append(chunk.data(), static_cast<size_t>(got));
    }
    return text;
  }
  std::array<int, 2> ends{};
};

TEST(Log, WritesOneJsonObjectALine) {
  const Pipe pipe;
  {
    Log log(pipe.ends[1], LogLevel::kInfo);
    JsonLine line("info", "hello \"you\"\n");
    line.Text("name", std::string("a\\\x01\xff\0z", 6)).Number("n", -5).Flag("b", true);
    line.BeginList("l").Item("x").Item("y\n").EndList().BeginList("e").EndList();
    log.Write(LogLevel::kInfo, line);
  }
  const std::string text = pipe.Read();
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto object = k8s::ParseJson(text);
  EXPECT_EQ(object["msg"], "hello \"you\"\n");
  EXPECT_EQ(object["name"], std::string("a\\\x01\xef\xbf\xbd\0z", 8));
  EXPECT_EQ(object["n"], -5);
  EXPECT_EQ(object["b"], true);
  EXPECT_EQ(k8s::PrintJson(object["l"]), "[\"x\",\"y\\n\"]");
  EXPECT_EQ(k8s::PrintJson(object["e"]), "[]");
  EXPECT_EQ(object["time"].get<std::string>().size(),
            std::string("2026-11-21T07:25:00.000Z").size());
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const Pipe pipe;
  {
    Log log(pipe.ends[1], LogLevel::kWarn);
    EXPECT_FALSE(log.enabled(LogLevel::kInfo));
    for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn}) {
      JsonLine line(Name(level), "m");
      log.Write(level, line);
    }
  }
  EXPECT_EQ(k8s::ParseJson(pipe.Read())["level"], "warn");
}

TEST(Log, CutsLongTexts) {
  JsonLine line("info", "m");
  line.Text("long", std::string(100'000, 'x'));
  EXPECT_LT(line.Finish().size(), 1200U);
}

TEST(Log, LosesLinesRatherThanWaitForAReader) {
  const Pipe pipe;
  Log log(pipe.ends[1], LogLevel::kInfo);
  for (int i = 0; i < 5000; ++i) {
    JsonLine line("info", "m");
    line.Text("filler", std::string(1000, 'x'));
    log.Write(LogLevel::kInfo, line);
  }
  EXPECT_GT(log.dropped(), 0U);
}

TEST(Log, KeepsLinesOfManyThreadsApart) {
  const Pipe pipe;
  {
    Log log(pipe.ends[1], LogLevel::kInfo);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&log] {
        for (int n = 0; n < 50; ++n) {
          JsonLine line("info", "m");
          log.Write(LogLevel::kInfo, line.Number("n", n));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const std::string text = pipe.Read();
  int lines = 0;
  for (size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    EXPECT_FALSE(k8s::ParseJson(text.substr(at, end - at)).is_discarded());
    ++lines;
  }
  EXPECT_EQ(lines, 200);
}

TEST(ParseLogLevel, KnowsItsNames) {
  EXPECT_EQ(ParseLogLevel("warn"), LogLevel::kWarn);
  EXPECT_EQ(ParseLogLevel("loud"), std::nullopt);
  EXPECT_EQ(Name(LogLevel::kError), "error");
}

}  // namespace
}  // namespace ballast::webhook
