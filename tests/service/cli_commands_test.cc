// The other commands as a user meets them, and what holds of all: help, columns, completion.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "k8s/json_text.h"
#include "tests/service/cli_fixture.h"
#include "tests/service/run_program.h"

namespace ballast::tests {
namespace {

std::string Data(const std::string& name) { return TestData("cli/" + name); }

ProgramResult Ballast(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), BallastBinary());
  return RunProgram(arguments, input);
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

size_t Lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// In characters of UTF-8.
size_t WidestLine(const std::string& text) {
  size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto seen =
        std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
    widest = std::max(widest, static_cast<size_t>(seen));
  }
  return widest;
}

// As `kubectl get nodes -o yaml | ballast capacity --cluster -` has it.
TEST(Cli, TheClusterMayComeThroughAPipe) {
  constexpr const char* kNode =
      "kind: Node\nmetadata: {name: a}\nstatus: {allocatable: {cpu: 16, memory: 64Gi}}\n";
  const auto dash = Ballast({"capacity", "--cluster", "-"}, kNode);
  EXPECT_EQ(dash.status, 0) << dash.err;
  EXPECT_TRUE(Has(dash.out, "16")) << dash.out;
  const auto device = Ballast({"capacity", "--cluster", "/dev/stdin"}, kNode);
  EXPECT_EQ(device.status, 0) << device.err;
  EXPECT_EQ(device.out, dash.out);
  const auto mistake = Ballast({"capacity", "--cluster", "-"}, "kind: [\n");
  EXPECT_EQ(mistake.status, 2);
  EXPECT_TRUE(Has(mistake.err, "standard input:2:1")) << mistake.err;
}

TEST(Cli, CapacitySaysOfNodesThatAreLeftOut) {
  constexpr const char* kNodes =
      "kind: Node\nmetadata: {name: a}\nstatus: {allocatable: {cpu: 16, memory: 64Gi}}\n---\n"
      "kind: Node\nmetadata: {name: b}\nspec: {taints: [{key: gpu, effect: NoSchedule}]}\n"
      "status: {allocatable: {cpu: 16, memory: 64Gi}}\n";
  const auto got = Ballast({"capacity", "--cluster", "-"}, kNodes);
  EXPECT_TRUE(Has(got.out, "1 more node is left out: its taints are not tolerated")) << got.out;
}

TEST(Cli, EveryCommandTeachesByExamples) {
  for (const std::vector<std::string>& command : EveryCommand()) {
    std::vector<std::string> arguments = command;
    arguments.push_back("--help");
    const ProgramResult got = Ballast(arguments);
    EXPECT_EQ(got.status, 0);
    EXPECT_TRUE(Has(got.out, "Example")) << got.out;
    const std::string own = command.empty() ? "check" : command[0];
    EXPECT_TRUE(Has(got.out, "ballast " + own)) << got.out;
    EXPECT_LE(WidestLine(got.out), 100U) << got.out;
  }
}

TEST(Cli, IsACommandOfKubectlUnderThatName) {
  const std::filesystem::path folder =
      testing::TempDir() + "cli-plugin-" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const std::string plugin = folder / "kubectl-ballast";
  std::filesystem::create_symlink(BallastBinary(), plugin);
  const ProgramResult got = RunProgram({plugin, "check", "--help"});
  EXPECT_EQ(got.status, 0);
  EXPECT_TRUE(Has(got.out, "Usage: kubectl ballast check")) << got.out;
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(Has(Ballast({"check", "--help"}).out, "Usage: ballast check"));
}

TEST(Cli, AMistypedCommandIsNamed) {
  const ProgramResult got = Ballast({"chek"});
  EXPECT_EQ(got.status, 2);
  EXPECT_TRUE(Has(got.err, "there is no command chek; did you mean check?")) << got.err;
  EXPECT_TRUE(Ballast({"--version"}).out.starts_with("ballast "));
}

// Not that the value behind it is one name too many.
TEST(Cli, AnOptionThatACommandDoesNotHaveIsNamed) {
  struct Case {
    std::vector<std::string> arguments;
    std::string want;
  };
  const Case cases[] = {
      {{"explain", "-f", Data("workload-148.yaml"), "--cluster", "x.yaml"},
       "explain has no option --cluster (check, capacity, audit"},
      {{"explain", "--clustr=x.yaml"}, "explain has no option --clustr\n"},
      {{"check", "--polcy", "x.yaml"}, "check has no option --polcy; did you mean --policy?"},
      {{"certs", "rotate", "--days", "1"}, "certs rotate has no option --days"},
  };
  for (const Case& tested : cases) {
    const ProgramResult got = Ballast(tested.arguments);
    EXPECT_EQ(got.status, 2);
    EXPECT_TRUE(Has(got.err, tested.want)) << tested.want << "\n" << got.err;
  }
}

