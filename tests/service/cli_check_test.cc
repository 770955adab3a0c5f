// `ballast check` and its kin as a user meets them: the real binary, real files.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "k8s/json_text.h"
#include "tests/service/run_program.h"

namespace ballast::tests {
namespace {

using nlohmann::json;

std::string Data(const std::string& name) { return TestData("cli/" + name); }

ProgramResult Ballast(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), BallastBinary());
  return RunProgram(arguments, input);
}

// `check` by the example cluster and policy.
ProgramResult Check(const std::string& file, std::vector<std::string> more,
                    const std::string& input = "") {
  std::vector<std::string> arguments = {
      "check",
      "-f",
      file == "-" ? file : Data(file),
      "--policy",
      Data("policy.yaml"),
      "--cluster",
      std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/cluster.yaml"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Ballast(std::move(arguments), input);
}

std::vector<std::string> Keys(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

using Names = std::vector<std::string>;

TEST(CliCheck, EndsWithTheStatusOfTheWorstDocument) {
  struct Case {
    const char* file;
    const char* fail_on;
    int want;
  };
  for (const Case& c : {Case{"good.yaml", "reject", 0}, Case{"good.yaml", "rewrite", 0},
                        Case{"oversized.yaml", "reject", 0}, Case{"oversized.yaml", "rewrite", 3},
                        Case{"many.yaml", "rewrite", 3}, Case{"rejected.yaml", "reject", 1},
                        Case{"rejected.yaml", "rewrite", 1}, Case{"mistake.yaml", "reject", 2},
                        Case{"broken.yaml", "reject", 2}, Case{"missing.yaml", "reject", 2}}) {
    EXPECT_EQ(Check(c.file, {"--fail-on", c.fail_on}).status, c.want) << c.file << c.fail_on;
  }
}

TEST(CliCheck, AMistakeNamesPlaceFieldAndRemedy) {
  const ProgramResult got = Check("mistake.yaml", {});
  EXPECT_EQ(got.out, "");
  EXPECT_EQ(got.err, "ballast: " + Data("mistake.yaml") +
                         ":11:16: /spec/executor/instances must be a whole number from 1 to "
                         "2147483647, not \"many\"\n");
}

// Without a strict API server the job would run with one executor of one gibibyte.
TEST(CliCheck, AMistypedFieldIsToldWithItsPlaceAndWhatWasMeant) {
  const std::string manifest =
      "apiVersion: sparkoperator.k8s.io/v1beta2\n"
      "kind: SparkApplication\n"
      "metadata: {name: typo}\n"
      "spec:\n"
      "  driver: {memory: 2g}\n"
      "  executer:\n"
      "    cores: 4\n";
  const std::string told =
      "ballast: standard input:6:3: /spec/executer is no field of a SparkApplication and counts "
      "for nothing; did you mean executor?\n";
  for (const char* command : {"check", "explain"}) {
    const ProgramResult got = Ballast({command, "-f", "-"}, manifest);
    EXPECT_EQ(got.status, 0) << command;
    EXPECT_EQ(got.err, told) << command;
    EXPECT_NE(got.out, "") << command;
  }
}

// A terminal obeys what it is sent, whoever wrote it.
TEST(CliCheck, ControlCharactersOfAManifestStayInIt) {
  const std::string manifest =
      "apiVersion: sparkoperator.k8s.io/v1beta2\n"
      "kind: SparkApplication\n"
      "metadata: {name: \"a\\e[2Jb\"}\n"
      "spec:\n"
      "  executor: {memory: \"2\\e[1Ag\"}\n";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"check", "-f", "-"},
                                                    {"check", "-f", "-", "-o", "json"},
                                                    {"check", "-f", "-", "-o", "diff"},
                                                    {"explain", "-f", "-"},
                                                    {"policy", "lint", "-"}}) {
    const ProgramResult got = Ballast(arguments, manifest);
    EXPECT_EQ((got.out + got.err).find('\x1b'), std::string::npos) << got.out << got.err;
    EXPECT_NE(got.out + got.err, "");
  }
  EXPECT_NE(Ballast({"check", "-f", "-"}, manifest).out.find("default/a\\u001b[2Jb"),
            std::string::npos);
}

TEST(CliCheck, WhatIsRejectedSaysWhyWhateverIsPrinted) {
  for (const char* output : {"manifest", "diff", "patch"}) {
    const ProgramResult got = Check("rejected.yaml", {"-o", output});
    EXPECT_EQ(got.status, 1) << output;
    EXPECT_NE(got.err.find(": rejected: driver-fits-node: "), std::string::npos)
        << output << got.err;
    EXPECT_EQ(got.out.find("kind: SparkApplication"), std::string::npos) << got.out;
  }
  EXPECT_EQ(Check("rejected.yaml", {}).err, "");
}

