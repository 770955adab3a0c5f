// Every command of the README, run as it stands.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/service/run_program.h"

namespace ballast::tests {
namespace {

std::string ReadSourceFile(const std::string& name) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The lines of the README's shell blocks, without their comments.
std::vector<std::string> Commands() {
  std::vector<std::string> commands;
  std::istringstream readme(ReadSourceFile("README.md"));
  bool shell = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("```")) {
      shell = line == "```sh";
    } else if (shell && !line.empty()) {
      line = line.substr(0, line.find("  #"));
      line.erase(line.find_last_not_of(' ') + 1);
      commands.push_back(line);
    }
  }
  return commands;
}

// Runs a line in the project's folder with the binary under test in the place of build/ballast.
ProgramResult RunLine(const std::string& line) {
  return RunProgram({"sh", "-c", "cd '" BALLAST_SOURCE_DIR "' && " + line});
}

std::string WithBinary(std::string line) {
  const std::string name = "build/ballast";
  return line.replace(line.find(name), name.size(), BallastBinary());
}

TEST(Readme, EveryCommandWorks) {
  int programs = 0;
  for (const std::string& line : Commands()) {
    SCOPED_TRACE(line);
    if (line.starts_with("make ")) {  // this test is run by one of them; the other is the next test
      EXPECT_NE(ReadSourceFile("Makefile").find("\n" + line.substr(5) + ":"), std::string::npos);
      continue;
    }
    // What needs a cluster: chart_test renders it, `make e2e` does it on a real API server.
    if (line.starts_with("helm ") || line.starts_with("kubectl ")) continue;
    ASSERT_TRUE(line.starts_with("build/ballast ")) << "say how this line is tested";
    if (line.find(" serve ") != std::string::npos) continue;  // has a test of its own
    const ProgramResult result = RunLine(WithBinary(line));
    // A difference between policies is told by status 1, as diff does.
    const bool differs = line.find("policy diff") != std::string::npos;
    EXPECT_EQ(result.status, differs ? 1 : 0) << result.err;
    EXPECT_FALSE(result.out.empty());
    EXPECT_EQ(result.err, "");
    ++programs;
  }
  EXPECT_GE(programs, 8);
}

TEST(Readme, TheServerStartsAsSaidAndEndsWhenAsked) {
  bool found = false;
  for (std::string line : Commands()) {
    if (line.find(" serve ") == std::string::npos) continue;
    found = true;
    line = WithBinary(line);
    // Any port, and certificates that do not stay behind in the source tree.
    const std::string port = "127.0.0.1:8443";
    line.replace(line.find(port), port.size(), "127.0.0.1:0");
    const std::string state = "build/state";
    line.replace(line.find(state), state.size(), testing::TempDir() + "readme-state");
    const ProgramResult result = RunLine("timeout --preserve-status -s TERM 2 " + line);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_NE((result.out + result.err).find("listening"), std::string::npos) << result.err;
  }
  EXPECT_TRUE(found);
}

TEST(Readme, TheRunTargetShowsBothJobs) {
  const ProgramResult result = RunLine(BallastBinary() + " demo");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("99 of 200 at once, 1 a node on 100 nodes"), std::string::npos);
  EXPECT_NE(result.out.find("600 cores"), std::string::npos);
  EXPECT_NE(result.out.find("cluster-share"), std::string::npos);
  EXPECT_NE(result.out.find("30,870 heap + 3,087 overhead"), std::string::npos);
  EXPECT_NE(result.out.find("spark.kryoserializer.buffer.max=2048m"), std::string::npos);
}

// The picture in the README is what the program draws now: `build/ballast demo --picture
// webhook/demo/decision.svg` renews it.
TEST(Readme, ThePictureIsTheProgramsOwn) {
  const std::string file = testing::TempDir() + "decision.svg";
  const ProgramResult result = RunLine(BallastBinary() + " demo --picture '" + file + "'");
  ASSERT_EQ(result.status, 0) << result.err;
  std::ifstream drawn(file);
  std::ostringstream text;
  text << drawn.rdbuf();
  EXPECT_EQ(text.str(), ReadSourceFile("webhook/demo/decision.svg"));
}

}  // namespace
}  // namespace ballast::tests
