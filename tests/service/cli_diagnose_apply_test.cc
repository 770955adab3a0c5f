// `ballast diagnose` for many runs: sizes, the page, and the recommended manifest.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "k8s/json_text.h"
#include "tests/service/run_program.h"

namespace ballast::tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Event logs of `sessions`: executors of 8g that used between 2000 and 3000 MiB of it.
class CliDiagnoseApply : public ::testing::Test {
 protected:
  fs::path folder_ = testing::TempDir() + "diagnose-apply-" + std::to_string(getpid());

  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Run(int number, int64_t heap_mebibytes, const std::string& name = "sessions") {
    const int64_t start = 1'764'100'000'000 + number * 3'600'000;
    const json events[] = {
        {{"Event", "SparkListenerLogStart"}, {"Spark Version", "3.5.6"}},
        {{"Event", "SparkListenerEnvironmentUpdate"},
         {"Spark Properties",
          {{"spark.executor.memory", "8g"},
           {"spark.driver.memory", "2g"},
           {"spark.master", "k8s://https://api"}}}},
        {{"Event", "SparkListenerApplicationStart"},
         {"App Name", name},
         {"App ID", "spark-" + std::to_string(number)},
         {"Timestamp", start},
         {"User", "u"}},
        {{"Event", "SparkListenerExecutorAdded"},
         {"Timestamp", start + 1000},
         {"Executor ID", "1"},
         {"Executor Info", {{"Host", "h"}, {"Total Cores", 4}}}},
        {{"Event", "SparkListenerStageExecutorMetrics"},
         {"Executor ID", "1"},
         {"Stage ID", 0},
         {"Stage Attempt ID", 0},
         {"Executor Metrics", {{"JVMHeapMemory", heap_mebibytes * 1024 * 1024}}}},
        {{"Event", "SparkListenerApplicationEnd"}, {"Timestamp", start + 600'000}}};
    std::string file = folder_ / ("spark-" + std::to_string(number));
    std::ofstream stream(file);
    for (const json& event : events) {
      // Spark writes the kind of an event first.
      json rest = event;
      rest.erase("Event");
      const std::string text = k8s::PrintJson(rest);
      stream << "{\"Event\":" << k8s::PrintJson(event["Event"]) << "," << text.substr(1) << "\n";
    }
    return file;
  }

  std::string Manifest() {
    std::string file = folder_ / "job.yaml";
    std::ofstream(file) << "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\n"
                           "metadata: {name: sessions}\n"
                           "spec:\n  type: Scala\n  sparkVersion: 3.5.6\n"
                           "  driver: {cores: 1, memory: 2g}\n"
                           "  executor: {cores: 4, memory: 8g, instances: 4}\n"
                           "---\nkind: Service\napiVersion: v1\nmetadata: {name: beside}\n";
    return file;
  }

  ProgramResult Diagnose(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {BallastBinary(), "diagnose"});
    return RunProgram(arguments);
  }
};

TEST_F(CliDiagnoseApply, ManyRunsSpeakForSizes) {
  const std::string one = Run(1, 2000);
  const std::string two = Run(2, 3000);
  const std::string three = Run(3, 2500);
  const ProgramResult text = Diagnose({one, two, three});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_TRUE(Has(text.out, "Sizes for sessions\n")) << text.out;
  EXPECT_TRUE(Has(text.out, "3840m  medium, 3 runs")) << text.out;
  const json all = k8s::ParseJson(Diagnose({one, two, three, "-o", "json"}).out);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["sizes"][0]["key"], "spark.executor.memory");
  EXPECT_EQ(all[0]["sizes"][0]["mostMiB"], 3000);
  EXPECT_EQ(all[0]["sizes"][0]["largestRun"], "spark-2");
  // One run, and runs of different applications, are no history.
  EXPECT_FALSE(Has(Diagnose({one}).out, "Sizes for"));
  EXPECT_FALSE(Has(Diagnose({one, Run(4, 2000, "other")}).out, "Sizes for"));
}

TEST_F(CliDiagnoseApply, ThePageHoldsChartsAndSizes) {
  const ProgramResult got = Diagnose({Run(1, 2000), Run(2, 3000), "-o", "html"});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_TRUE(got.out.starts_with("<!doctype html>"));
  EXPECT_TRUE(Has(got.out, "Sizes for <bdi>sessions</bdi>")) << got.out;
  EXPECT_TRUE(Has(got.out, "<figcaption>Heap of the executors</figcaption>")) << got.out;
  EXPECT_TRUE(Has(got.out, "spark.executor.memory 8 GiB</text>")) << got.out;
}

TEST_F(CliDiagnoseApply, TheRecommendedManifestIsPrinted) {
  const std::string nodes = std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/cluster.yaml";
  const ProgramResult got = Diagnose(
      {Run(1, 2000), Run(2, 3000), Run(3, 2500), "--apply", Manifest(), "--cluster", nodes});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_TRUE(
      got.out.starts_with("# spark.executor.memory: 8g -> 3840m: the most of the 3 runs "
                          "was 2.9 GiB; that and 20 % (confidence medium)\n"))
      << got.out;
  EXPECT_TRUE(Has(got.out, "memory: \"3840m\"")) << got.out;
  EXPECT_TRUE(Has(got.out, "name: beside")) << got.out;
  // It is admitted as it is printed.
  std::ofstream(folder_ / "recommended.yaml") << got.out;
  const ProgramResult checked =
      RunProgram({BallastBinary(), "check", "-f", folder_ / "recommended.yaml", "--cluster", nodes,
                  "--fail-on", "rewrite"});
  EXPECT_EQ(checked.status, 0) << checked.out;
}

TEST_F(CliDiagnoseApply, MistakesAreStatus2) {
  const std::string one = Run(1, 2000);
  EXPECT_EQ(Diagnose({one, Run(2, 2000, "other"), "--apply", Manifest()}).status, 2);
  EXPECT_EQ(Diagnose({one, "--apply", folder_ / "none.yaml"}).status, 2);
  std::ofstream(folder_ / "service.yaml") << "kind: Service\napiVersion: v1\n";
  const ProgramResult none = Diagnose({one, "--apply", folder_ / "service.yaml"});
  EXPECT_EQ(none.status, 2);
  EXPECT_TRUE(Has(none.err, "holds no Spark object")) << none.err;
}

}  // namespace
}  // namespace ballast::tests