// No finding rejects: the annotation does.
TEST(CliCheck, ARefusalOfRewritesSaysWhy) {
  std::ifstream file(Data("oversized.yaml"));
  std::string manifest((std::istreambuf_iterator<char>(file)), {});
  const size_t name = manifest.find("  name:");
  ASSERT_NE(name, std::string::npos);
  manifest.insert(name, "  annotations: {ballast.dev/rewrite: Refuse}\n");
  const ProgramResult got = Check("-", {}, manifest);
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.err.find("ballast.dev/rewrite"), std::string::npos) << got.err;
}

TEST(CliCheck, NothingToCheckIsNoSuccess) {
  const ProgramResult got = Ballast({"check", "-f", "-"}, "");
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.err.find("holds no document"), std::string::npos) << got.err;
}

TEST(CliCheck, AClusterFileWithoutANodeIsAMistake) {
  const ProgramResult got = Ballast({"check", "-f", Data("good.yaml"), "--cluster", "/dev/null"});
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.err.find("holds no node"), std::string::npos) << got.err;
}

TEST(CliCheck, WhatIsNoKubernetesObjectIsAMistake) {
  const ProgramResult got = Ballast({"check", "-f", "-"}, "hello: world\n");
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(
      got.err,
      "ballast: standard input:1:1: is no Kubernetes object: a manifest has an apiVersion and "
      "a kind\n");
}

TEST(CliCheck, EveryKeyOfADecisionIsAlwaysThere) {
  for (const char* file : {"good.yaml", "oversized.yaml", "rejected.yaml", "python.yaml"}) {
    const json decision = k8s::ParseJson(Check(file, {"-o", "json"}).out);
    EXPECT_EQ(Keys(decision), (Names{"after", "apiVersion", "before", "findings", "kind", "patch",
                                     "resource", "verdict", "warnings"}));
    EXPECT_EQ(Keys(decision["resource"]), (Names{"apiVersion", "kind", "name", "namespace"}));
    for (const char* side : {"before", "after"}) {
      const json& w = decision[side];
      EXPECT_EQ(Keys(w), (Names{"driver", "executor", "executors", "placement", "totals"}));
      for (const char* pod : {"driver", "executor"}) {
        EXPECT_EQ(Keys(w[pod]), (Names{"cpuLimitMillis", "cpuMillis", "heapMiB", "memoryMiB",
                                       "offHeapMiB", "overheadMiB", "pysparkMiB", "slots"}));
      }
      EXPECT_EQ(Keys(w["totals"]), (Names{"cpuMillis", "memoryMiB", "slots"}));
      EXPECT_EQ(Keys(w["placement"]),
                (Names{"eligibleNodes", "perNode", "placeable", "podsPerNode", "strandedCpuMillis",
                       "strandedMemoryMiB", "takenByDriver"}));
    }
    for (const json& finding : decision["findings"]) {
      EXPECT_EQ(Keys(finding),
                (Names{"action", "after", "before", "message", "paths", "rule", "severity"}));
    }
    if (decision["verdict"] != "Rewritten") {
      EXPECT_EQ(decision["patch"], json::array()) << file;
      EXPECT_EQ(decision["before"], decision["after"]) << file;
    }
  }
}

TEST(CliCheck, ManyDocumentsAreAListAndAnUnknownKindIsAdmitted) {
  const json all = k8s::ParseJson(Check("many.yaml", {"-o", "json"}).out);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["verdict"], "Admitted");
  EXPECT_EQ(all[0]["before"], json());
  EXPECT_EQ(all[0]["after"], json());
  EXPECT_EQ(all[2]["verdict"], "Rewritten");
}

// The law that found a namespace read after it was gone: what lacks one is rewritten all the same.
TEST(CliCheck, AManifestWithoutANamespaceIsRewrittenInTheOneThatIsGiven) {
  for (const char* name : {"default", "team-x"}) {
    const json decision = k8s::ParseJson(Check("oversized.yaml", {"-o", "json", "-n", name}).out);
    EXPECT_EQ(decision["resource"]["namespace"], name);
    EXPECT_EQ(decision["verdict"], "Rewritten");
    EXPECT_FALSE(decision["patch"].empty());
  }
}