TEST(Cli, CapacitySaysOnOneScreenWhatIsWrongAndWhatToDo) {
  const ProgramResult got =
      Ballast({"capacity", "--cluster", Data("nodes-1312.yaml"), "-f", Data("workload-148.yaml")});
  EXPECT_EQ(got.status, 0) << got.err;
  for (const char* part :
       {"10.08 TiB and 1,312 cores", "593 of 1,312", "25 of 148 executors never start",
        "like node-01", "Memory-bound", "820 cores", "do     Ask for", "spark.executor.memory="}) {
    EXPECT_TRUE(Has(got.out, part)) << part << "\n" << got.out;
  }
  EXPECT_LE(Lines(got.out), 24U);
  EXPECT_LE(WidestLine(got.out), 100U);
  const auto recommend = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"capacity", "--cluster", Data("nodes-1312.yaml"), "--recommend"});
    return Ballast(more);
  };
  const ProgramResult short_table = recommend({});
  EXPECT_TRUE(Has(short_table.out, "spark.executor.instances=327")) << short_table.out;
  EXPECT_LE(Lines(short_table.out), 24U) << short_table.out;
  EXPECT_EQ(Lines(recommend({"--all"}).out), Lines(short_table.out) + 21);
  EXPECT_EQ(Ballast({"capacity"}).status, 2);
}

TEST(Cli, ExplainsManifestsPropertiesSettingsAndBatches) {
  const ProgramResult text = Ballast({"explain", "-f", Data("python.yaml")});
  EXPECT_TRUE(Has(text.out, "executor  asks Kubernetes for 11468Mi")) << text.out;
  EXPECT_LE(WidestLine(text.out), 100U);
  const auto sizes = k8s::ParseJson(
      Ballast({"explain", "--properties", Data("spark-defaults.conf"), "-o", "json"}).out);
  EXPECT_EQ(sizes["executor"]["memoryMiB"], 9011);
  EXPECT_EQ(sizes["driver"]["heapMiB"], 2048);
  EXPECT_TRUE(sizes["executor"]["regions"].contains("userMiB"));
  EXPECT_TRUE(Has(Ballast({"explain", "--conf", "spark.executor.memory=banana"}).out,
                  "Spark would refuse to start"));
  EXPECT_EQ(Ballast({"explain"}).status, 2);
  EXPECT_EQ(Ballast({"explain", "--conf", "foo"}).status, 2);
  const std::string line = R"({"id":7,"type":"jvm","conf":{"spark.executor.memory":"1g"}})"
                           "\n";
  EXPECT_EQ(Lines(Ballast({"explain", "--batch"}, line + line).out), 2U);
}

TEST(Cli, EveryKeyOfAnExplanationIsAlwaysThere) {
  using Names = std::vector<std::string>;
  const auto keys = [](const nlohmann::json& object) {
    Names names;
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
  };
  const auto check_pods = [&](const nlohmann::json& sizes) {
    for (const char* pod : {"driver", "executor"}) {
      EXPECT_EQ(keys(sizes[pod]),
                (Names{"cpuLimitMillis", "cpuMillis", "heapMiB", "memoryMiB", "offHeapMiB",
                       "overheadMiB", "perSlotMiB", "pysparkMiB", "regions", "slots"}));
      EXPECT_EQ(keys(sizes[pod]["regions"]), (Names{"executionMiB", "reservedMiB", "storageMiB",
                                                    "unifiedMiB", "usableMiB", "userMiB"}));
    }
  };
  for (const Names& what : {Names{"-f", Data("python.yaml")}, Names{"-f", Data("good.yaml")},
                            Names{"--properties", Data("spark-defaults.conf")},
                            Names{"--conf", "spark.executor.memory=28g"}}) {
    Names arguments = {"explain", "-o", "json"};
    arguments.insert(arguments.end(), what.begin(), what.end());
    const auto sizes = k8s::ParseJson(Ballast(arguments).out);
    EXPECT_EQ(keys(sizes), (Names{"driver", "executor"})) << what[1];
    check_pods(sizes);
  }
  const auto answer =
      k8s::ParseJson(Ballast({"explain", "--batch"}, "{\"id\":\"a\",\"conf\":{}}\n").out);
  EXPECT_EQ(keys(answer), (Names{"driver", "executor", "id", "refusals"}));
  EXPECT_EQ(answer["id"], "a");
  EXPECT_EQ(answer["refusals"], nlohmann::json::array());
  check_pods(answer);
}

TEST(Cli, PoliciesAreLintedShownAndCompared) {
  const ProgramResult lint = Ballast({"policy", "lint", Data("policy-mistakes.yaml")});
  EXPECT_EQ(lint.status, 2);
  for (const char* place : {":5:9: ", ":7:28: ", ":8:5: ", ":9:36: "}) {
    EXPECT_TRUE(Has(lint.out, "policy-mistakes.yaml" + std::string(place))) << lint.out;
  }
  EXPECT_EQ(Ballast({"policy", "lint", Data("policy.yaml")}).status, 0);
  EXPECT_TRUE(Has(Ballast({"policy", "show", "--policy", Data("policy.yaml")}).out,
                  "limits.executor.heap.max                16g"));
  EXPECT_LE(WidestLine(Ballast({"policy", "schema"}).out), 100U);
  const auto diff = [](const char* other) {
    return Ballast({"policy", "diff", Data("policy.yaml"), Data(other), "-f", Data("many.yaml")});
  };
  EXPECT_EQ(diff("policy.yaml").status, 0);
  EXPECT_EQ(diff("policy-strict.yaml").status, 1);
  EXPECT_TRUE(Has(diff("policy-strict.yaml").out, "team-a/good: Admitted -> Rejected"));
}

