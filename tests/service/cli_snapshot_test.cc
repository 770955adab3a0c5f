// Quotas, `ballast snapshot` and what is made of one, as a user meets them.

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

using nlohmann::json;

std::string Data(const std::string& name) { return TestData("cli/" + name); }

ProgramResult Ballast(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), BallastBinary());
  return RunProgram(arguments);
}

// Of this process alone, since several may run these tests at once.
std::string Temporary(const std::string& name) {
  return testing::TempDir() + "cli-snapshot-" + std::to_string(getpid()) + "-" + name;
}

std::string DemoCluster() { return std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/cluster.yaml"; }

std::string ReadFile(const std::string& name) {
  std::ifstream file(name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const char kTooMuch[] =
    "the quota compute allows less than the driver and 4 executors need: requests.memory 2432Mi + "
    "4 "
    "x 31539Mi = 128588Mi of 100Gi; at most 3 executors fit beside the driver";

std::vector<std::string> QuotaCheck(std::vector<std::string> more) {
  std::vector<std::string> arguments = {"check", "-f", Data("quota-job.yaml"), "-o", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(CliQuota, IsWarnedOfAndRefusedWherePolicySaysSo) {
  const ProgramResult warned = Ballast(QuotaCheck({"--namespaces", Data("namespaces.yaml")}));
  EXPECT_EQ(warned.status, 0) << warned.err;
  const json admitted = k8s::ParseJson(warned.out);
  EXPECT_EQ(admitted["verdict"], "Admitted");
  EXPECT_TRUE(Has(k8s::PrintJson(admitted["findings"]), kTooMuch))
      << k8s::PrintJson(admitted["findings"], 1);

  const ProgramResult refused = Ballast(
      QuotaCheck({"--namespaces", Data("namespaces.yaml"), "--policy", Data("policy-quota.yaml")}));
  EXPECT_EQ(refused.status, 1) << refused.err;
  EXPECT_TRUE(Has(k8s::PrintJson(k8s::ParseJson(refused.out)["findings"]), kTooMuch));

  // Nothing is known of the namespace: nothing is said.
  EXPECT_FALSE(Has(Ballast(QuotaCheck({})).out, "quota compute"));
}

class CliSnapshot : public ::testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"snapshot.json", "policy.yaml"}) {
      std::filesystem::remove(Temporary(name));
    }
  }
  std::string file_ = Temporary("snapshot.json");

  void SetUp() override {
    const ProgramResult taken =
        Ballast({"snapshot", "-f", Data("quota-job.yaml"), "-f", Data("many.yaml"), "--policy",
                 Data("policy-quota.yaml"), "--cluster", DemoCluster(), "--namespaces",
                 Data("namespaces.yaml"), "-o", file_});
    ASSERT_EQ(taken.status, 0) << taken.err;
    EXPECT_EQ(taken.out, file_ +
                             ": policies 1, exceptions 0, classes of nodes 1, namespaces 1, "
                             "applications 3\n");
  }
};

TEST_F(CliSnapshot, GivesTheDecisionsOfItsInputs) {
  const std::vector<std::string> inputs = {"--policy",     Data("policy-quota.yaml"),
                                           "--cluster",    DemoCluster(),
                                           "--namespaces", Data("namespaces.yaml")};
  for (const char* job : {"quota-job.yaml", "good.yaml", "many.yaml", "oversized.yaml"}) {
    std::vector<std::string> live = {"check", "-f", Data(job), "-o", "json"};
    std::vector<std::string> later = live;
    live.insert(live.end(), inputs.begin(), inputs.end());
    later.insert(later.end(), {"--snapshot", file_});
    const ProgramResult want = Ballast(live);
    const ProgramResult got = Ballast(later);
    EXPECT_EQ(got.status, want.status) << job << got.err;
    EXPECT_EQ(got.out, want.out) << job;
  }
}

TEST_F(CliSnapshot, HoldsNoSecrets) {
  const std::string text = ReadFile(file_);
  EXPECT_FALSE(Has(text, "hush"));
  EXPECT_FALSE(Has(text, "s3a"));
  const json snapshot = k8s::ParseJson(text);
  EXPECT_EQ(snapshot["kind"], "Snapshot");
  EXPECT_EQ(snapshot["applications"][0]["name"], "sessions");
  EXPECT_EQ(snapshot["namespaces"]["team-a"]["resourceQuotas"][0]["hard"]["pods"], "50");
}

TEST_F(CliSnapshot, TellsWhoseVerdictAPolicyChanges) {
  const ProgramResult same =
      Ballast({"policy", "diff", Data("policy.yaml"), Data("policy.yaml"), "--snapshot", file_});
  EXPECT_EQ(same.status, 0) << same.err;

  const ProgramResult differs =
      Ballast({"policy", "diff", Data("policy.yaml"), Data("policy-quota.yaml"), "--snapshot",
               file_, "-n", "team-a"});
  EXPECT_EQ(differs.status, 1) << differs.err;
  EXPECT_TRUE(Has(differs.out, "SparkApplication team-a/sessions: ")) << differs.out;
  EXPECT_TRUE(Has(differs.out, "-> Rejected")) << differs.out;
  EXPECT_TRUE(Has(differs.out, "1 of 2 applications would be judged otherwise")) << differs.out;
}

// What the snapshot did not keep would look unset, so nothing is said of it.
TEST_F(CliSnapshot, RefusesAPolicyThatNamesASettingItDoesNotHold) {
  const std::string policy = Temporary("policy.yaml");
  std::ofstream(policy) << "apiVersion: policy.ballast.dev/v1alpha1\n"
                           "kind: SparkResourcePolicy\n"
                           "metadata: {name: p}\n"
                           "spec: {settings: [{key: spark.my.level, required: true}]}\n";
  const ProgramResult result =
      Ballast({"policy", "diff", Data("policy.yaml"), policy, "--snapshot", file_});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.err,
            "ballast: snapshot: does not hold spark.my.level, which a policy names: take one with "
            "--setting spark.my.level\n");
}

