// `ballast policy test` as a user meets it.

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

namespace fs = std::filesystem;

const char kExample[] = BALLAST_SOURCE_DIR "/docs/examples/policy-tests";

ProgramResult RunCases(const std::string& folder, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {BallastBinary(), "policy", "test", folder});
  return RunProgram(more);
}

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// A copy of the docs' example that a test may change.
class CliPolicyTest : public ::testing::Test {
 protected:
  std::string folder_ = testing::TempDir() + "policy-test-" + std::to_string(getpid());

  void SetUp() override {
    fs::remove_all(folder_);
    fs::copy(kExample, folder_, fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& file, const std::string& text) {
    fs::create_directories(fs::path(folder_ + "/" + file).parent_path());
    std::ofstream(folder_ + "/" + file) << text;
  }
  std::string Read(const std::string& file) {
    std::ifstream stream(folder_ + "/" + file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }
  std::string Named(const std::string& text) { return Replaced(text, folder_, "DIR"); }
};

TEST_F(CliPolicyTest, TheDocsExamplePasses) {
  const ProgramResult got = RunCases(kExample);
  EXPECT_EQ(got.status, 0) << got.out << got.err;
  EXPECT_EQ(got.out,
            "ok     fits\n"
            "ok     team-b/two-jobs\n"
            "ok     too-many-cores\n"
            "3 cases: 3 passed\n");
  EXPECT_EQ(got.err, "");
  // One case alone has no policy of the folder above: nothing is rewritten then.
  EXPECT_EQ(RunCases(std::string(kExample) + "/too-many-cores").status, 1);
  EXPECT_EQ(RunCases(std::string(kExample) + "/too-many-cores",
                     {"--policy", std::string(kExample) + "/policy.yaml", "--cluster",
                      std::string(kExample) + "/cluster.yaml"})
                .status,
            0);
}

TEST_F(CliPolicyTest, AStricterPolicyFailsWithADifference) {
  Write("policy.yaml", Replaced(Read("policy.yaml"), "max: 16g", "max: 5g"));
  const ProgramResult got = RunCases(folder_);
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.err, "");
  const std::string want =
      "FAIL   fits: An ordinary job is left alone.\n"
      "  DIR/fits/expect.yaml:1:1: SparkApplication default/daily is not judged as expected\n"
      "  --- expected\n"
      "  +++ got\n"
      "  @@ -1,2 +1,5 @@\n"
      "  -verdict: Admitted\n"
      "  -findings: []\n"
      "  +verdict: Rewritten\n"
      "  +findings:\n"
      "  +- rule: executor-shape\n"
      "  +  action: Rewrite\n"
      "  +  message: \"";
  EXPECT_TRUE(Named(got.out).starts_with(want)) << got.out;
  EXPECT_NE(got.out.find("3 cases: 1 passed, 2 failed\n"), std::string::npos) << got.out;
}

TEST_F(CliPolicyTest, MistakesAreStatus2AndTheOtherCasesRun) {
  Write("fits/expect.yaml", "verdict: Admited\n");
  Write("too-many-cores/policy.yaml", "kind: SparkResourcePolicy\n");
  const ProgramResult got = RunCases(folder_);
  EXPECT_EQ(got.status, 2);
  const std::string out = Named(got.out);
  EXPECT_TRUE(
      out.starts_with("ERROR  fits\n"
                      "  DIR/fits/expect.yaml:1:10: verdict is 'Admited'; did you mean Admitted?\n"
                      "ok     team-b/two-jobs\n"
                      "ERROR  too-many-cores: Executors of 8 cores become twice as many of 4.\n"
                      "  DIR/too-many-cores/policy.yaml:1:1: apiVersion is missing"))
      << out;
  EXPECT_TRUE(out.ends_with("3 cases: 1 passed, 2 with a mistake\n")) << out;
}

TEST_F(CliPolicyTest, NothingIsLeftUntestedInSilence) {
  struct Case {
    const char* file;
    const char* text;
    const char* want;  // on either stream
  };
  const Case kCases[] = {
      {"new/job.yaml", "kind: Pod\n",
       "DIR/new/job.yaml: has no expect.yaml beside it: nothing would be held"},
      {"fits/expect.yml", "verdict: Admitted\n",
       "DIR/fits/expect.yml: stands beside DIR/fits/expect.yaml: keep one of them"},
      {"empty/expect.yaml", "verdict: Admitted\n",
       "DIR/empty/expect.yaml: has no manifest beside it: put the job's there"},
      {"team-b/two-jobs/expect.yaml", "documents: [{name: small, verdict: Admitted}]\n",
       "SparkApplication default/hopeless is in no expectation of the case"},
      {"team-b/two-jobs/expect.yaml", "verdict: Admitted\n",
       "expect.yaml:1:1: is about 2 objects: write documents: [{name, verdict}, ...]"},
      {"team-b/two-jobs/expect.yaml",
       "documents: [{name: small, verdict: Admitted}, {name: smal, verdict: Admitted}]\n",
       "expect.yaml:1:47: no object of the manifests is so named"},
  };
  for (const Case& one : kCases) {
    SetUp();
    Write(one.file, one.text);
    const ProgramResult got = RunCases(folder_);
    EXPECT_EQ(got.status, 2) << one.file;
    EXPECT_NE(Named(got.out + got.err).find(one.want), std::string::npos) << got.out << got.err;
  }
  const ProgramResult none = RunCases(folder_ + "/none");
  EXPECT_EQ(none.status, 2);
  EXPECT_NE(none.err.find("/none: cannot be read: No such file"), std::string::npos) << none.err;
}

TEST_F(CliPolicyTest, ExceptionsEndByTheDateOfTheCase) {
  Write("policy.yaml", Read("policy.yaml") +
                           "  exceptions: {namespaceSelector: {}, rules: [executor-shape], "
                           "maxDuration: 365d}\n---\n"
                           "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
                           "metadata: {name: e, namespace: default, creationTimestamp: "
                           "2026-12-01T00:00:00Z}\n"
                           "spec: {rules: [executor-shape], until: 2026-12-31, reason: a try}\n");
  Write("too-many-cores/expect.yaml", "verdict: Exempt\ndate: 2026-12-31\n");
  const ProgramResult lifted = RunCases(folder_);
  EXPECT_EQ(lifted.status, 0) << lifted.out << lifted.err;
  Write("too-many-cores/expect.yaml", "verdict: Rewritten\ndate: 2027-01-01\n");
  const ProgramResult over = RunCases(folder_);
  EXPECT_EQ(over.status, 0) << over.out << over.err;
}

TEST_F(CliPolicyTest, JsonHasTheSame) {
  Write("fits/expect.yaml", "description: no\nverdict: Rejected\n");
  const ProgramResult got = RunCases(folder_, {"-o", "json"});
  EXPECT_EQ(got.status, 1);
  const auto report = k8s::ParseJson(got.out);
  EXPECT_EQ(report["kind"], "PolicyTestReport");
  EXPECT_EQ(report["summary"]["cases"], 3);
  EXPECT_EQ(report["summary"]["failed"], 1);
  EXPECT_EQ(report["cases"][0]["status"], "failed");
  EXPECT_EQ(report["cases"][0]["differences"][0]["got"], "verdict: Admitted\n");
  EXPECT_EQ(report["cases"][0]["differences"][0]["object"], "SparkApplication default/daily");
}

// By libxml2, which is what GitLab reads such a report with: well-formed, of the form that CI
// servers take, and with the very texts that were put in.
TEST_F(CliPolicyTest, JunitIsWhatCiServersRead) {
  const std::string odd = "a \"quoted\" <tag> & 'x' \xE2\x82\xAC";
  fs::rename(folder_ + "/fits", folder_ + "/" + odd);
  Write(odd + "/expect.yaml", "description: \"]]> <b> \\x01 \\n &amp;\"\nverdict: Rejected\n");
  Write("bad-bytes-\xFF/expect.yaml", "verdict: Admited\n");
  Write("team-b/" + odd + "/expect.yaml", "verdict: Admitted\n");
  const ProgramResult got = RunCases(folder_, {"-o", "junit"});
  EXPECT_EQ(got.status, 2);
  const std::string file = folder_ + "-report.xml";
  std::ofstream(file) << got.out;
  const ProgramResult valid = RunProgram(
      {"xmllint", "--noout", "--nonet", "--schema", TestData("policy_test/junit.xsd"), file});
  EXPECT_EQ(valid.status, 0) << valid.err << "(scripts/install-deps.sh installs xmllint)\n"
                             << got.out;
  const auto read = [&](const std::string& path) {
    const ProgramResult result = RunProgram({"xmllint", "--xpath", path, file});
    EXPECT_EQ(result.status, 0) << result.err;
    return result.out;
  };
  EXPECT_EQ(read("string(//testcase[failure]/@name)"), odd + "\n");
  EXPECT_EQ(read("string(//testcase[failure]/@classname)"), folder_ + "\n");
  EXPECT_EQ(read("string(/testsuites/@tests)"), "5\n");
  EXPECT_EQ(read("count(//testcase)"), "5\n");
  EXPECT_EQ(read("count(//testcase[failure])"), "1\n");
  EXPECT_EQ(read("count(//testcase[error])"), "2\n");
  EXPECT_EQ(read("string(/testsuites/testsuite/@errors)"), "2\n");
  EXPECT_TRUE(read("string(//failure)").starts_with("]]> <b> \xEF\xBF\xBD \n &amp;\n"));
  EXPECT_EQ(read("string(//testcase[starts-with(@name, 'bad')]/@name)"),
            "bad-bytes-\xEF\xBF\xBD\n");
  fs::remove(file);
  // The schema does refuse: what Jenkins' plugin does not know, and two cases of one name.
  for (const char* wrong : {"file=\"x\"", "time=\"1,0\""}) {
    std::ofstream(file) << Replaced(got.out, "time=\"0.", std::string(wrong) + " tame=\"0.");
    EXPECT_NE(
        RunProgram({"xmllint", "--noout", "--schema", TestData("policy_test/junit.xsd"), file})
            .status,
        0);
  }
  fs::remove(file);
}

}  // namespace
}  // namespace ballast::tests