TEST(CliCheck, WhatIsAdmittedIsAdmittedAgainUnchangedAndRestoresToWhatWasWritten) {
  const std::string manifest = Check("oversized.yaml", {"-o", "manifest"}).out;
  const ProgramResult again = Check("-", {"-o", "patch", "--fail-on=rewrite"}, manifest);
  EXPECT_EQ(again.out, "[]\n") << again.err;
  const ProgramResult restored = Ballast({"restore", "-f", "-"}, manifest);
  EXPECT_EQ(restored.status, 0) << restored.err;
  EXPECT_EQ(restored.out.find("ballast.dev"), std::string::npos);
  EXPECT_NE(restored.out.find("memory: \"60g\""), std::string::npos) << restored.out;
  EXPECT_EQ(Check("-", {"-o", "patch"}, restored.out).out,
            Check("oversized.yaml", {"-o", "patch"}).out);
}

TEST(CliCheck, AReviewOfTheSameObjectGetsTheSameVerdict) {
  std::ifstream file(TestData("reviews/sparkapplication-create.json"));
  const json review = json::parse(file);
  const ProgramResult answer = Ballast({"review"}, k8s::PrintJson(review));
  const ProgramResult checked =
      Ballast({"check", "-f", "-", "-o", "json"}, k8s::PrintJson(review["request"]["object"]));
  EXPECT_EQ(answer.status, checked.status) << answer.err << checked.err;
  const json response = k8s::ParseJson(answer.out)["response"];
  const json decision = k8s::ParseJson(checked.out);
  EXPECT_EQ(response["allowed"], decision["verdict"] != "Rejected");
  EXPECT_EQ(response.contains("patch"), !decision["patch"].empty());
}

// Whole numbers as the API server stores them, whichever way they are written.
TEST(CliCheck, AWholeNumberMayHaveAPointOrAnExponent) {
  const auto manifest = [](const char* cores, const char* instances) {
    return std::string(R"({"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"SparkApplication",
        "metadata":{"name":"a"},"spec":{"type":"Scala","mode":"cluster","sparkVersion":"3.5.0",
        "executor":{"cores":)") +
           cores + R"(,"instances":)" + instances + R"(,"memory":"4g"}}})";
  };
  const ProgramResult plain = Ballast({"check", "-f", "-", "-o", "json"}, manifest("4", "1000"));
  const ProgramResult odd = Ballast({"check", "-f", "-", "-o", "json"}, manifest("4.0", "1e3"));
  EXPECT_EQ(odd.status, 0) << odd.err;
  EXPECT_EQ(odd.out, plain.out);
  const ProgramResult broken = Ballast({"check", "-f", "-"}, manifest("4.5", "1"));
  EXPECT_EQ(broken.status, 2);
  EXPECT_NE(broken.err.find("must be a whole number from 1 to 2147483647, not 4.5"),
            std::string::npos)
      << broken.err;
}

// The API server makes no pod with such a request: it is told, and takes nothing from the sums.
TEST(CliCheck, ACpuRequestOfLessThanNothingIsTold) {
  const std::string manifest = R"({"apiVersion":"sparkoperator.k8s.io/v1beta2",
      "kind":"SparkApplication","metadata":{"name":"a"},"spec":{"type":"Scala","mode":"cluster",
      "sparkVersion":"3.5.0","driver":{"cores":1,"memory":"1g"},
      "executor":{"cores":1,"coreRequest":"-1","instances":10,"memory":"4g"}}})";
  const json decision = k8s::ParseJson(Ballast({"check", "-f", "-", "-o", "json"}, manifest).out);
  EXPECT_EQ(decision["before"]["executor"]["cpuMillis"], -1000);  // what Spark asks for
  EXPECT_EQ(decision["before"]["totals"]["cpuMillis"], 1000);
  ASSERT_FALSE(decision["findings"].empty());
  const auto& findings = decision["findings"];
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [](const json& finding) {
    return finding["rule"] == "cores" && finding["paths"] == json({"/spec/executor/coreRequest"});
  })) << k8s::PrintJson(decision, 1);
}

TEST(CliCheck, AnUnknownVersionIsWhatTheNamedOptionSays) {
  const auto check = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"check", "-f", "-"});
    return Ballast(more, R"({"apiVersion":"sparkoperator.k8s.io/v1beta2",
        "kind":"SparkApplication","metadata":{"name":"a"},"spec":{"type":"Scala","mode":"cluster",
        "sparkVersion":"9.1.0"}})");
  };
  EXPECT_EQ(check({}).status, 0);
  EXPECT_EQ(check({}).out.find("9.1.0"), std::string::npos);
  const ProgramResult warned = check({"--on-unknown-version", "warn"});
  EXPECT_EQ(warned.status, 0) << warned.err;
  EXPECT_NE(warned.out.find("Spark 9.1.0 is none of the versions that Ballast knows"),
            std::string::npos)
      << warned.out;
  EXPECT_EQ(check({"--on-unknown-version", "reject"}).status, 1);
  EXPECT_EQ(check({"--on-unknown-version", "maybe"}).status, 2);
}

