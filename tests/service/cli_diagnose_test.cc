// `ballast diagnose` as a user meets it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "k8s/json_text.h"
#include "tests/service/run_program.h"

namespace ballast::tests {
namespace {

std::string Logs(const std::string& name) { return TestData("diagnose/" + name + "/logs"); }

ProgramResult Diagnose(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), {BallastBinary(), "diagnose"});
  return RunProgram(arguments, input);
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CliDiagnose, SaysWhatIsWrongAndWhatToSet) {
  const ProgramResult got = Diagnose({Logs("kryo-overflow")});
  EXPECT_EQ(got.status, 0) << got.err;
  for (const char* part : {"high      kryo-buffer-overflow: ", "first  ",
                           "set    spark.kryoserializer.buffer.max=2m  (was 1m): "}) {
    EXPECT_TRUE(Has(got.out, part)) << part << "\n" << got.out;
  }
  EXPECT_FALSE(Has(got.out, "\x1b"));
  EXPECT_EQ(got.err, "");
}

TEST(CliDiagnose, AHealthyJobHasNothing) {
  const ProgramResult got = Diagnose({Logs("healthy"), "--fail-on", "low"});
  EXPECT_EQ(got.status, 0) << got.out;
  EXPECT_TRUE(Has(got.out, "Nothing is wrong with it.")) << got.out;
  const auto json = k8s::ParseJson(Diagnose({Logs("healthy"), "-o", "json"}).out);
  EXPECT_EQ(json["findings"], nlohmann::json::array());
}

TEST(CliDiagnose, JsonHasOneObjectForEachApplication) {
  const auto one = k8s::ParseJson(Diagnose({Logs("kryo-overflow"), "-o", "json"}).out);
  const auto& finding = one["findings"][0];
  EXPECT_EQ(finding["symptom"], "kryo-buffer-overflow");
  EXPECT_EQ(finding["severity"], "high");
  EXPECT_GT(finding["evidence"]["count"], 0);
  EXPECT_NE(finding["cause"], "");
  for (const char* key : {"key", "from", "to", "why"}) {
    EXPECT_TRUE(finding["settings"][0].contains(key)) << key;
  }
  const auto both =
      k8s::ParseJson(Diagnose({Logs("kryo-overflow"), Logs("healthy"), "-o", "json"}).out);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0], one);
  EXPECT_EQ(both[1]["application"]["name"], "healthy");
}

TEST(CliDiagnose, TheStatusFollowsTheWorst) {
  EXPECT_EQ(Diagnose({Logs("kryo-overflow"), "--fail-on", "high"}).status, 1);
  EXPECT_EQ(Diagnose({Logs("kryo-overflow"), "--fail-on", "critical"}).status, 0);
  const ProgramResult none = Diagnose({Logs("healthy"), Logs("none")});
  EXPECT_EQ(none.status, 2);
  EXPECT_TRUE(Has(none.err, "there is no such file or folder")) << none.err;
  EXPECT_TRUE(Has(none.out, "Nothing is wrong with it.")) << none.out;
  EXPECT_EQ(Diagnose({}).status, 2);
}

// Their sums would be nobody's.
TEST(CliDiagnose, AFolderOfSeveralApplicationsIsRefused) {
  namespace fs = std::filesystem;
  const fs::path folder = testing::TempDir() + "diagnose-many-" + std::to_string(getpid());
  fs::create_directories(folder);
  for (const char* name : {"healthy", "kryo-overflow"}) {
    for (const auto& log : fs::directory_iterator(Logs(name))) {
      const std::string file = log.path().filename().string();
      if (file.starts_with("driver")) continue;
      fs::copy(log.path(), folder / (std::string(name) + "-" + file), fs::copy_options::recursive);
    }
  }
  const ProgramResult got = Diagnose({folder});
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.out, "");
  EXPECT_TRUE(Has(got.err,
                  ": holds the logs of several applications, local-1795771129563 "
                  "(healthy-local-1795771129563.zst) and "))
      << got.err;
  EXPECT_TRUE(Has(got.err, " among them: give the logs of each by themselves\n")) << got.err;
  fs::remove_all(folder);
}

// `kubectl logs job-driver | ballast diagnose -`
TEST(CliDiagnose, LogsMayComeThroughAPipe) {
  const std::string log = FileText(Logs("kryo-overflow") + "/driver.log.zst");
  const ProgramResult got = Diagnose({"-"}, log);
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_TRUE(Has(got.out, "kryo-buffer-overflow")) << got.out;
  EXPECT_TRUE(Has(got.out, "first  standard input:")) << got.out;
}

TEST(CliDiagnose, NothingOfALogSteersTheTerminal) {
  const ProgramResult got =
      Diagnose({"-"}, "WARN \x1b[2JX: Broadcasting large task binary with size 4.5 MiB\n");
  EXPECT_TRUE(Has(got.out, "large-task-binary")) << got.out;
  EXPECT_FALSE(Has(got.out, "\x1b"));
}

}  // namespace
}  // namespace ballast::tests