TEST_F(CliSnapshot, ShowsThePolicyOfANamespace) {
  const ProgramResult named =
      Ballast({"policy", "show", "--snapshot", file_, "-n", "team-a", "-o", "json"});
  EXPECT_EQ(named.status, 0) << named.err;
  EXPECT_TRUE(Has(k8s::PrintJson(k8s::ParseJson(named.out)["policies"]), "quotas-bind"))
      << named.out;
  const ProgramResult other =
      Ballast({"policy", "show", "--snapshot", file_, "-n", "team-b", "-o", "json"});
  EXPECT_FALSE(Has(other.out, "quotas-bind"));
}

TEST(CliInputs, SaysWhatIsMissing) {
  const ProgramResult nothing =
      Ballast({"policy", "diff", Data("policy.yaml"), Data("policy.yaml")});
  EXPECT_EQ(nothing.status, 2);
  EXPECT_EQ(nothing.err,
            "ballast: policy diff: needs -f FILE, --snapshot FILE or a cluster (--context, "
            "KUBECONFIG)\n");
  const ProgramResult both =
      Ballast({"check", "-f", Data("good.yaml"), "--snapshot", "x", "--cluster", "y"});
  EXPECT_EQ(both.status, 2);
  const ProgramResult none = Ballast({"check", "-f", Data("good.yaml"), "--snapshot", "missing"});
  EXPECT_EQ(none.status, 2);
  EXPECT_TRUE(Has(none.err, "missing: cannot be opened")) << none.err;
  // Policies and nodes say nothing about memory, so explain takes neither.
  EXPECT_EQ(Ballast({"explain", "-f", Data("good.yaml"), "--cluster", DemoCluster()}).status, 2);
}

}  // namespace
}  // namespace ballast::tests