struct SizeCase {
  const char* name;
  int64_t driver_mib;
  int64_t executor_mib;
  int64_t cpu_millis;  // of an executor
  const char* executors;
};

TEST(CliCheck, ReadsEveryKindWithTheRightSizes) {
  const SizeCase cases[] = {
      {"nightly", 5734, 5734, 2000, R"({"instances":3})"},
      {"connect", 2048, 4505, 1000, R"({"instances":2})"},
      {"pi", 1408, 1408, 1000, R"({"instances":3})"},
      {"alone", 1433, 1433, 1000, R"({"instances":0})"},
      {"prod", 0, 3072, 3000, R"({"initial":1,"max":2,"min":1})"},
  };
  const ProgramResult got = Ballast({"check", "-f", Data("kinds.yaml"), "-o", "json"});
  EXPECT_EQ(got.status, 0) << got.err;
  const json all = k8s::ParseJson(got.out);
  ASSERT_EQ(all.size(), std::size(cases) + 1);
  EXPECT_TRUE(all[0]["before"].is_null());
  for (size_t i = 0; i < std::size(cases); ++i) {
    const SizeCase& want = cases[i];
    const json& decision = all[i + 1];
    SCOPED_TRACE(want.name);
    EXPECT_EQ(decision["resource"]["name"], want.name);
    EXPECT_EQ(decision["verdict"], "Admitted") << k8s::PrintJson(decision, 1);
    EXPECT_EQ(decision["before"], decision["after"]);
    const json& sizes = decision["before"];
    EXPECT_EQ(sizes["driver"]["memoryMiB"], want.driver_mib);
    EXPECT_EQ(sizes["executor"]["memoryMiB"], want.executor_mib);
    EXPECT_EQ(sizes["executor"]["cpuMillis"], want.cpu_millis);
    EXPECT_EQ(sizes["executors"], k8s::ParseJson(want.executors));
  }
}

TEST(CliCheck, AnUnknownVersionOfAKindIsWhatTheNamedOptionSays) {
  const auto check = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"check", "-f", "-", "-o", "json"});
    return Ballast(more, R"({"apiVersion":"spark.apache.org/v2","kind":"SparkApplication",
        "metadata":{"name":"a"},"spec":{}})");
  };
  const ProgramResult warned = check({});
  EXPECT_EQ(warned.status, 0) << warned.err;
  EXPECT_EQ(k8s::ParseJson(warned.out)["warnings"],
            json({"ballast: not judged: spark.apache.org/v2 SparkApplication: this Ballast knows "
                  "v1, v1beta1"}));
  EXPECT_TRUE(k8s::ParseJson(warned.out)["before"].is_null());
  const ProgramResult refused = check({"--on-unknown-kind-version", "reject"});
  EXPECT_EQ(refused.status, 1) << refused.err;
  EXPECT_EQ(k8s::ParseJson(refused.out)["verdict"], "Rejected");
  EXPECT_EQ(k8s::ParseJson(refused.out)["warnings"],
            json({"ballast: cannot be judged: spark.apache.org/v2 SparkApplication: this Ballast "
                  "knows v1, v1beta1; use one of these, or start Ballast with "
                  "--on-unknown-kind-version=warn"}));
  EXPECT_EQ(check({"--on-unknown-kind-version", "maybe"}).status, 2);
}

TEST(CliCheck, ShowsDifferencesWithoutColoursOrSecrets) {
  const ProgramResult diff = Check("oversized.yaml", {"-o", "diff"});
  EXPECT_NE(diff.out.find("\n-    memory: \"60g\"\n"), std::string::npos) << diff.out;
  const ProgramResult text = Check("oversized.yaml", {});
  EXPECT_EQ((diff.out + text.out).find('\x1b'), std::string::npos);
  EXPECT_EQ(text.out.find("never-shown"), std::string::npos);
  EXPECT_NE(Check("good.yaml", {"-o", "yaml"}).out.find("cpuLimitMillis: null\n"),
            std::string::npos);
}

TEST(CliCheck, EveryExampleOfBothOperatorsReads) {
  const std::filesystem::path folder =
      std::filesystem::path(BALLAST_SOURCE_DIR) / "../shared/examples";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "the examples are not beside it";
  int read = 0;
  for (const char* part : {"kubeflow", "apache"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / part)) {
      const ProgramResult got = Ballast({"check", "-f", entry.path().string()});
      EXPECT_EQ(got.status, 0) << entry.path() << got.err;
      ++read;
    }
  }
  EXPECT_GT(read, 30);
}

}  // namespace
}  // namespace ballast::tests