TEST(Cli, CertificatesAreMadeAndShown) {
  const std::string folder = testing::TempDir() + "cli-certs-" + std::to_string(getpid());
  EXPECT_EQ(Ballast({"certs", "make", folder, "--name", "ballast.example"}).status, 0);
  const ProgramResult shown = Ballast({"certs", "show", folder});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_TRUE(Has(shown.out, "ballast.example")) << shown.out;
  RunProgram({"rm", "-r", folder});
}

// What is still good is kept; what is short-lived is told; what is no certificate is a mistake.
TEST(Cli, CertificatesThatAreThereAreKept) {
  const std::string folder = testing::TempDir() + "cli-kept-" + std::to_string(getpid());
  const auto make = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"certs", "make", folder});
    return Ballast(more);
  };
  const ProgramResult made = make({"--days", "30"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(made.out, "made an authority and a serving certificate in " + folder + ":\n  " +
                          folder + "/ca.crt  what clients are to trust\n  " + folder +
                          "/tls.crt\n  " + folder + "/tls.key  a secret\n");
  // Up to the days left, which may become fewer between two calls.
  const auto fingerprints = [](const std::string& text) {
    std::string lines;
    for (size_t at = 0; (at = text.find("\n  fingerprint  ", at)) != std::string::npos; ++at) {
      lines += text.substr(at, text.find('\n', at + 1) - at);
    }
    return lines;
  };
  const std::string shown = Ballast({"certs", "show", folder}).out;
  for (const char* part : {"\n  names        localhost, 127.0.0.1", ", valid now (",
                           "\n  key          ", "\n  fingerprint  "}) {
    EXPECT_TRUE(Has(shown, part)) << part << "\n" << shown;
  }
  EXPECT_TRUE(make({"--days", "30"}).out.starts_with("kept what is still good in "));
  EXPECT_NE(fingerprints(shown), "");
  EXPECT_EQ(fingerprints(Ballast({"certs", "show", folder}).out), fingerprints(shown));
  EXPECT_TRUE(make({"--name", "new.example"}).out.starts_with("made a serving certificate in "));
  EXPECT_TRUE(Has(Ballast({"certs", "show", folder}).out, "new.example"));
  EXPECT_EQ(RunProgram({"stat", "-c", "%a", folder + "/tls.key"}).out, "600\n");
  EXPECT_EQ(Ballast({"certs", "show", Data("good.yaml")}).status, 2);
  EXPECT_EQ(Ballast({"certs", "show", folder + "/none"}).status, 2);
  EXPECT_EQ(make({"--days", "0"}).status, 2);
  RunProgram({"rm", "-r", folder});
}

// Without a terminal it shows both jobs, ends by itself and leaves nothing behind.
TEST(Cli, TheDemoShowsTwoJobsAndEnds) {
  const std::string folder = testing::TempDir() + "cli-demo-" + std::to_string(getpid());
  RunProgram({"mkdir", folder});
  const ProgramResult got = RunProgram({BallastBinary(), "demo"}, "", {"TMPDIR=" + folder});
  EXPECT_EQ(got.status, 0) << got.err;
  for (const char* part :
       {"The webhook answers on https://localhost:", "an example cluster of 100 nodes",
        "200 executors of 28g + 4g overhead and 4 cores  Rewritten\n",
        "without Ballast  1 executor a node: 99 of 200 run, 101 stay Pending; 600 cores stand "
        "idle",
        "\n  executors  200                                       97\n",
        "\n  rewritten  cluster-share\n",
        "An oversized job: executors of 60g and 8 cores, Kryo at 2048m  Rewritten\n",
        "\n  executors  20                            40\n", "\n  rewritten  executor-shape\n",
        "Spark refuses 2048 MiB and more; use 1024m\n"}) {
    EXPECT_TRUE(Has(got.out, part)) << part << "\n" << got.out;
  }
  EXPECT_FALSE(Has(got.out, "Still serving"));
  EXPECT_FALSE(Has(got.out, "\x1b"));
  EXPECT_LE(WidestLine(got.out), 100U);
  EXPECT_EQ(RunProgram({"ls", "-A", folder}).out, "");
  RunProgram({"rmdir", folder});
}

TEST(Cli, CompletionCompletes) {
  const std::string script = Ballast({"completion", "bash"}).out;
  const std::string ask =
      "\nCOMP_WORDS=(ballast ch); COMP_CWORD=1; _ballast; echo \"${COMPREPLY[@]}\"\n";
  const ProgramResult got = RunProgram({"bash"}, script + ask);
  EXPECT_EQ(got.out, "check\n") << got.err;
  EXPECT_EQ(RunProgram({"bash", "-n"}, Ballast({"completion", "zsh"}).out).status, 0);
  EXPECT_TRUE(Has(Ballast({"completion", "fish"}).out, "-a check"));
}

}  // namespace
}  // namespace ballast::tests
